import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { builtProgram } from '../built-program.ts'

const UNTIL_SIGNAL = pathToFileURL(builtProgram('src/service/until-signal')).href

/** A process whose service never stops. */
function start(stopMs: number) {
  const program = `
    import { untilSignal } from '${UNTIL_SIGNAL}'
    const stop = () => new Promise((resolve) => setTimeout(resolve, 600_000))
    const log = (entry) => console.log(JSON.stringify(entry))
    untilSignal({ stop }, { log, stopMs: ${stopMs} })
    // What waits for a signal keeps no process alive; a server does.
    setInterval(() => undefined, 60_000)
    console.log('ready')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program])
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString('utf8')))
  const says = async (word: string) => {
    while (!output.includes(word)) await wait(5)
  }
  return { child, says, exited: once(child, 'exit'), output: () => output }
}

it('a second signal ends a stop that does not end', async () => {
  const { child, says, exited, output } = start(600_000)
  await says('ready')
  child.kill('SIGTERM')
  await says('"service.stopping","signal":"SIGTERM"')
  // The same Ctrl+C may come twice; later it is meant.
  child.kill('SIGINT')
  await wait(600)
  expect(output()).not.toContain('forced')
  child.kill('SIGINT')
  expect(await exited).toEqual([1, null])
  expect(output()).toContain('service.forced')
})

it('a stop that takes too long is forced', async () => {
  const { child, says, exited, output } = start(1)
  await says('ready')
  child.kill('SIGINT')
  expect(await exited).toEqual([1, null])
  expect(output()).toContain('service.forced')
})
