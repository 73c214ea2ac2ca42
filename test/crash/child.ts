/**
 * Works on the ledger in DIRECTORY without end, until it is killed: `child.js`, then one line on the standard input, JSON of
 * `[directory, seed, start]`, `start` being where the clock begins, ms. Then a line for each request before it is submitted, `["sent", request]`, and one for each reply,
 * `["told", request id, hospital, reply]`. A line is written before anything else is done, also while nobody reads: one that a request
 * was sent, kept back in this process, would be gone with it, and what the request did would be nobody's.
 */
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { assert } from '../../src/assert.ts'
import { openEngine } from '../../src/engine/open-engine.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { Load } from './load.ts'

const IN_FLIGHT = 16
const STANDARD_OUTPUT = 1

function say(line: unknown): void {
  // `process.stdout` keeps back what a reader that lags has no room for; the file itself waits until there is room.
  writeSync(STANDARD_OUTPUT, `${JSON.stringify(line)}\n`)
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
