import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classifyLine } from '../../src/catalog/classify-line.ts'
import { checkClassification } from '../../src/catalog/check-classification.ts'
import type { CatalogEntry } from '../../src/catalog/entry.ts'
import { fen } from '../../src/money/fen.ts'
import { rate } from '../../src/money/rate.ts'
import { aContext, aLine, anEntry, valueOf } from './builders.ts'

const amount = fc.oneof(
  fc.integer({ min: 0, max: 100_000 }),
  fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
)
const quantity = fc.oneof(
  fc.integer({ min: 1, max: 1_000_000 }),
  fc.integer({ min: 1, max: 2 ** 50 }),
)
const unitRate = fc
  .tuple(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 1, max: 1_000 }))
  .map(([num, den]) => rate(Math.min(num, den), den))

const entry: fc.Arbitrary<CatalogEntry> = fc
  .record({
    selfPay: unitRate,
    ceiling: fc.option(quantity),
    perDay: fc.option(quantity),
    perMonth: fc.option(quantity),
  })
  .map(({ selfPay, ceiling, perDay, perMonth }) =>
    anEntry({
      chargeLevel: 'B',
      selfPayRates: [{ rate: selfPay }],
      priceCeilings: ceiling === null ? [] : [{ microYuan: ceiling }],
      quantityLimits: [
        ...(perDay === null ? [] : [{ per: 'day' as const, tenThousandths: perDay }]),
        ...(perMonth === null ? [] : [{ per: 'month' as const, tenThousandths: perMonth }]),
      ],
    }),
  )
const line = fc
  .record({ amount, quantity })
  .map((item) => aLine({ amount: fen(item.amount), quantity: item.quantity }))
const context = fc
  .record({ day: fc.nat(1_000_000), month: fc.nat(1_000_000) })
  .map((quantityUsed) => aContext({ quantityUsed }))

test('the parts are never negative and add up to the line', () => {
  fc.assert(
    fc.property(line, entry, context, (someLine, someEntry, someContext) => {
      const cut = valueOf(classifyLine(someLine, someEntry, someContext))
      expect(checkClassification(someLine.amount, cut).ok).toBe(true)
    }),
  )
})

test('a higher ceiling never puts more over the limit nor less in scope', () => {
  fc.assert(
    fc.property(line, unitRate, quantity, fc.nat(1_000_000), (someLine, selfPay, ceiling, more) => {
      const cutAt = (microYuan: number) => {
        const capped = anEntry({
          chargeLevel: 'B',
          selfPayRates: [{ rate: selfPay }],
          priceCeilings: [{ microYuan }],
        })
        return valueOf(classifyLine(someLine, capped, aContext()))
      }
      const [low, high] = [cutAt(ceiling), cutAt(ceiling + more)]
      expect(high.overLimit).toBeLessThanOrEqual(low.overLimit)
      expect(high.inScope).toBeGreaterThanOrEqual(low.inScope)
    }),
  )
})

test('more used before never covers more now', () => {
  fc.assert(
    fc.property(
      line,
      entry,
      fc.nat(1_000_000),
      fc.nat(1_000_000),
      (someLine, someEntry, used, more) => {
        const ownPayAt = (month: number) =>
          valueOf(classifyLine(someLine, someEntry, aContext({ quantityUsed: { day: 0, month } })))
            .ownPay
        expect(ownPayAt(used + more)).toBeGreaterThanOrEqual(ownPayAt(used))
      },
    ),
  )
})

test('the parts equal the cuts done in exact arithmetic', () => {
  fc.assert(
    fc.property(line, entry, context, (someLine, someEntry, someContext) => {
      const cut = valueOf(classifyLine(someLine, someEntry, someContext))
      const expected = cutExactly(
        BigInt(someLine.amount),
        BigInt(someLine.quantity ?? 0),
        someEntry,
        someContext.quantityUsed,
      )
      expect([cut.ownPay, cut.overLimit, cut.preSelfPay, cut.inScope].map(BigInt)).toEqual(expected)
    }),
  )
})

/** The order of the design page once more, slowly: covered quantity, ceiling, rate, rest. */
function cutExactly(
  total: bigint,
  count: bigint,
  someEntry: CatalogEntry,
  used: { readonly day: number; readonly month: number },
): bigint[] {
  let covered = count
  for (const limit of someEntry.quantityLimits) {
    const left = BigInt(limit.tenThousandths) - BigInt(used[limit.per])
    if (left < covered) covered = left < 0n ? 0n : left
  }
  const ownPay = halfUp(total * (count - covered), count)
  let overLimit = 0n
  for (const { microYuan } of someEntry.priceCeilings) {
    if (microYuan === 'none') continue
    const most = halfUp(BigInt(microYuan) * covered, 100_000_000n)
    if (total - ownPay > most) overLimit = total - ownPay - most
  }
  const selfPay = someEntry.selfPayRates[0]?.rate ?? { num: 0, den: 1 }
  const rest = total - ownPay - overLimit
  const preSelfPay = halfUp(rest * BigInt(selfPay.num), BigInt(selfPay.den))
  return [ownPay, overLimit, preSelfPay, rest - preSelfPay]
}

function halfUp(num: bigint, den: bigint): bigint {
  return (2n * num + den) / (2n * den)
}
