/**
 * Works on the ledger in DIRECTORY without end, until it is killed: `child.js`, then one line on the standard input, JSON of
 * `[directory, seed, start]`, `start` being where the clock begins, ms. Then a line for each request before it is submitted, `["sent", request]`, and one for each reply,
 * `["told", request id, hospital, reply]`. Writes to a pipe are synchronous: a line that was written is one that a client may have
 * seen.
 */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { assert } from '../../src/assert.ts'
import { openEngine } from '../../src/engine/open-engine.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { Load } from './load.ts'

const IN_FLIGHT = 16

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

const input = createInterface({ input: process.stdin })
const [line] = (await once(input, 'line')) as [string]
const [directory, seed, start] = JSON.parse(line) as [string, number, number]
const store = await openLedgerStore(directory)
assert(store.ok, `the ledger opens: ${JSON.stringify(store)}`)
let now = start
const opened = await openEngine({
  store: store.value,
  clock: () => now,
  onDefect: (error) => {
    throw error
  },
})
assert(opened.ok, 'the engine opens')
const engine = opened.value

async function client(number: number): Promise<void> {
  const load = new Load(`${seed}-${number}`, seed + number)
  for (;;) {
    now += 1_000
    const request = load.next(now)
    say(['sent', request])
    const reply = await engine.submit(request)
    load.learn(request, reply)
    say(['told', request.requestId, request.hospital, reply])
  }
}

await Promise.all(Array.from({ length: IN_FLIGHT }, async (_, number) => client(number)))
