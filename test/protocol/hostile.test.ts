import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ERROR_TRAITS } from '../../src/errors/codes.ts'
import { readBillDocument } from '../../src/protocol/bill-document.ts'
import { readNationalAnswer } from '../../src/protocol/national-answer.ts'
import { asTree, billTree, capturedMessage, PROFILE, type Tree } from './documents.ts'

const INPATIENT = '06-2303-response-chongqing-inpatient'

/** Values a hostile or broken sender might put anywhere. */
const wild = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.double(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom<unknown>(
    null,
    '',
    [],
    {},
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e308,
    '1e99',
    '-1',
    '2023-02-30',

    { toString: 'x', valueOf: null },
    () => 1,
    1n,
    Symbol('x'),
  ),
)

/** Every place of a tree: the keys that lead to it. */
function placesOf(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [[]]
  return [
    [],
    ...Object.entries(value).flatMap(([key, inner]) =>
      placesOf(inner).map((rest) => [key, ...rest]),
    ),
  ]
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by
  const inner = asTree(value)
  const changed = { ...inner, [key]: replaced(inner[key], rest, by) }
  return Array.isArray(value) ? Object.values(changed) : changed
}

function anywhere(tree: Tree) {
  const places = placesOf(tree)
  return fc
    .tuple(fc.constantFrom(...places), wild)
    .map(([place, value]) => replaced(tree, place, value))
}

const FULL = billTree({
  policies: [{ id: 'p', product: 'x/y', start: '2023-01-01', priority: 1, tags: ['t'] }],
  account: { current: 1 },
  counters: { 'person:P1|a|2023|': '1.00' },
  given: { payments: [{ kind: 'basic', amount: 10 }], deductible: 1 },
  without: ['p'],
  total: 200,
})

test('a bill with anything put anywhere is read or refused, never thrown at', () => {
  expect(readBillDocument(FULL, PROFILE).ok).toBe(true)
  fc.assert(
    fc.property(anywhere(FULL), (tree) => {
      const read = readBillDocument(tree, PROFILE)
      if (read.ok) expectSound(read.value)
      else expectCoded(read.problems)
    }),
    { numRuns: 3000 },
  )
})

test('an answer with anything put anywhere is read or refused, never thrown at', () => {
  fc.assert(
    fc.property(anywhere(capturedMessage(INPATIENT)), (message) => {
      const read = readNationalAnswer(message)
      if (!read.ok) expectCoded(read.problems)
      else if (read.value.settled !== undefined) {
        const { given, total, personPart } = read.value.settled
        const funds = given.payments.reduce((sum, { amount }) => sum + amount, 0)
        expect(funds + personPart + given.hospitalShare).toBe(total)
      }
    }),
    { numRuns: 3000 },
  )
})

type Read = Extract<ReturnType<typeof readBillDocument>, { ok: true }>['value']

/** What the core relies on: safe amounts, parts that add up, ids that are unique. */
function expectSound({ bill }: Read): void {
  const ids = bill.lines.map(({ id }) => id)
  expect(ids).toEqual([...new Set(ids)])
  const sum = bill.lines.reduce((total, { amount }) => total + amount, 0)
  expect(sum).toBe(bill.statedTotal ?? sum)
  expect(Number.isSafeInteger(sum)).toBe(true)
  for (const { amount, classification } of bill.lines) {
    if (classification === undefined) continue
    const { ownPay, overLimit, preSelfPay, inScope } = classification
    expect(ownPay + overLimit + preSelfPay + inScope).toBe(amount)
  }
}

function expectCoded(problems: readonly { readonly code: string; readonly where: string }[]): void {
  expect(problems.length).toBeGreaterThan(0)
  for (const { code, where } of problems) {
    expect(ERROR_TRAITS).toHaveProperty(code)
    expect(where).not.toMatch(/[\p{Cc}\p{Cs}\u202E]/u)
  }
}
