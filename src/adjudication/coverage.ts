import type { FactSheet } from '../rules/facts.ts'

/** Who is insured and by what, at the time of the bill. */
export interface Coverage {
  readonly person: FactSheet
  readonly familyId?: string
  /** `policy.*` facts of each policy, in the order the person named them. */
  readonly policies: readonly FactSheet[]
}
