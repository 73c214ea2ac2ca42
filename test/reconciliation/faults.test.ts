import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareBooks } from '../../src/reconciliation/compare-books.ts'
import { compareNational } from '../../src/reconciliation/compare-national.ts'
import { differenceOf, type Comparison } from '../../src/reconciliation/discrepancy.ts'
import type { BookRow } from '../../src/reconciliation/book-row.ts'
import { DISCREPANCY_KINDS } from '../../src/reconciliation/kinds.ts'
import type { NationalRow } from '../../src/reconciliation/national-row.ts'
import { Chance } from '../hostile/chance.ts'
import { BOOK_FAULTS, SOME_FEN, type Fault, type Targets } from './book-faults.ts'
import { DISPUTED, NATIONAL_FAULTS } from './national-faults.ts'
import { isReversed, randomBook, randomNational, settlementName, shuffled } from './random-books.ts'

/** Settlements of one hospital, none of them reversed, two for each of two faults. */
function targetsOf(chance: Chance): readonly [Targets, Targets] {
  const hospital = chance.below(2)
  const indexes = Array.from({ length: 12 }, (_, index) => index)
  const fit = indexes.filter((index) => index % 2 === hospital && !isReversed(index))
  const [a = 0, b = 0, c = 0, d = 0] = shuffled(fit, chance)
  return [
    [settlementName(a), settlementName(b)],
    [settlementName(c), settlementName(d)],
  ]
}

interface Format<Row> {
  readonly faults: readonly Fault<Row>[]
  readonly random: (chance: Chance) => readonly Row[]
  readonly compare: (ours: readonly Row[], theirs: readonly Row[]) => Comparison<Row>
}

const BOOK: Format<BookRow> = { faults: BOOK_FAULTS, random: randomBook, compare: compareBooks }
const NATIONAL: Format<NationalRow> = {
  faults: [...NATIONAL_FAULTS, DISPUTED],
  random: randomNational,
  compare: compareNational,
}

/** Level books with `faults` put in, the rows of each in another order, compared. */
function compared<Row>(
  { compare, random }: Format<Row>,
  faults: readonly Fault<Row>[],
  seed: number,
): Comparison<Row> {
  const chance = new Chance(seed)
  const rows = random(chance)
  const targets = targetsOf(chance)
  const books = faults.reduce(
    (before, { inject }, index) => inject(before, targets[index] ?? targets[0], chance),
    { ours: rows, theirs: rows },
  )
  return compare(shuffled(books.ours, chance), shuffled(books.theirs, chance))
}

function kindsOf<Row>({ discrepancies }: Comparison<Row>): readonly string[] {
  return discrepancies.map(({ kind }) => kind).toSorted()
}

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 })

function describeFormat<Row>(name: string, format: Format<Row>): void {
  describe(name, () => {
    test('level books in another order have no difference', () => {
      fc.assert(
        fc.property(seeds, (seed) => {
          expect(compared(format, [], seed).discrepancies).toEqual([])
        }),
      )
    })

    test.each(format.faults.map((fault) => [fault.name, fault] as const))(
      '%s is found and named, and nothing else is',
      (_, fault) => {
        fc.assert(
          fc.property(seeds, (seed) => {
            expect(kindsOf(compared(format, [fault], seed))).toEqual([fault.kind])
          }),
          { numRuns: 60 },
        )
      },
    )

    test('any two are both found and named, and nothing else is', () => {
      const any = fc.constantFrom(...format.faults)
      fc.assert(
        fc.property(any, any, seeds, (first, second, seed) => {
          const found = kindsOf(compared(format, [first, second], seed))
          expect(found).toEqual([first.kind, second.kind].toSorted())
        }),
        { numRuns: 2_000 },
      )
    })

    test('the effects of what is found make up the difference of the books', () => {
      const any = fc.constantFrom(...format.faults)
      fc.assert(
        fc.property(any, any, seeds, (first, second, seed) => {
          const comparison = compared(format, [first, second], seed)
          const effects = differenceOf(comparison).map((__, index) =>
            comparison.discrepancies.reduce((sum, { effect }) => sum + (effect[index] ?? 0), 0),
          )
          expect(effects).toEqual(differenceOf(comparison))
        }),
        { numRuns: 300 },
      )
    })
  })
}

describeFormat('books, line by line', BOOK)
describeFormat('3202 files', NATIONAL)

test('some fen on each of many rows is rounding, not as many wrong amounts', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const kinds = kindsOf(compared(BOOK, [SOME_FEN], seed))
      expect(kinds.length).toBeGreaterThan(4)
      expect(new Set(kinds)).toEqual(new Set(['rounding']))
    }),
  )
})

test('every kind of difference is put in by some fault', () => {
  const put = new Set([...BOOK_FAULTS, ...NATIONAL_FAULTS, DISPUTED].map(({ kind }) => kind))
  expect(DISCREPANCY_KINDS.filter((kind) => !put.has(kind))).toEqual([])
})
