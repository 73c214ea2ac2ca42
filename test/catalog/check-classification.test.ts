import { expect, test } from 'vitest'
import { checkClassification } from '../../src/catalog/check-classification.ts'
import { fen } from '../../src/money/fen.ts'
import { problemsOf } from './builders.ts'

function parts(ownPay: number, overLimit: number, preSelfPay: number, inScope: number) {
  return {
    ownPay: fen(ownPay),
    overLimit: fen(overLimit),
    preSelfPay: fen(preSelfPay),
    inScope: fen(inScope),
  }
}

test('parts that add up are accepted as they are', () => {
  const given = parts(100, 20, 3, 877)
  expect(checkClassification(fen(1_000), given)).toEqual({ ok: true, value: given })
})

test('one fen too many or too few is refused with both sums', () => {
  const refused = problemsOf(checkClassification(fen(1_000), parts(100, 20, 3, 878)))
  expect(refused).toMatchObject([
    { code: 'CLASSIFICATION_SUM_DIFFERS', details: { sum: '10.01', amount: '10.00' } },
  ])
})

test('a negative part is refused even where the sum is right', () => {
  const refused = problemsOf(checkClassification(fen(1_000), parts(-100, 0, 0, 1_100)))
  expect(refused).toMatchObject([
    { code: 'CLASSIFICATION_PART_NEGATIVE', where: 'ownPay', details: { amount: '-1.00' } },
  ])
})

test('parts whose sum leaves the safe range are refused, not wrapped', () => {
  const most = Number.MAX_SAFE_INTEGER
  const refused = problemsOf(checkClassification(fen(1_000), parts(most, most, most, most)))
  expect(refused.map((item) => item.code)).toEqual(['CLASSIFICATION_SUM_DIFFERS'])
})
