import type { CounterDefinition, Period } from '../pack.ts'

/** Periods each of which lies within every later one of its row. */
const NESTED: readonly (readonly Period['type'][])[] = [
  ['claim', 'day', 'month', 'year', 'lifetime'],
  ['claim', 'policyYear', 'policyYears', 'lifetime'],
  ['claim', 'visit', 'admission'],
  ['claim', 'visit', 'lifetime'],
  ['claim', 'admission', 'lifetime'],
]

/** Whether all that `inner` counts in one period falls into one period of `outer`, of the same owner and key. */
export function liesWithin(inner: CounterDefinition, outer: CounterDefinition): boolean {
  const claim = inner.period.type === 'claim'
  const sameOwner = inner.owner === outer.owner || isOfOneStay(inner, outer)
  const sameKey = outer.key === undefined || outer.key.source === inner.key?.source
  return (claim || sameOwner) && sameKey && isPeriodWithin(inner.period, outer.period)
}

function isOfOneStay(inner: CounterDefinition, outer: CounterDefinition): boolean {
  return inner.owner === 'stay' && outer.owner === 'person' && outer.period.type === 'lifetime'
}

function isPeriodWithin(inner: Period, outer: Period): boolean {
  if (inner.type === 'policyYears' && outer.type === 'policyYears') {
    return inner.years === outer.years
  }
  return NESTED.some((row) => {
    const [from, to] = [row.indexOf(inner.type), row.indexOf(outer.type)]
    return from >= 0 && from <= to
  })
}
