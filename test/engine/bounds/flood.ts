/**
 * `flood.js COUNT WAITING_MAX REPEAT`: submits COUNT settlements at once to an engine on a ledger of its own, where WAITING_MAX may wait;
 * with REPEAT `repeat`, one settlement that was answered before, COUNT times. Prints, as JSON, how they were answered, how many
 * refusals came before the first answer, and the memory in use when all that could be refused had been, bytes.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEngine } from '../../../src/engine/open-engine.ts'
import { openLedgerStore } from '../../../src/store/lmdb-store.ts'
import { accepted } from '../../conformance/rules.ts'
import { installPlant, NOW, plantRequest } from './shared-budget.ts'

const [count = 0, waitingMax = 0] = process.argv.slice(2, 4).map(Number)
const isRepeat = process.argv[4] === 'repeat'
const directory = mkdtempSync(join(tmpdir(), 'qingfen-flood-'))
const store = accepted(await openLedgerStore(directory), 'the ledger')
const engine = accepted(
  await openEngine({ store, clock: () => NOW, settings: { waitingMax } }),
  'the engine',
)
await installPlant(engine, 'group')
await engine.submit(plantRequest(0))

const seen = { answered: 0, repeats: 0, overloaded: 0, other: 0, refusedBeforeAnswers: 0 }
let [memory, settled] = [process.memoryUsage(), 0]
async function one(index: number): Promise<void> {
  const reply = await engine.submit(plantRequest(isRepeat ? 0 : index))
  if (reply.kind === 'answer') {
    seen[reply.repeat ? 'repeats' : 'answered'] += 1
    settled += 1
  } else if (reply.problems[0]?.code === 'OVERLOADED' && reply.retryAfterMs !== undefined) {
    seen.overloaded += 1
    if (settled === 0) seen.refusedBeforeAnswers += 1
  } else seen.other += 1
}
const running: Promise<void>[] = []
for (let index = 1; index <= count; index += 1) running.push(one(index))
const all = Promise.all(running.splice(0))
setImmediate(() => {
  globalThis.gc?.()
  memory = process.memoryUsage()
})
await all
const { maxRSS } = process.resourceUsage()
process.stdout.write(
  `${JSON.stringify({ ...seen, seq: engine.seq, heap: memory.heapUsed, maxRss: maxRSS * 1024 })}\n`,
)
await engine.close()
await store.close()
rmSync(directory, { recursive: true, force: true })
