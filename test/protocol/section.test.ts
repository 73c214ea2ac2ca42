import { expect, it } from 'vitest'
import { newFindings } from '../../src/protocol/findings.ts'
import { openSection, shape } from '../../src/protocol/section.ts'

/** Names that somebody looks through, and how often. */
class Names extends Set<string> {
  looked = 0;

  override [Symbol.iterator](): SetIterator<string> {
    this.looked += 1
    return super[Symbol.iterator]()
  }
}

it('looks for the nearest name of an unknown field only as long as it can be told', () => {
  const names = new Names(['amount', 'quantity'])
  const findings = newFindings()
  const strange = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`f${index}`, 1]))
  openSection({ ...strange, amount: 1 }, '', { ...shape([]), known: names }, findings)
  const codes = findings.problems.map(({ code }) => code)
  expect(codes.filter((code) => code === 'FIELD_UNKNOWN')).toHaveLength(100)
  expect(codes.at(-1)).toBe('PROBLEMS_TOO_MANY')
  expect(names.looked).toBe(101)
})
