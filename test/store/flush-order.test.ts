import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { builtProgram } from '../built-program.ts'
import { freshFolder } from './places.ts'

const COMMITS = 20
const hasStrace = spawnSync('strace', ['-f', '-e', 'trace=none', 'true']).status === 0

/** One system call that matters: what was done to the data file, or what the program printed. */
function eventsOf(trace: string): readonly string[] {
  // A call that another thread interrupts is on two lines; when it ended is what counts.
  const unfinished = new Map<string, string>()
  return trace.split('\n').flatMap((line) => {
    const thread = /^\d+/.exec(line)?.[0] ?? ''
    const begun = /^\d+ +(\w+\(.*) <unfinished \.\.\.>$/.exec(line)?.[1]
    if (begun !== undefined) {
      unfinished.set(thread, begun)
      return []
    }
    const resumed = /^\d+ +<\.\.\. \w+ resumed>(.*)$/.exec(line)?.[1]
    const call = resumed === undefined ? line : `${unfinished.get(thread) ?? ''}${resumed}`
    return eventOf(call)
  })
}

let dataSynced = ''

function eventOf(call: string): readonly string[] {
  const opened = /openat\(.*\/ledger\/data\.mdb".*O_DSYNC.*= (\d+)/.exec(call)?.[1]
  if (opened !== undefined) dataSynced = opened
  const printed = /write\(1<[^>]*>, "(begin|end) (\d+)\\n"/.exec(call)
  if (printed !== null) return [`${printed[1]} ${printed[2]}`]
  const done = /(\w+)\((\d+)<[^>]*\/ledger\/data\.mdb>.*= (\d+)$/.exec(call)
  if (done === null) return []
  const [, name = '', descriptor = '', result = ''] = done
  if (name === 'fdatasync') return [result === '0' ? 'flush' : 'flush failed']
  if (name !== 'pwrite64' && name !== 'writev' && name !== 'pwritev') return []
  return [descriptor === dataSynced ? 'meta page, flushed' : 'pages']
}

it.skipIf(!hasStrace)(
  'writes pages, flushes, writes the meta page flushed, and only then ends',
  () => {
    const directory = join(freshFolder(), 'ledger')
    const log = join(directory, '..', 'trace')
    const calls = 'trace=openat,write,writev,pwrite64,pwritev,fdatasync,fsync'
    const args = ['-f', '-y', '-s', '40', '-e', calls, '-o', log, process.execPath]
    const run = spawnSync('strace', [
      ...args,
      builtProgram('test/store/children/committer'),
      directory,
      String(COMMITS),
      '9000',
    ])
    expect(run.stdout.toString()).toContain('closed')
    const events = eventsOf(readFileSync(log, 'utf8'))
    for (let seq = 1; seq <= COMMITS; seq += 1) {
      const during = events.slice(events.indexOf(`begin ${seq}`) + 1, events.indexOf(`end ${seq}`))
      const once = during.filter((event, index) => event !== during[index - 1])
      expect(once, `commit ${seq}`).toEqual(['pages', 'flush', 'meta page, flushed'])
    }
    rmSync(join(directory, '..'), { recursive: true })
  },
)
