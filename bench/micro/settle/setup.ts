import { assert } from '../../../src/assert.ts'
import { parseEpochDay } from '../../../src/catalog/epoch-day.ts'
import type { Result } from '../../../src/errors/problem.ts'

/** The value, or an error with the first problems: nothing of a benchmark may be refused. */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Error(JSON.stringify(result.problems.slice(0, 3)))
}

export function day(text: string): number {
  const value = parseEpochDay(text)
  assert(value !== undefined, `a date: ${text}`)
  return value
}

/** A whole number of 0..below − 1. */
export type Draw = (below: number) => number

/** xorshift32: the same draws in every run. */
export function drawsFrom(seed: number): Draw {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

export function pick<T>(items: readonly T[], draw: Draw): T {
  const item = items[draw(items.length)]
  assert(item !== undefined, 'something to pick from')
  return item
}
