/**
 * `lost-pages.js DIRECTORY`: makes a ledger and overwrites all its pages but the two of its meta data with zeros while it is open.
 * Prints `lost`, then what each reading says, what two commits say, and the readings again.
 */
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { StoreFailed } from '../../../src/engine/store-failed.ts'
import { openLedgerStore } from '../../../src/store/lmdb-store.ts'

const META_BYTES = 2 * 4096

const [directory = ''] = process.argv.slice(2)
const opened = await openLedgerStore(directory)
if (!opened.ok) throw new Error(opened.problems[0]?.code)
const store = opened.value
for (let seq = 1; seq <= 40; seq += 1) {
  await store.commit([{ table: 'journal', key: seq, value: new Uint8Array(900).fill(seq) }])
}
const file = openSync(join(directory, 'data.mdb'), 'r+')
const lost = new Uint8Array(fstatSync(file).size - META_BYTES)
writeSync(file, lost, 0, lost.length, META_BYTES)
closeSync(file)
print('lost')
await readings()
const row = { table: 'journal', key: 41, value: new Uint8Array(900) } as const
for (const time of ['first', 'again']) {
  print(`${time} commit: ${await outcome(async () => store.commit([row]))}`)
}
await readings()
await store.close()
print('closed')

async function readings(): Promise<void> {
  print(`get: ${await outcome(() => store.get('journal', 3))}`)
  print(`range: ${await outcome(() => [...store.range('journal')])}`)
  print(`count: ${await outcome(() => store.count('journal'))}`)
}

async function outcome(use: () => unknown): Promise<string> {
  try {
    await use()
    return 'done'
  } catch (error) {
    if (!(error instanceof StoreFailed)) throw error
    return `${error.problem.code} ${String(error.problem.details['table'] ?? '')}`.trim()
  }
}

/** Said before the next thing is tried, whatever that does to the process. */
function print(line: string): void {
  writeSync(1, `${line}\n`)
}
