/**
 * `committer.js DIRECTORY COMMITS BYTES`: opens a ledger, prints `opened` or the code of the refusal, then commits blocks 1, 2, 3 …
 * and prints each number when its commit has ended. A commit that fails is printed with its code; the next line on standard
 * input has it tried again. At the end it closes, unless COMMITS is 0: then it goes on until it is killed.
 */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { openLedgerStore } from '../../../src/store/lmdb-store.ts'
import { StoreFailed } from '../../../src/engine/store-failed.ts'

const [directory = '', commits = '0', bytes = '600', reserveBytes] = process.argv.slice(2)

function print(line: string): void {
  writeSync(1, `${line}\n`)
}

process.on('unhandledRejection', (error) => {
  print(`unhandled ${String(error)}`)
  process.exit(3)
})

const opened = await openLedgerStore(
  directory,
  reserveBytes === undefined ? {} : { reserveBytes: Number(reserveBytes) },
)
if (!opened.ok) {
  print(opened.problems.map(({ code }) => code).join(' '))
  process.exit(2)
}
const store = opened.value
print('opened')
const [last] = store.range('journal', { reverse: true, limit: 1 })
const first = last === undefined ? 1 : Number(last.key) + 1
const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
for (let seq = first; Number(commits) === 0 || seq < first + Number(commits); seq += 1) {
  for (;;) {
    try {
      print(`begin ${seq}`)
      await store.commit([
        { table: 'journal', key: seq, value: new Uint8Array(Number(bytes)).fill(seq) },
        {
          table: 'holder',
          key: `person:${(seq * 7919) % 100_003}`,
          value: new Uint8Array(600).fill(seq),
        },
      ])
      print(`end ${seq}`)
      break
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error
      const readable = store.count('journal') === seq - 1 && store.get('journal', seq) === undefined
      const found = [...store.range('journal')].length
      print(
        `${error.problem.code} ${seq} ${readable && found === seq - 1 ? 'readable' : 'not readable'}`,
      )
      if ((await input.next()).done === true) process.exit(0)
    }
  }
}
await store.close()
print('closed')
process.exit(0)
