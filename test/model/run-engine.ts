import { openEngine, type Engine } from '../../src/engine/open-engine.ts'
import type { CompiledPacks } from '../../src/engine/rule-sets.ts'
import type { EngineReply } from '../../src/engine/request.ts'
import { MemoryRows } from '../../src/store/memory-rows.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import type { RowPut } from '../../src/store/row-store.ts'
import { accepted } from '../conformance/rules.ts'
import { objectOf } from './complete-bill.ts'
import { dayOfIso, startOf } from './days.ts'
import type { RequestStep, Step } from './history.ts'
import { fenOf, type Tree } from './model-split.ts'
import { yuan } from './generate-bill.ts'
import { CHANGES, REGISTER } from './register.ts'
import { PLACES } from './rules.ts'

/** Compiled once for all histories: compiling them takes longer than a history. */
const PACKS: CompiledPacks = new Map()

/** Before every history: the rules are published and active, the register is written. */
export const BASE_AT = startOf(dayOfIso('2025-12-01'))

/** Small, so that a history meets them. */
export const SETTINGS = { linesPerRequestMax: 3, linesPerStayMax: 6 }

const TABLES = [
  ...(['journal', 'request', 'holder', 'stay', 'unique', 'prepared', 'registry'] as const),
  ...(['balance', 'rules', 'audit', 'content', 'meta'] as const),
]

let base: Promise<readonly RowPut[]> | undefined

/** The rows of a ledger with rules and register and no settlement; made once, copied for each history. */
export async function baseRows(): Promise<readonly RowPut[]> {
  base ??= makeBaseRows()
  return base
}

async function makeBaseRows(): Promise<readonly RowPut[]> {
  const rows = new MemoryRows()
  const engine = await open(rows, () => BASE_AT)
  for (const { profile, packs, later, jurisdiction } of PLACES) {
    accepted(await engine.rules.publish({ profile, packs: [...packs, ...later] }), 'publish')
    for (const { hash, effective } of packs) {
      const activation = { jurisdiction, pack: hash, from: effective.from }
      accepted(await engine.rules.activate(activation), 'activate')
    }
  }
  accepted(await engine.registry('base', REGISTER), 'registry')
  await engine.close()
  return TABLES.flatMap((table) =>
    [...rows.range(table, {})].map(({ key, value }) => ({ table, key, value })),
  )
}

async function open(rows: MemoryRows, clock: () => number): Promise<Engine> {
  return accepted(
    await openEngine({ store: openMemoryStore(rows), clock, settings: SETTINGS, compiled: PACKS }),
    'open',
  )
}

/** An engine on a store of its own, with a clock that a history sets. */
export class EngineRun {
  readonly #rows = new MemoryRows()
  #engine: Engine | undefined
  #now = BASE_AT

  static async start(at: number): Promise<EngineRun> {
    const run = new EngineRun()
    await run.#rows.commit(await baseRows())
    run.#now = at
    await run.reopen()
    return run
  }

  /** The same store with a fresh engine. */
  async reopen(): Promise<void> {
    await this.#engine?.close()
    this.#engine = await open(this.#rows, () => this.#now)
  }

  get engine(): Engine {
    if (this.#engine === undefined) throw new Error('not open')
    return this.#engine
  }

  setClock(at: number): void {
    this.#now = at
  }

  async close(): Promise<void> {
    await this.engine.close()
  }

  /** Steps that are no requests; false: refused. */
  async operate(step: Exclude<Step, RequestStep>): Promise<boolean> {
    const { engine } = this
    switch (step.kind) {
      case 'nothing':
        return true
      case 'clock':
        this.setClock(step.at)
        return true
      case 'registry': {
        const entries = step.changes.flatMap((index) => CHANGES[index] ?? [])
        return (await engine.registry('history', entries)).ok
      }
      case 'activate': {
        const { jurisdiction, pack } = packOf(step)
        const activation = { jurisdiction, pack: pack.hash, from: dayOfIso(step.from) }
        return (await engine.rules.activate(activation)).ok
      }
      case 'suspend':
      case 'resume': {
        const { jurisdiction, hash } = firstPackOf(step)
        return (await engine.rules[step.kind](jurisdiction, hash)).ok
      }
      case 'rollBack': {
        const { jurisdiction, pack } = packOf(step)
        return (await engine.rules.rollBack({ jurisdiction, pack: pack.id })).ok
      }
    }
  }
}

export function firstPackOf({ place, pack }: { readonly place: number; readonly pack: number }) {
  const found = PLACES[place]
  const hash = found?.packs[pack]?.hash
  if (found === undefined || hash === undefined) throw new Error(`no pack ${place} ${pack}`)
  return { jurisdiction: found.jurisdiction, hash }
}

export function packOf({ place, later }: { readonly place: number; readonly later: number }) {
  const found = PLACES[place]
  const pack = found?.later[later]
  if (found === undefined || pack === undefined) throw new Error(`no pack ${place} ${later}`)
  return { jurisdiction: found.jurisdiction, pack }
}

/** The body with what earlier steps were answered in the place of `$…`. */
export function resolved(value: unknown, replies: readonly (EngineReply | undefined)[]): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, replies))
  if (typeof value !== 'object' || value === null) return value
  const tree = objectOf(value)
  const answer = (step: unknown): Tree => {
    const reply = replies[Number(step)]
    return reply?.kind === 'answer' ? reply.answer : {}
  }
  if (tree['$settlement'] !== undefined) {
    return answer(tree['$settlement'])['settlement'] ?? 'S000000888888'
  }
  if (tree['$expect'] !== undefined) return expectOf(answer(tree['$expect']), tree)
  if (tree['$platform'] !== undefined) return platformOf(answer(tree['$platform']), tree)
  return Object.fromEntries(
    Object.entries(tree).map(([key, member]) => [key, resolved(member, replies)]),
  )
}

function expectOf(answer: Tree, { add }: Tree): Tree {
  const patient = Number(objectOf(answer['patient'])['total'] ?? 0)
  const payers = Array.isArray(answer['payers']) ? answer['payers'].map(objectOf) : []
  const sums = new Map<string, number>()
  for (const { id, amount } of payers) {
    sums.set(String(id), (sums.get(String(id)) ?? 0) + Number(amount))
  }
  return {
    patient: yuan(patient + Number(add)),
    payers: Object.fromEntries([...sums].map(([id, amount]) => [id, yuan(amount)])),
  }
}

function platformOf(answer: Tree, { setlId, add }: Tree): Tree {
  const own = objectOf(answer['setlinfo'])
  const funds = fenOf(own['hifp_pay'] ?? 0) + Number(add)
  return { ...own, hifp_pay: yuan(funds), setl_id: setlId }
}
