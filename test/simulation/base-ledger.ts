import { openEngine } from '../../src/engine/open-engine.ts'
import type { CompiledPacks } from '../../src/engine/rule-sets.ts'
import { MemoryRows } from '../../src/store/memory-rows.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { ROW_TABLES, type RowPut } from '../../src/store/row-store.ts'
import { accepted } from '../conformance/rules.ts'
import { dayOfIso, startOf } from '../model/days.ts'
import { REGISTER } from '../model/register.ts'
import { PLACES } from '../model/rules.ts'
import { Books } from './books.ts'

/** When the rules were published and the register was written. */
const BASE_AT = startOf(dayOfIso('2025-12-01'))

/** Packs compiled once for all engines of the process. */
export const COMPILED: CompiledPacks = new Map()

export interface BaseLedger {
  /** A copy of its own. */
  readonly rows: MemoryRows
  readonly books: Books
}

interface Base {
  readonly puts: readonly RowPut[]
  readonly books: Books
}

let base: Promise<Base> | undefined

/** A ledger with rules in force and a register, and no settlement. */
export async function baseLedger(): Promise<BaseLedger> {
  base ??= makeBase()
  const { puts, books } = await base
  const rows = new MemoryRows()
  await rows.commit(puts)
  return { rows, books }
}

async function makeBase(): Promise<Base> {
  const rows = new MemoryRows()
  const engine = accepted(
    await openEngine({ store: openMemoryStore(rows), clock: () => BASE_AT, compiled: COMPILED }),
    'engine',
  )
  for (const { profile, packs, later, jurisdiction } of PLACES) {
    accepted(await engine.rules.publish({ profile, packs: [...packs, ...later] }), 'publish')
    for (const { hash, effective } of packs) {
      const activation = { jurisdiction, pack: hash, from: effective.from }
      accepted(await engine.rules.activate(activation), 'activate')
    }
  }
  accepted(await engine.registry('base', REGISTER), 'registry')
  await engine.close()
  const books = new Books((what) => {
    throw new Error(what)
  })
  books.absorb(openMemoryStore(rows))
  const puts = ROW_TABLES.flatMap((table) =>
    [...rows.range(table, {})].map(({ key, value }) => ({ table, key, value })),
  )
  return { puts, books }
}
