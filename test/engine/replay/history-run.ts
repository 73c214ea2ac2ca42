import { openEngine, type Engine } from '../../../src/engine/open-engine.ts'
import { replayLedger, type LedgerReplay } from '../../../src/engine/replay/replay-ledger.ts'
import type { ReplayReport } from '../../../src/engine/replay/replay-report.ts'
import type { EngineReply } from '../../../src/engine/request.ts'
import type { CompiledPacks } from '../../../src/engine/rule-sets.ts'
import { TABLES, type Store } from '../../../src/engine/ports.ts'
import { MemoryRows } from '../../../src/store/memory-rows.ts'
import type { RowPut } from '../../../src/store/row-store.ts'
import { openMemoryStore } from '../../../src/store/memory-store.ts'
import { dayOfIso, startOf } from '../../model/days.ts'
import type { History, Step } from '../../model/history.ts'
import { CHANGES, REGISTER } from '../../model/register.ts'
import { PLACES } from '../../model/rules.ts'
import { firstPackOf, packOf, resolved } from '../../model/run-engine.ts'
import { given } from '../../store/places.ts'

export const COMPILED_PACKS: CompiledPacks = new Map()
export const BASE_AT = startOf(dayOfIso('2025-12-01'))

export interface Version {
  readonly jurisdiction: string
  readonly hash: string
}

const bases = new Map<string, Promise<readonly RowPut[]>>()

/** The rows of a ledger with rules and register and nothing settled; made once for each list of versions. */
async function baseRows(active: readonly Version[]): Promise<readonly RowPut[]> {
  const name = active.map(({ hash }) => hash).join(' ')
  const known = bases.get(name)
  if (known !== undefined) return known
  const made = makeBase(active)
  bases.set(name, made)
  return made
}

async function makeBase(active: readonly Version[]): Promise<readonly RowPut[]> {
  const rows = new MemoryRows()
  const run = await HistoryRun.open(rows)
  await run.install(active)
  await run.engine.close()
  return TABLES.flatMap((table) =>
    [...rows.range(table, {})].map(({ key, value }) => ({ table, key, value })),
  )
}

/** A ledger of its own with the rules and the register of the model, and a clock that the test sets. */
export class HistoryRun {
  readonly store: Store
  readonly engine: Engine
  readonly replies: (EngineReply | undefined)[] = []
  #now = BASE_AT

  private constructor(store: Store, engine: (clock: () => number) => Engine) {
    this.store = store
    this.engine = engine(() => this.#now)
  }

  /** `active`: versions that are active from their first day on, beside those of the model. */
  static async start(active: readonly Version[] = []): Promise<HistoryRun> {
    const rows = new MemoryRows()
    await rows.commit(await baseRows(active))
    return HistoryRun.open(rows)
  }

  static async open(rows: MemoryRows): Promise<HistoryRun> {
    const store = openMemoryStore(rows)
    let now: () => number = () => BASE_AT
    const engine = given(
      await openEngine({
        store,
        clock: () => now(),
        compiled: COMPILED_PACKS,
        onDefect: (error) => {
          throw error
        },
      }),
    )
    return new HistoryRun(store, (clock) => {
      now = clock
      return engine
    })
  }

  async install(active: readonly Version[]): Promise<void> {
    const { rules } = this.engine
    for (const { profile, packs, later, jurisdiction } of PLACES) {
      given(await rules.publish({ profile, packs: [...packs, ...later] }))
      for (const { hash, effective } of packs) {
        given(await rules.activate({ jurisdiction, pack: hash, from: effective.from }))
      }
    }
    for (const { jurisdiction, hash } of active) {
      given(await rules.activate({ jurisdiction, pack: hash, from: dayOfIso('2023-01-01') }))
    }
    given(await this.engine.registry('base', REGISTER))
  }

  setClock(at: number): void {
    this.#now = at
  }

  async run({ start, steps }: History): Promise<void> {
    this.setClock(start)
    await this.runOn({ steps })
  }

  /** Goes on where the clock is. */
  async runOn({ steps }: Pick<History, 'steps'>): Promise<void> {
    for (const step of steps) this.replies.push(await this.#step(step))
  }

  async #step(step: Step): Promise<EngineReply | undefined> {
    const { engine } = this
    switch (step.kind) {
      case 'nothing':
        return undefined
      case 'clock':
        this.setClock(step.at)
        return undefined
      case 'registry':
        await engine.registry(
          'history',
          step.changes.flatMap((index) => CHANGES[index] ?? []),
        )
        return undefined
      case 'activate': {
        const { jurisdiction, pack } = packOf(step)
        await engine.rules.activate({ jurisdiction, pack: pack.hash, from: dayOfIso(step.from) })
        return undefined
      }
      case 'suspend':
      case 'resume': {
        const { jurisdiction, hash } = firstPackOf(step)
        await engine.rules[step.kind](jurisdiction, hash)
        return undefined
      }
      case 'rollBack': {
        const { jurisdiction, pack } = packOf(step)
        await engine.rules.rollBack({ jurisdiction, pack: pack.id })
        return undefined
      }
      case 'request': {
        const { operation, hospital, requestId, body } = step
        return engine.submit({
          operation,
          hospital,
          requestId,
          body: resolved(body, this.replies),
        })
      }
    }
  }
}

export function replayed(store: Store, options: LedgerReplay): ReplayReport {
  const steps = replayLedger(store, { compiled: COMPILED_PACKS, ...options })
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** What each payer has paid by the balances of the ledger, the hospitals' own parts under `hospital`. */
export function paidByBalances({
  engine,
}: Pick<HistoryRun, 'engine'>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { from, amount } of engine.balances()) {
    const [kind = '', id = ''] = from.split(':')
    if (kind === 'patient') continue
    const payer = kind === 'hospital' ? 'hospital' : id
    sums.set(payer, (sums.get(payer) ?? 0) + amount)
  }
  return new Map([...sums].filter(([, amount]) => amount !== 0))
}

/** What a report says each payer pays, fixed benefits among it. */
export function paidByReport(
  { payers, fixed }: ReplayReport,
  side: 'before' | 'after',
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const change of [...payers, ...fixed]) {
    sums.set(change.payer, (sums.get(change.payer) ?? 0) + change[side])
  }
  return new Map([...sums].filter(([, amount]) => amount !== 0))
}
