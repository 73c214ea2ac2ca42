import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import type { DemoKeys } from '../../src/demo/demo-keys.ts'
import { demoRegister } from '../../src/demo/people.ts'
import { readRegistryEntry } from '../../src/registry/read-registry-entry.ts'
import { builtProgram } from '../built-program.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MAIN = builtProgram('src/main')

let folder: string
let data: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qingfen-demo-'))
  data = join(folder, 'data')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

async function start(...args: readonly string[]): Promise<Ended> {
  try {
    const command = [MAIN, '--data', data, ...args]
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command, { cwd: ROOT })
    return { code: 0, stdout, stderr }
  } catch (error) {
    return error as Ended
  }
}

/** Started and staying up, when it has said that it runs. */
async function running() {
  const child = spawn(process.execPath, [MAIN, '--data', data, '--port', '0'], { cwd: ROOT })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  let output = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString('utf8')
      if (output.includes('openapi')) resolve()
    })
    void exited.then(() => {
      reject(new Error(`it ended: ${output}`))
    })
  })
  return { child, exited, output: () => output }
}

it('--once settles the real bills over WebSocket, as published, and ends; the second start answers from the ledger', async () => {
  const first = await start('--once')
  expect([first.code, first.stderr]).toEqual([0, ''])
  expect(first.stdout.match(/✓/g)).toHaveLength(12)
  expect(first.stdout).not.toContain('✗')
  expect(first.stdout.match(/settled by a terminal over WebSocket/g)).toHaveLength(4)
  expect(first.stdout).toContain('Verified: all 5 settlements recomputed, no difference.')
  const file = join(data, 'demo-keys.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const keys = readFileSync(file, 'utf8')
  const second = await start('--once')
  expect([second.code, second.stderr]).toEqual([0, ''])
  expect(second.stdout.match(/settled before: answered from the ledger/g)).toHaveLength(4)
  expect(readFileSync(file, 'utf8')).toBe(keys)
  const news = /.*(结算编号|ledger as S).*\n/g
  expect(second.stdout.replaceAll(news, '')).toBe(first.stdout.replaceAll(news, ''))
  rmSync(file)
  const third = await start('--once')
  expect(third.code).toBe(1)
  expect(third.stderr).toContain('DEMO_KEYS_UNUSABLE')
})

it('stays up; what it says to try works as it is printed; it stops when it is told to', async () => {
  const { child, exited, output } = await running()
  const command = /^ +(node examples\/raw-terminal\.mjs .*)$/m.exec(output())?.[1] ?? ''
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: ROOT })
  expect(stdout).toContain('nanchang-employee-fund pays 165.00')
  expect(stdout).toContain('asked again: repeat true, the same answer')
  const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(output())?.[1] ?? ''
  const keys = JSON.parse(readFileSync(join(data, 'demo-keys.json'), 'utf8')) as DemoKeys
  for (const [id, word] of [
    ['operator-1', 'H-DEMO'],
    ['insurer-yukuaibao', '"amount":1200000'],
    ['auditor-1', 'demo-visit'],
  ] as const) {
    const address =
      new RegExp(`\\["${id}"\\].* "?(http:[^\\s"]+)"?$`, 'm').exec(output())?.[1] ?? ''
    const headers = { authorization: `Bearer ${keys[id] ?? ''}` }
    const answer = await fetch(address, { headers })
    expect([id, answer.status]).toEqual([id, 200])
    expect(await answer.text()).toContain(word)
  }
  for (const path of ['/health', '/metrics', '/v1/openapi.json']) {
    expect(output()).toContain(`${port}${path}`)
    expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(200)
  }
  expect((await start('--once')).stderr).toContain('STORE_IN_USE')
  data = join(folder, 'other')
  const taken = await start('--port', port)
  expect([taken.code, taken.stdout]).toEqual([1, ''])
  expect(taken.stderr).toContain('LISTEN_FAILED')
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
})

it('an option that it does not have is refused with those that it has', async () => {
  const ended = await start('--prot', '1')
  expect(ended.code).toBe(2)
  expect(ended.stderr).toContain('--port N')
  expect((await start('--port', '70000')).code).toBe(2)
})

it('the register of the demonstration is the same each time, right, and without names', () => {
  const register = demoRegister()
  expect(demoRegister()).toEqual(register)
  expect(register).toHaveLength(301)
  for (const [kind, tree] of register) expect(readRegistryEntry(kind, tree).ok).toBe(true)
  expect(JSON.stringify(register)).not.toMatch(/name|\p{Script=Han}/u)
})
