import fc from 'fast-check'
import { Decimal } from 'decimal.js'
import { describe, expect, test } from 'vitest'
import {
  ZERO_FEN,
  addFen,
  fen,
  formatYuan,
  formatYuanGrouped,
  parseYuan,
  subtractFen,
  sumFen,
} from '../../src/money/fen.ts'
import { InvariantError } from '../../src/assert.ts'

const OracleDecimal = Decimal.clone({ defaults: true, precision: 200 })
const safeAmount = fc.maxSafeInteger().map(fen)

function codeOf(text: string): string {
  const parsed = parseYuan(text)
  return parsed.ok ? String(parsed.value) : parsed.problems.map((item) => item.code).join()
}

describe('parseYuan', () => {
  test.each([
    ['1234.50', '123450'],
    ['-3', '-300'],
    ['0.5', '50'],
    ['-0.00', '0'],
    ['007.10', '710'],
    ['949000.010000', '94900001'],
    ['90071992547409.91', '9007199254740991'],
    ['-90071992547409.91', '-9007199254740991'],
    ['90071992547409.92', 'AMOUNT_OUT_OF_RANGE'],
    ['90071992547409.93', 'AMOUNT_OUT_OF_RANGE'],
    ['9'.repeat(60), 'AMOUNT_OUT_OF_RANGE'],
    ['1.005', 'AMOUNT_NOT_WHOLE_FEN'],
    ['38.61000000000001', 'AMOUNT_NOT_WHOLE_FEN'],
    ['', 'AMOUNT_MALFORMED'],
    ['.5', 'AMOUNT_MALFORMED'],
    ['5.', 'AMOUNT_MALFORMED'],
    ['+5', 'AMOUNT_MALFORMED'],
    ['--5', 'AMOUNT_MALFORMED'],
    ['1e3', 'AMOUNT_MALFORMED'],
    ['1,234.50', 'AMOUNT_MALFORMED'],
    [' 1', 'AMOUNT_MALFORMED'],
    ['1\n', 'AMOUNT_MALFORMED'],
    ['\uff11\uff12', 'AMOUNT_MALFORMED'],
    ['١٢', 'AMOUNT_MALFORMED'],
    ['NaN', 'AMOUNT_MALFORMED'],
    ['Infinity', 'AMOUNT_MALFORMED'],
    ['0x10', 'AMOUNT_MALFORMED'],
    ['1元', 'AMOUNT_MALFORMED'],
    ['0'.repeat(65), 'AMOUNT_MALFORMED'],
  ])('%j gives %s', (text, expected) => {
    expect(codeOf(text)).toBe(expected)
  })

  test('zero is never minus zero', () => {
    const parsed = parseYuan('-0')
    expect(parsed.ok && Object.is(parsed.value, 0)).toBe(true)
  })

  test('a refused hostile text is repeated only in part', () => {
    const parsed = parseYuan('x'.repeat(1_000_000))
    expect(parsed.ok ? '' : parsed.problems[0]?.details['text']).toBe('x'.repeat(40))
  })

  test('agrees with decimal.js on every decimal text', () =>
    fc.assert(
      fc.property(fc.stringMatching(/^-?[0-9]{1,17}(\.[0-9]{1,3}0{0,3})?$/), (text) => {
        const exact = new OracleDecimal(text).times(100)
        const expected = !exact.isInteger()
          ? 'AMOUNT_NOT_WHOLE_FEN'
          : exact.abs().gt(Number.MAX_SAFE_INTEGER)
            ? 'AMOUNT_OUT_OF_RANGE'
            : exact.isZero()
              ? '0'
              : exact.toFixed()
        expect(codeOf(text)).toBe(expected)
      }),
    ))
})

describe('formatYuan', () => {
  test.each([
    [0, '0.00', '0.00'],
    [5, '0.05', '0.05'],
    [-5, '-0.05', '-0.05'],
    [100, '1.00', '1.00'],
    [99_999, '999.99', '999.99'],
    [-123_450, '-1234.50', '-1,234.50'],
    [100_000_000, '1000000.00', '1,000,000.00'],
    [-9_007_199_254_740_991, '-90071992547409.91', '-90,071,992,547,409.91'],
  ])('%d fen is %s', (amount, plain, grouped) => {
    expect(formatYuan(fen(amount))).toBe(plain)
    expect(formatYuanGrouped(fen(amount))).toBe(grouped)
  })

  test('parseYuan reads back what formatYuan writes', () =>
    fc.assert(
      fc.property(safeAmount, (amount) => {
        expect(parseYuan(formatYuan(amount))).toEqual({ ok: true, value: amount })
      }),
    ))
})

describe('sums', () => {
  test.each([0.5, NaN, Infinity, 2 ** 53, -(2 ** 53)])('%d is no amount', (amount) => {
    expect(() => fen(amount)).toThrow(InvariantError)
  })

  test('leaving the safe range is refused, not rounded', () => {
    const most = fen(Number.MAX_SAFE_INTEGER)
    expect(() => addFen(most, fen(1))).toThrow(InvariantError)
    expect(() => subtractFen(fen(-2), most)).toThrow(InvariantError)
    expect(() => sumFen([most, fen(1), fen(-1)])).toThrow(InvariantError)
  })

  test('sumFen is exact and zero for none', () => {
    expect(sumFen([])).toBe(ZERO_FEN)
    fc.assert(
      fc.property(fc.array(fc.integer().map(fen), { maxLength: 200 }), (amounts) => {
        const exact = amounts.reduce((sum, amount) => sum + BigInt(amount), 0n)
        expect(BigInt(sumFen(amounts))).toBe(exact)
      }),
    )
  })
})
