import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { counterKey, counterText, type CounterKey } from '../../src/adjudication/counter-key.ts'
import { CounterSums, NO_COUNTERS } from '../../src/adjudication/counter-sums.ts'

/** Few parts, so that keys are often the same but for one of them. */
const keys: fc.Arbitrary<CounterKey> = fc.record({
  owner: fc.constantFrom('person:P', 'person:PP', 'policy:P', 'stay:P'),
  id: fc.constantFrom('a', 'b', 'pack:a', 'pack:a.b'),
  rest: fc.constantFrom('|', '2026|', '2025|', '2026|x', '2026|x|y'),
})
const addends = fc.array(fc.tuple(keys, fc.integer({ min: -2, max: 2 })), { maxLength: 100 })

/** What a `Map` by canonical key would hold. */
function summed(batches: readonly (readonly (readonly [CounterKey, number])[])[]) {
  const sums = new Map<string, number>()
  for (const batch of batches) {
    for (const [key, amount] of batch) {
      const text = counterText(key)
      sums.set(text, (sums.get(text) ?? 0) + amount)
    }
    for (const [text, amount] of sums) if (amount === 0) sums.delete(text)
  }
  return sums
}

describe('sums of counters', () => {
  test('are those of a map, in its order, whether few or many', () => {
    fc.assert(
      fc.property(fc.array(addends, { maxLength: 4 }), fc.array(keys), (batches, asked) => {
        let sums = NO_COUNTERS
        for (const batch of batches) sums = sums.plus(batch)
        const expected = summed(batches)
        expect([...sums.toMap()]).toEqual([...expected])
        for (const key of asked) {
          const amount = expected.get(counterText(key)) ?? 0
          expect(sums.amountOf(key.owner, key.id, key.rest)).toBe(amount)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  test('stay as they were when more is added', () => {
    const sums = NO_COUNTERS.plus([[counterKey('person:P|a|2026|'), 5]])
    sums.plus([[counterKey('person:P|a|2026|'), 3]])
    expect(sums.amountOf('person:P', 'a', '2026|')).toBe(5)
  })

  test('leave the exact range with an error, and not silently', () => {
    const key = counterKey('person:P|a|2026|')
    const sums = new CounterSums([key], [Number.MAX_SAFE_INTEGER])
    expect(() => sums.plus([[key, 1]])).toThrow('exact range')
    const others = Array.from({ length: 60 }, (_, index) => counterKey(`person:P|${index}||`))
    const many = NO_COUNTERS.plus(others.map((one) => [one, Number.MAX_SAFE_INTEGER]))
    expect(() => many.plus(others.map((one) => [one, 1]))).toThrow('exact range')
  })
})

test('a key is its text, cut at the first two bars', () => {
  fc.assert(
    fc.property(keys, (key) => {
      expect(counterKey(counterText(key))).toEqual(key)
    }),
  )
  expect(() => counterKey('person:P')).toThrow()
  expect(() => counterKey('person:P|a')).toThrow()
  expect(() => counterKey('|a|2026|')).toThrow()
})
