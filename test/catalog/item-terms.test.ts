import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classifyLine } from '../../src/catalog/classify-line.ts'
import type { CatalogEntry } from '../../src/catalog/entry.ts'
import { cutPlainly, TermsBook } from '../../src/catalog/item-terms.ts'
import { fen } from '../../src/money/fen.ts'
import { rate } from '../../src/money/rate.ts'
import { aContext, aLine, anEntry, valueOf } from './builders.ts'

/* The kept terms against `classifyLine`, which works out everything for each line. */

const someRate = fc
  .tuple(fc.nat(1_000), fc.integer({ min: 1, max: 1_000 }))
  .map(([num, den]) => rate(Math.min(num, den), den))
const condition = fc.constantFrom(undefined, 'a', 'b')
const selfPayRate = fc
  .record({ rate: someRate, personType: condition, visitType: condition })
  .map(({ rate: of, personType, visitType }) => ({
    rate: of,
    ...(personType !== undefined && { personType }),
    ...(visitType !== undefined && { visitType }),
  }))

const entries: fc.Arbitrary<CatalogEntry> = fc
  .record({
    chargeLevel: fc.constantFrom('A' as const, 'B' as const, 'C' as const),
    selfPayRates: fc.array(selfPayRate, { minLength: 1, maxLength: 3 }),
    ceiling: fc.option(fc.integer({ min: 1, max: 1_000_000 }), { freq: 1 }),
    perDay: fc.option(fc.integer({ min: 1, max: 1_000_000 }), { freq: 1 }),
    restricted: fc.boolean(),
  })
  .map(({ chargeLevel, selfPayRates, ceiling, perDay, restricted }) =>
    anEntry({
      chargeLevel,
      selfPayRates,
      priceCeilings: ceiling === null ? [] : [{ microYuan: ceiling }],
      quantityLimits: perDay === null ? [] : [{ per: 'day', tenThousandths: perDay }],
      restriction: { flag: restricted, text: '' },
    }),
  )
const contexts = fc
  .record({
    personType: fc.constantFrom('a', 'b', 'c'),
    visitType: fc.constantFrom('a', 'b', 'c'),
    hospitalLevel: fc.constantFrom(1 as const, 2 as const, 3 as const),
  })
  .map((changes) => aContext(changes))
const amounts = fc.oneof(
  fc.integer({ min: -10, max: 100_000 }),
  fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
)

/** A catalogue of one entry, whatever the jurisdiction. */
function catalogOf(entry: CatalogEntry) {
  return {
    rowCount: 1,
    find: (_: string, code: string, day: number) =>
      code === entry.code && day >= entry.effectiveFrom && day <= entry.effectiveTo
        ? entry
        : undefined,
  }
}

test('a line cut by kept terms is cut as it is without them', () => {
  let plain = 0
  fc.assert(
    fc.property(entries, contexts, amounts, (entry, context, amount) => {
      const terms = new TermsBook(catalogOf(entry)).of('r', context)
      const found = terms.find(entry.code, entry.effectiveFrom)
      expect(found?.entry).toBe(entry)
      const cut = found && cutPlainly(found, fen(amount))
      if (cut === undefined) return
      plain += 1
      const line = aLine({ code: entry.code, amount: fen(amount) })
      expect(cut).toEqual(valueOf(classifyLine(line, entry, context)))
    }),
    { numRuns: 2_000 },
  )
  expect(plain).toBeGreaterThan(200)
})

test('kept terms hold for the days of their entry and the kind of bill they were asked for', () => {
  const half = { rate: rate(1, 2) }
  const first = anEntry({ effectiveFrom: 10, effectiveTo: 19, selfPayRates: [half] })
  const second = anEntry({
    effectiveFrom: 20,
    effectiveTo: 29,
    selfPayRates: [
      { rate: rate(1, 4), personType: 'a' },
      { rate: rate(1, 5), personType: 'b' },
    ],
  })
  const { code } = first
  const book = new TermsBook({
    rowCount: 2,
    find: (_, wanted, day) =>
      wanted !== code
        ? undefined
        : [first, second].find((entry) => day >= entry.effectiveFrom && day <= entry.effectiveTo),
  })
  const cutOn = (day: number, personType: string) => {
    const found = book.of('r', aContext({ personType })).find(code, day)
    return found && cutPlainly(found, fen(100))?.preSelfPay
  }
  for (let round = 0; round < 2; round += 1) {
    expect([9, 10, 19, 20, 29, 30].map((day) => cutOn(day, 'a'))).toEqual([
      undefined,
      50,
      50,
      25,
      25,
      undefined,
    ])
    expect(cutOn(20, 'b')).toBe(20)
    expect(cutOn(20, 'c')).toBeUndefined()
  }
})

test('what is kept is bounded and decides nothing', () => {
  const entry = anEntry({ selfPayRates: [{ rate: rate(1, 2) }] })
  const book = new TermsBook(catalogOf(entry))
  for (let kind = 0; kind < 200; kind += 1) {
    const found = book.of('r', aContext({ visitType: String(kind) })).find(entry.code, 0)
    expect(found && cutPlainly(found, fen(3))?.preSelfPay).toBe(2)
  }
})

test('an entry that a catalogue decodes again and again fills nothing and puts nothing out', () => {
  const days = [
    { effectiveFrom: 10, effectiveTo: 19 },
    { effectiveFrom: 20, effectiveTo: 29 },
  ]
  const book = new TermsBook({
    rowCount: 2,
    find: (_, __, day) => {
      const found = days.find((one) => day >= one.effectiveFrom && day <= one.effectiveTo)
      return found && anEntry({ ...found, selfPayRates: [{ rate: rate(1, 2) }] })
    },
  })
  const kind = book.of('r', aContext())
  const { code } = anEntry()
  // More than the items that are kept in all.
  for (let look = 0; look < 17_000; look += 1) {
    for (const day of [10, 20]) expect(kind.find(code, day)?.from).toBe(day)
  }
  expect(book.of('r', aContext())).toBe(kind)
})
