import type { Term } from '../cel/term.ts'

/** What a fact, or an expression whose parts are not looked into, is taken to be. */
export type Assigned = string | number | boolean

/** Values by fact name (`visit.kind`), by source of an expression, or by the text of a condition's part. */
export type Assignment = ReadonlyMap<string, Assigned>

/** Something a condition or table depends on and the values of it that can make a difference. */
export interface Variable {
  readonly key: string
  readonly values: readonly Assigned[]
}

/** More combinations are not looked at: nothing is then reported. */
const COMBINATIONS_MAX = 20_000

/** Every combination of the variables; undefined when there are too many. */
export function assignmentsOf(variables: readonly Variable[]): Iterable<Assignment> | undefined {
  const count = variables.reduce((product, { values }) => product * values.length, 1)
  return count > COMBINATIONS_MAX ? undefined : combinations(variables, count)
}

function* combinations(variables: readonly Variable[], count: number): Generator<Assignment> {
  for (let number = 0; number < count; number += 1) {
    let rest = number
    const assignment = new Map<string, Assigned>()
    for (const { key, values } of variables) {
      const value = values[rest % values.length]
      rest = Math.floor(rest / values.length)
      if (value !== undefined) assignment.set(key, value)
    }
    yield assignment
  }
}

/** Variables of the same key become one with the values of all. */
export function mergeVariables(variables: readonly Variable[]): readonly Variable[] {
  const merged = new Map<string, Set<Assigned>>()
  for (const { key, values } of variables) {
    const known = merged.get(key) ?? new Set()
    for (const value of values) known.add(value)
    merged.set(key, known)
  }
  return [...merged].map(([key, values]) => ({ key, values: [...values] }))
}

/** Name under which a part that is not looked into is assigned true or false: equal parts are equal. */
export function partKey(term: Term): string {
  return JSON.stringify(term)
}
