import type { CounterDefinition, CounterUnit, Owner, Period } from '../../src/rules/pack.ts'
import type { Choices } from './choices.ts'

/** What a pack's benefits may use; some combinations have no defined answer and are never built. */
export interface PackPlan {
  readonly id: string
  readonly basic: boolean
  readonly policy: boolean
  readonly byLine: boolean
  /** A bare package line is on the bill: nothing may look at lines. */
  readonly bareLine: boolean
  readonly equalRank: boolean
  /** Usual amount of a line, fen. */
  readonly scale: number
  /** Edges of bands may be the same, which is refused. */
  readonly flatEdges: boolean
  /** Counters that several benefits of the pack share. */
  readonly shared: { readonly deductible: CounterDefinition; readonly cap: CounterDefinition }
  readonly seen: CounterDefinition
  readonly seenTimes: CounterDefinition
  readonly seenDays: CounterDefinition
}

type Place = readonly [Owner, Period]

const SOCIAL_PLACES: readonly Place[] = [
  ['stay', { type: 'visit' }],
  ['person', { type: 'year' }],
  ['stay', { type: 'admission' }],
  ['person', { type: 'lifetime' }],
  ['person', { type: 'month' }],
  ['person', { type: 'day' }],
  ['accident', { type: 'lifetime' }],
  ['transferChain', { type: 'lifetime' }],
  ['family', { type: 'year' }],
  ['stay', { type: 'claim' }],
]

const POLICY_PLACES: readonly Place[] = [
  ['policy', { type: 'policyYear' }],
  ['policy', { type: 'policyYears', years: 2 }],
  ['family', { type: 'policyYear' }],
  ['group', { type: 'year' }],
]

export function someCounter(
  choices: Choices,
  id: string,
  plan: Pick<PackPlan, 'policy'>,
  unit: CounterUnit = 'fen',
): CounterDefinition {
  const places = plan.policy ? [...SOCIAL_PLACES, ...POLICY_PLACES] : SOCIAL_PLACES
  const [owner, period] = places[choices.below(places.length)] ?? ['person', { type: 'year' }]
  const disease = { source: 'visit.disease', where: id }
  return { id, owner, period, unit, ...choices.maybe(8, 'key', () => disease) }
}
