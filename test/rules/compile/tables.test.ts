import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ValueUndefined } from '../../../src/rules/compiled.ts'
import { analyseTable, tableProblems } from '../../../src/rules/compile/analyse-table.ts'
import { packScope } from '../../../src/rules/compile/pack-scope.ts'
import { compileAmount } from '../../../src/rules/compile/values.ts'
import type { DecisionTable, Match, Value } from '../../../src/rules/pack.ts'
import { ANY, anyOf, fact, frame, literal, pack, range, table } from './pack-builder.ts'

function lookup(decisions: DecisionTable) {
  const scope = packScope(pack())
  const read = compileAmount({ type: 'table', table: decisions }, 'money', scope, 'here')
  expect(scope.problems).toEqual([])
  return read
}

function analysed(decisions: DecisionTable) {
  const result = analyseTable(decisions, pack())
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.value
}

/** A row matches when each of its matches does: the definition, one row after the other. */
function matches(match: Match, value: string | number | boolean): boolean {
  switch (match.type) {
    case 'any':
      return true
    case 'anyOf':
      return match.values.includes(value)
    case 'range':
      return (
        typeof value === 'number' &&
        value >= (match.from ?? Number.NEGATIVE_INFINITY) &&
        value <= (match.to ?? Number.POSITIVE_INFINITY)
      )
  }
}

const NUMBER_MATCH: fc.Arbitrary<Match> = fc.oneof(
  fc.constant(ANY),
  fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 3 }).map((v) => anyOf(...v)),
  fc
    .tuple(fc.option(fc.nat(12), { nil: undefined }), fc.option(fc.nat(12), { nil: undefined }))
    .filter(([from, to]) => from === undefined || to === undefined || from <= to)
    .map(([from, to]) => range(from, to)),
)
const TEXT_MATCH: fc.Arbitrary<Match> = fc.oneof(
  fc.constant(ANY),
  fc
    .array(fc.constantFrom('local', 'otherCity', 'otherProvince', 'abroad'), {
      minLength: 1,
      maxLength: 2,
    })
    .map((values) => anyOf(...values)),
)
const FLAG_MATCH: fc.Arbitrary<Match> = fc.constantFrom(ANY, anyOf(true), anyOf(false))

const ROWS = fc.array(fc.tuple(NUMBER_MATCH, TEXT_MATCH, FLAG_MATCH), { maxLength: 6 })
const BY = ['person.age', 'visit.place', 'person.retired']
const PLACES = ['local', 'otherCity', 'otherProvince', 'abroad']

