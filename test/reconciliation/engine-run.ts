import { formatEpochDay } from '../../src/catalog/epoch-day.ts'
import { openEngine, type Engine } from '../../src/engine/open-engine.ts'
import type { EngineRequest } from '../../src/engine/request.ts'
import type { Store } from '../../src/engine/ports.ts'
import { recordsOf } from '../../src/engine/store-rows.ts'
import { dayOf } from '../../src/ledger/days.ts'
import type { LedgerRecord } from '../../src/ledger/record.ts'
import type { ToldAnswer } from '../../src/reconciliation/told-book.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { accepted } from '../conformance/rules.ts'
import { Chance } from '../hostile/chance.ts'
import { HOSPITALS, Load, PERSONS, START } from '../crash/load.ts'
import { installTown, personEntry } from '../crash/town.ts'
import type { EngineRun } from './three-books.ts'

const CLIENTS = 3
const STEP_MS = 12 * 60_000
/** Until the register of so many is changed for the past. */
const CHANGED_PERSONS = 6

/** A run of the engine that ended, with everything that was said in it. */
export interface DaysRun extends EngineRun {
  readonly store: Store
  readonly engine: Engine
  /** Accounting days that have entries, in order. */
  readonly days: readonly number[]
}

/**
 * `count` requests of every operation at two hospitals over some days, most of which close while the work goes on; in the middle the
 * register is changed for the past. The seed decides it wholly.
 */
export async function daysRun(seed: number, count: number): Promise<DaysRun> {
  let now = START
  const store = openMemoryStore()
  const engine = accepted(
    await openEngine({ store, clock: () => now, onDefect: raise }),
    'the engine opens',
  )
  await installTown(engine)
  const chance = new Chance(seed)
  const loads = Array.from({ length: CLIENTS }, (_, index) => new Load(`c${index}`, seed + index))
  const told: ToldAnswer[] = []
  for (let step = 0; step < count; step += 1) {
    now += chance.below(2 * STEP_MS)
    const load = loads[chance.below(CLIENTS)]
    if (load === undefined) continue
    const request = load.next(now)
    const reply = await engine.submit(request)
    load.learn(request, reply)
    told.push({ ...request, answer: reply.kind === 'answer' ? reply.answer : {} })
    if (step === Math.floor(count / 2)) await changeRegister(engine)
    if (chance.below(40) === 0) await engine.submit(closing(step, dayOf(now) - 1))
  }
  const records = journalOf(store)
  const days = [...new Set(records.flatMap((one) => ('postings' in one ? [one.day] : [])))]
  return { store, engine, records, told, days: days.toSorted((left, right) => left - right) }
}

function raise(error: unknown): never {
  throw error
}

function closing(step: number, day: number): EngineRequest {
  const body = { day: formatEpochDay(day) }
  return { operation: 'closeDay', hospital: '', requestId: `close-${step}`, body }
}

/** Who was poor no longer is, and the other way round. */
async function changeRegister(engine: Engine): Promise<void> {
  const entries = PERSONS.slice(0, CHANGED_PERSONS).map((id, index) => {
    return { kind: 'person' as const, id, entry: personEntry(id, index, { isPoor: index % 3 > 0 }) }
  })
  accepted(await engine.registry('changes', entries), 'the register is changed')
}

export function journalOf(store: Store): readonly LedgerRecord[] {
  return [...store.range('journal')].flatMap(({ value }) => recordsOf(value))
}

/** What a hospital is answered about an accounting day. */
export async function dayTotalsOf(
  engine: Engine,
  hospital: (typeof HOSPITALS)[number],
  day: number,
): Promise<Readonly<Record<string, unknown>>> {
  const body = { day: formatEpochDay(day) }
  const reply = await engine.submit({ operation: 'dayTotals', hospital, requestId: '', body })
  if (reply.kind === 'refused') throw new Error(JSON.stringify(reply.problems))
  return reply.answer
}
