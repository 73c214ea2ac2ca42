import type { CounterDefinition, RulePack } from '../rules/pack.ts'

/** Every counter a pack uses, by the name after the pack's id; what it declares comes first. */
export function counterNames(pack: RulePack): ReadonlyMap<string, CounterDefinition> {
  const names = new Map<string, CounterDefinition>()
  for (const counter of countersUsed(pack)) {
    names.set(counter.id.slice(counter.id.indexOf(':') + 1), counter)
  }
  for (const [name, counter] of Object.entries(pack.counters)) {
    // A limit on quantities keeps its items apart even in a counter declared without a key.
    const keyed = countersUsed(pack).find(({ id, key }) => id === counter.id && key !== undefined)
    names.set(name, keyed ?? counter)
  }
  return names
}

/** Every definition of a counter in `packs`, by its whole id; versions of a pack may differ. */
export function definitionsById(
  packs: readonly RulePack[],
): ReadonlyMap<string, readonly CounterDefinition[]> {
  const byId = new Map<string, readonly CounterDefinition[]>()
  for (const counter of packs.flatMap((pack) => [...counterNames(pack).values()])) {
    byId.set(counter.id, [...(byId.get(counter.id) ?? []), counter])
  }
  return byId
}

function countersUsed(pack: RulePack): readonly CounterDefinition[] {
  return pack.benefits.flatMap(({ bands, counts, deductible, itemLimits, limits }) => {
    const used = [
      deductible?.counter,
      bands?.counter,
      ...[...itemLimits, ...limits, ...counts].map(({ counter }) => counter),
    ]
    return used.filter((counter) => counter !== undefined)
  })
}
