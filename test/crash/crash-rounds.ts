import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert } from '../../src/assert.ts'
import { openEngine, type Engine } from '../../src/engine/open-engine.ts'
import { checkStore } from '../../src/store/check-store.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import type { SealedStore } from '../../src/store/sealed-store.ts'
import { accepted } from '../conformance/rules.ts'
import type { Chance } from '../hostile/chance.ts'
import { checkThreeBooks } from '../reconciliation/three-books.ts'
import { expectClean, journalOnceEach, sentAgain } from './checked-ledger.ts'
import { keyOf, WaitingChild, type Exchange, type Work } from './killed-run.ts'
import { START } from './load.ts'
import { installTown } from './town.ts'

/** Most answers before the kill, and most ms after the last of them. */
const ANSWERS = 60
const WORK_MS = 12
const ROUND_CLOCK_MS = 7 * 3_600_000
/** What a round checks grows with the ledger: after so many rounds a fresh one is begun. */
const ROUNDS_A_LEDGER = 10
/** Of earlier rounds, sent again in each. */
const SAMPLE = 20

export interface CrashResult {
  /** Answered before a kill. */
  readonly acknowledged: number
  /** Sent, and not answered before the kill. */
  readonly unanswered: number
  readonly records: number
}

/**
 * Kills a child at work `rounds` times with SIGKILL, at moments drawn from `chance`. After each kill the ledger is verified and
 * everything that was acknowledged is there. Now and then everything is sent once more, and what clients were told, the settlement
 * records and the journal agree. Throws at the first broken promise.
 */
export async function crashRounds(
  program: string,
  rounds: number,
  chance: Chance,
): Promise<CrashResult> {
  const result: Mutable<CrashResult> = { acknowledged: 0, unanswered: 0, records: 0 }
  const children = new Children(program)
  try {
    for (let left = rounds; left > 0; left -= ROUNDS_A_LEDGER) {
      await roundsOnOneLedger(children, Math.min(left, ROUNDS_A_LEDGER), chance, result)
    }
  } finally {
    children.stop()
  }
  return result
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** There is always one that waits for work. */
class Children {
  readonly #program: string
  #waiting: WaitingChild

  constructor(program: string) {
    this.#program = program
    this.#waiting = new WaitingChild(program)
  }

  async killedAtWork(work: Work): Promise<readonly Exchange[]> {
    const exchanges = await this.#waiting.killedAtWork(work)
    this.#waiting = new WaitingChild(this.#program)
    return exchanges
  }

  stop(): void {
    this.#waiting.stop()
  }
}

async function roundsOnOneLedger(
  children: Children,
  rounds: number,
  chance: Chance,
  result: Mutable<CrashResult>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'qingfen-crash-'))
  const known: Exchange[] = []
  let records = 0
  try {
    await opened(directory, START, async ({ engine }) => installTown(engine))
    for (let round = 1; round <= rounds; round += 1) {
      const start = START + round * ROUND_CLOCK_MS
      const seed = chance.below(1_000_000) * 100
      const answers = 1 + chance.below(ANSWERS)
      const milliseconds = chance.below(WORK_MS)
      const work = { directory, seed, start, answers, milliseconds }
      const seen = await children.killedAtWork(work)
      for (const { reply } of seen) result[reply === undefined ? 'unanswered' : 'acknowledged'] += 1
      await opened(directory, start, async ({ store, engine }) => {
        for (const step of checkStore(store)) {
          assert(step.kind === 'progress', `the store is whole: ${JSON.stringify(step)}`)
        }
        await expectClean(store, records)
        expectBooksAgree(store, [...known, ...seen])
        await sentAgain(engine, sampled(known, chance))
        known.push(...(await sentAgain(engine, seen)))
        records = journalOnceEach(store).length
      })
    }
    await opened(directory, START, async (last) => checkAll(last, known))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
  result.records += records
}

interface OpenLedger {
  readonly store: SealedStore
  readonly engine: Engine
}

async function opened(
  directory: string,
  now: number,
  work: (ledger: OpenLedger) => Promise<void>,
): Promise<void> {
  const store = accepted(await openLedgerStore(directory), 'the ledger opens')
  const engine = accepted(await openEngine({ store, clock: () => now }), 'the engine opens')
  try {
    await work({ store, engine })
  } finally {
    await engine.close()
    await store.close()
  }
}

async function checkAll({ store, engine }: OpenLedger, known: readonly Exchange[]): Promise<void> {
  await sentAgain(engine, known)
  await expectClean(store)
  expectBooksAgree(store, known)
}

/** What clients were told, the settlement records and the journal; of what was not answered clients know nothing. */
function expectBooksAgree(store: SealedStore, known: readonly Exchange[]): void {
  const unanswered = new Set<string>()
  const told = known.map(({ request, reply }) => {
    if (reply?.kind !== 'answer') unanswered.add(keyOf(request.hospital, request.requestId))
    return { ...request, answer: reply?.kind === 'answer' ? reply.answer : {} }
  })
  const [difference] = checkThreeBooks({ records: journalOnceEach(store), told, unanswered })
  assert(difference === undefined, `three books agree: ${JSON.stringify(difference)}`)
}

function sampled(known: readonly Exchange[], chance: Chance): readonly Exchange[] {
  return Array.from({ length: SAMPLE }, () => chance.anyOf(known)).filter(
    (one) => one !== undefined,
  )
}
