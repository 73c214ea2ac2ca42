import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkPriceTimesQuantity, priceTimesQuantity } from '../../src/catalog/price-quantity.ts'
import { fen } from '../../src/money/fen.ts'
import { problemsOf, units, valueOf, yuanEach } from './builders.ts'

test.each([
  ['28.00 × 7 = 196.00', yuanEach(28), units(7), 19_600, 'exact'],
  ['0.335 × 3 = 1.005, half away from zero 1.01', 335_000, units(3), 101, 'exact'],
  ['0.335 × 3 stated as 1.00', 335_000, units(3), 100, 'oneFenOff'],
  ['a refund of half a unit', yuanEach(9), -5_000, -450, 'exact'],
  ['−0.335 × 3, half away from zero −1.01', 335_000, units(-3), -101, 'exact'],
  ['nothing for nothing', 0, units(1), 0, 'exact'],
])('%s', (_, price, quantity, amount, expected) => {
  expect(valueOf(checkPriceTimesQuantity(price, quantity, fen(amount)))).toBe(expected)
})

test('two fen off is refused with the exact product', () => {
  const refused = problemsOf(checkPriceTimesQuantity(335_000, units(3), fen(99)))
  expect(refused).toMatchObject([
    { code: 'LINE_PRICE_QUANTITY_DIFFERS', details: { computed: '1.005', stated: '0.99' } },
  ])
})

test('a product past the safe range is refused, not rounded', () => {
  const refused = checkPriceTimesQuantity(2 ** 52, 2 ** 52, fen(1))
  expect(problemsOf(refused)[0]?.code).toBe('LINE_PRICE_QUANTITY_DIFFERS')
})

test('price × quantity is the exact product rounded half away from zero', () => {
  const safe = fc.maxSafeInteger()
  fc.assert(
    fc.property(safe, fc.oneof(fc.integer(), safe), (price, quantity) => {
      const product = BigInt(price) * BigInt(quantity)
      const magnitude = ((product < 0n ? -product : product) + 50_000_000n) / 100_000_000n
      const exact = Number(product < 0n ? -magnitude : magnitude)
      const expected = Number.isSafeInteger(exact) ? exact : Math.sign(exact) * Infinity
      expect(priceTimesQuantity(price, quantity) + 0).toBe(expected + 0)
    }),
  )
})
