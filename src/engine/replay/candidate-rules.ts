import type { CompiledPack } from '../../rules/compiled.ts'
import type { OpenedRuleSet, RuleSet, RuleSetPack, RuleSets } from '../rule-sets.ts'
import { endedBefore } from '../version-days.ts'

/** What stands in for the rules of one jurisdiction. */
export interface Candidate {
  readonly jurisdiction: string
  /** Hashes of pack versions: in force on all of their own days, in the place of other versions of their packs. */
  readonly packs: readonly string[]
  /** Hash of a profile in the place of the one that was in force. */
  readonly profile?: string
}

/** The rule sets that settlements name, as they would have been with a candidate active all along. */
export class CandidateRules {
  readonly #rules: RuleSets
  readonly #candidate: Candidate

  constructor(rules: RuleSets, candidate: Candidate) {
    this.#rules = rules
    this.#candidate = candidate
  }

  /**
   * What stands in for the rule set with this hash. One of another jurisdiction stays: somebody who has moved may have been recalculated
   * with the rules of where they live now.
   */
  open(ruleSet: string): OpenedRuleSet {
    const { jurisdiction, packs, profile } = this.#candidate
    const inForce = this.#rules.open(ruleSet)
    if (packs.length === 0 && profile === undefined) return inForce
    if (inForce.inForce.profile.id !== jurisdiction) return inForce
    const name = [ruleSet, 'with', ...packs, profile ?? ''].join(' ')
    return this.#rules.openSet(name, () => {
      const set = withVersions(
        this.#rules.set(ruleSet),
        packs.map((hash) => this.#rules.pack(hash)),
        (hash) => this.#rules.pack(hash),
      )
      return profile === undefined ? set : { ...set, profile }
    })
  }
}

/** `set` with `versions` active on all their own days; of two of one pack the one that begins later takes over. */
export function withVersions(
  set: RuleSet,
  versions: readonly CompiledPack[],
  compiled: (hash: string) => CompiledPack,
): RuleSet {
  let packs = set.packs
  const inOrder = versions.toSorted((a, b) => a.pack.effective.from - b.pack.effective.from)
  for (const { pack } of inOrder) {
    const { from: first, to: last = Infinity } = pack.effective
    const others = packs.flatMap((other): readonly RuleSetPack[] => {
      if (other.id !== pack.id) return [other]
      if (other.hash === pack.hash) return []
      const left = endedBefore(other, compiled(other.hash).pack.effective, { first, last })
      return left === undefined ? [] : [left]
    })
    packs = [...others, { id: pack.id, hash: pack.hash }]
  }
  return { ...set, packs }
}
