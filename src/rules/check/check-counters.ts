import { problem, type Problem } from '../../errors/problem.ts'
import { fen } from '../../money/fen.ts'
import type { RulePack } from '../pack.ts'
import { contributions, counterReads } from './counter-uses.ts'
import { sampleBill } from './sample-bill.ts'

/** Ids that some pack of `packs` adds to; the packs of a folder are asked about once, not once for each of them. */
function filledBy(packs: readonly RulePack[]): ReadonlySet<string> {
  const known = filledIds.get(packs)
  if (known !== undefined) return known
  const filled = new Set(packs.flatMap(contributions).map(({ id }) => id))
  filledIds.set(packs, filled)
  return filled
}

const filledIds = new WeakMap<readonly RulePack[], ReadonlySet<string>>()

/** Counters that nothing uses, and counters that are read though nothing adds to them. */
export function counterProblems(pack: RulePack, packs: readonly RulePack[]): readonly Problem[] {
  const filled = filledBy(packs)
  const used = new Set(contributions(pack).map(({ id }) => id))
  const { benefits, packages, parameters } = pack
  const reads = counterReads({ benefits, packages, parameters })
  const readNames = new Set(reads.map(({ name }) => name))
  const unused = Object.entries(pack.counters).flatMap(([name, { id }]) =>
    used.has(id) || readNames.has(name)
      ? []
      : [problem('CHECK_COUNTER_UNUSED', `counters.${name}`, { counter: name })],
  )
  const empty = reads.flatMap(({ name, where }) => {
    const id = pack.counters[name]?.id
    // A shared counter may be filled by a pack that is not among those checked.
    if (id === undefined || filled.has(id) || !id.startsWith(`${pack.id}:`)) return []
    const sample = sampleBill(new Map(), fen(12_000_000))
    return [problem('CHECK_COUNTER_NEVER_FILLED', where, { counter: name, sample })]
  })
  return [...unused, ...empty]
}