describe('decision tables', () => {
  it('answer as a search through the rows does', () => {
    const query = fc.record({
      age: fc.nat(14),
      place: fc.constantFrom(...PLACES),
      retired: fc.boolean(),
    })
    fc.assert(
      fc.property(ROWS, query, (rows, { age, place, retired }) => {
        const read = lookup(
          table(
            BY,
            rows.map((row, index) => [row, literal(index + 1)]),
            literal(99),
          ),
        )
        const first = rows.findIndex(
          ([a, b, c]) => matches(a, age) && matches(b, place) && matches(c, retired),
        )
        const bill = frame({ person: { age, retired }, visit: { place } })
        expect(read(bill)).toBe(first === -1 ? 99 : first + 1)
      }),
      { numRuns: 500 },
    )
  })

  it('have gaps and overlaps exactly where a search finds them', () => {
    const combinations = Array.from({ length: 15 }, (_, age) => age).flatMap((age) =>
      PLACES.flatMap((place) => [true, false].map((retired) => [age, place, retired] as const)),
    )
    fc.assert(
      fc.property(ROWS, (rows) => {
        const counts = combinations.map(
          ([age, place, retired]) =>
            rows.filter(([a, b, c]) => matches(a, age) && matches(b, place) && matches(c, retired))
              .length,
        )
        const { gaps, overlaps } = analysed(
          table(
            BY,
            rows.map((row) => [row, literal(1)]),
          ),
        )
        expect(gaps.length > 0).toBe(counts.includes(0))
        expect(overlaps.length > 0).toBe(counts.some((count) => count > 1))
        for (const sample of gaps) {
          const values = sample.map(({ value }) => value)
          const taken = rows.some((row) =>
            row.every((match, index) => matches(match, values[index] ?? '')),
          )
          expect(taken).toBe(false)
        }
        for (const { sample, row, otherRow } of overlaps) {
          for (const number of [row, otherRow]) {
            const taken = rows[number - 1]?.every((match, index) =>
              matches(match, sample[index]?.value ?? ''),
            )
            expect(taken).toBe(true)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it('need a row for every value of a closed set and no other', () => {
    const complete = table(
      ['hospital.level'],
      [
        [[anyOf(1)], literal(1)],
        [[anyOf(2, 3)], literal(2)],
      ],
    )
    expect(analysed(complete)).toEqual({ gaps: [], overlaps: [] })
    const incomplete = table(['hospital.level'], [[[anyOf(1, 3)], literal(1)]])
    expect(analysed(incomplete).gaps).toEqual([[{ source: 'hospital.level', value: 2 }]])
  })

  it('need otherwise for open text, and both ends for computed numbers', () => {
    const codes = table(['person.rank'], [[[anyOf('A')], literal(1)]])
    expect(analysed(codes).gaps).toEqual([[{ source: 'person.rank', value: 'other' }]])
    expect(analysed({ ...codes, otherwise: literal(0) }).gaps).toEqual([])
    const ages = (by: string) => table([by], [[[range(0)], literal(1)]])
    expect(analysed(ages('person.age')).gaps).toEqual([])
    expect(analysed(ages('person.age - 60')).gaps).toEqual([
      [{ source: 'person.age - 60', value: -1 }],
    ])
  })

  it('throw when no row matches', () => {
    const read = lookup(table(['person.age'], [[[range(60, 69)], literal(1)]]))
    expect(() => read(frame({ person: { age: 59 } }))).toThrow(new ValueUndefined('table', 'noRow'))
  })

  it('are refused with wrong keys and row lengths', () => {
    const decisions = table(
      ['person.age', 'person.retired'],
      [
        [[anyOf('old'), ANY], literal(1)],
        [[ANY, range(1, 2)], literal(1)],
        [[ANY], literal(1)],
      ],
    )
    const result = analyseTable(decisions, pack())
    expect(result).toMatchObject({
      ok: false,
      problems: [
        { code: 'TABLE_KEY_TYPE', where: 'table.rows[0]', details: { key: 'old', type: 'int' } },
        { code: 'TABLE_KEY_TYPE', where: 'table.rows[1]', details: { key: '1..2', type: 'bool' } },
        { code: 'TABLE_DIMENSIONS_DIFFER', where: 'table.rows[2]' },
      ],
    })
  })

  it('are refused when the keys of their rows make too many combinations', () => {
    const keys = anyOf(...Array.from({ length: 60 }, (_, value) => value * 2))
    // Each of the 60 keys is a class of its own only where another row tells them apart.
    const single = Array.from({ length: 60 }, (_, value): [Match[], Value] => [
      [anyOf(value * 2), anyOf(1), anyOf(1)],
      literal(1),
    ])
    const by = ['person.age', 'person.age + 1', 'person.age + 2']
    const decisions = (count: number) =>
      table(by, [[[keys, keys, keys], literal(1)], ...single.slice(0, count)])
    expect(analyseTable(decisions(0), pack())).toMatchObject({
      ok: false,
      problems: [{ code: 'TABLE_TOO_LARGE', where: 'table', details: { nodesMax: 200_000 } }],
    })
  })

  it('are found wherever they stand in a pack', () => {
    const inner = table(['person.retired'], [[[anyOf(true)], literal(1)]])
    const outer: DecisionTable = {
      ...table(['hospital.level'], [[[range(1)], fact('person.income')]]),
      otherwise: { type: 'table', table: inner },
    }
    const found = tableProblems(pack({ parameters: { a: { type: 'table', table: outer } } }))
    expect(found).toEqual([
      { code: 'TABLE_GAP', where: 'table', details: { sample: 'person.retired = false' } },
    ])
  })

  it('answer rightly with ten thousand rows', () => {
    const edges = Array.from({ length: 10_000 }, (_, index) => index * index)
    const read = lookup(
      table(
        ['person.income'],
        edges.map((edge, index) => [[range(edge, (index + 1) ** 2 - 1)], literal(index + 1)]),
        literal(0),
      ),
    )
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000_100 }), (income) => {
        const row = Math.floor(Math.sqrt(income))
        expect(read(frame({ person: { income } }))).toBe(row < 10_000 ? row + 1 : 0)
      }),
    )
  })
})
