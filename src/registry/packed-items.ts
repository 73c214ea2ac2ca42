import type { Accepted } from './check-items.ts'
import type { CoveragePeriod, FactDocument } from './entries.ts'

/**
 * Accepted items as a document for a spool: facts and coverage periods, which persons of a file share, stand in it once. Most of a
 * register is these.
 */
export interface PackedItems {
  readonly facts: readonly FactDocument[]
  readonly periods: readonly CoveragePeriod[]
  readonly items: readonly PackedItem[]
}

type PackedItem = readonly [facts: number, periods: readonly number[], rest: Accepted]

const NONE = -1
const NO_FACTS: FactDocument = {}

export function packItems(items: readonly Accepted[]): PackedItems {
  const facts = new Parts<FactDocument>()
  const periods = new Parts<CoveragePeriod>()
  const packed = items.map((item): PackedItem => {
    if (!('person' in item)) return [NONE, [], item]
    const { person } = item
    const places = person.coverage.map((period) => periods.placeOf(period))
    const { familyId, id, identities, jurisdiction, policies } = person
    // What is undefined is left out of the document.
    const rest = { id, jurisdiction, familyId, facts: NO_FACTS, coverage: [], identities, policies }
    return [facts.placeOf(person.facts), places, { person: rest as typeof person }]
  })
  return { facts: facts.list, periods: periods.list, items: packed }
}

export function unpackItems({ facts, items, periods }: PackedItems): readonly Accepted[] {
  return items.map(([place, places, rest]): Accepted => {
    if (!('person' in rest)) return rest
    const coverage = places.flatMap((one) => periods[one] ?? [])
    return { person: { ...rest.person, facts: facts[place] ?? NO_FACTS, coverage } }
  })
}

/** Objects, each once. */
class Parts<T extends object> {
  readonly list: T[] = []
  private readonly places = new Map<T, number>()

  placeOf(part: T): number {
    const known = this.places.get(part)
    if (known !== undefined) return known
    this.places.set(part, this.list.length)
    return this.list.push(part) - 1
  }
}
