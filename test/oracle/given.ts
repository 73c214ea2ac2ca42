import type { GivenPayment, GivenSettlement } from '../../src/adjudication/bill.ts'
import { fen } from '../../src/money/fen.ts'
import { COLUMN, type Category } from '../../src/rules/category.ts'
import type { Profile } from '../../src/rules/profile.ts'
import { cellOf, columnOf, lineOf, pay, type BillState } from './bill-state.ts'
import { Refused } from './conditions.ts'
import { add, largestRemainder, total, without } from './exact.ts'

/** After the profile's order a payment goes on with these. */
const CONTINUES: readonly Category[] = [
  'inScope',
  'coinsurance',
  'overCap',
  'deductible',
  'preSelfPay',
  'overLimit',
  'ownPay',
]

/** Layers settled elsewhere take their amounts from the cells. */
export function payGiven(state: BillState, given: GivenSettlement, profile: Profile): void {
  for (const kind of given.kinds) state.settled.add(kind)
  for (const payment of paymentsOf(given)) {
    // Who has paid has taken part, whether or not our packs of that kind run as well.
    state.settled.add(payment.kind)
    const payer = { key: `#${payment.payerId}`, kind: payment.kind }
    if (payment.kind === 'basic') {
      relabel(state, 'inScope', 'deductible', given.deductible ?? 0)
      relabel(state, 'inScope', 'overCap', given.overCap ?? 0)
      const order = [...profile.given.basic, ...CONTINUES]
      pay(state, payer, fill(state, order, payment.amount))
      relabel(state, 'inScope', 'coinsurance', Number.MAX_SAFE_INTEGER)
    } else {
      pay(state, payer, fill(state, [...profile.given.funds, ...CONTINUES], payment.amount))
    }
  }
  if (given.hospitalShare > 0) {
    state.settled.add('hospital')
    const order = [...profile.given.hospital, ...CONTINUES]
    pay(state, { key: '#hospital', kind: 'hospital' }, fill(state, order, given.hospitalShare))
  }
}

/** A basic layer that settled and paid nothing still names the parts of the in-scope amount. */
function paymentsOf(
  given: GivenSettlement,
): readonly Pick<GivenPayment, 'kind' | 'payerId' | 'amount'>[] {
  const { payments, kinds } = given
  if (!kinds.includes('basic') || payments.some(({ kind }) => kind === 'basic')) return payments
  return [{ kind: 'basic', payerId: 'basic', amount: fen(0) }, ...payments]
}

function columnCells(state: BillState, category: Category): Map<number, number> {
  return new Map([...state.remaining].filter(([cell]) => columnOf(cell) === COLUMN[category]))
}

function relabel(state: BillState, from: Category, to: Category, amount: number): void {
  const cells = columnCells(state, from)
  const moved = largestRemainder(Math.min(amount, total(cells)), cells)
  state.remaining = without(state.remaining, moved)
  for (const [cell, part] of moved) {
    add(state.remaining, new Map([[cellOf(lineOf(cell), COLUMN[to]), part]]))
  }
}

/** `amount` by category, one after the other, each by largest remainder. */
function fill(state: BillState, order: readonly Category[], amount: number): Map<number, number> {
  const spread = new Map<number, number>()
  let missing = amount
  for (const category of order) {
    const cells = without(columnCells(state, category), spreadWithin(spread, category))
    const part = largestRemainder(Math.min(missing, total(cells)), cells)
    missing -= total(part)
    add(spread, part)
  }
  if (missing > 0) throw new Refused('GIVEN_AMOUNT_TOO_LARGE', `${missing} fen too many`)
  return spread
}

function spreadWithin(spread: ReadonlyMap<number, number>, category: Category) {
  return new Map([...spread].filter(([cell]) => columnOf(cell) === COLUMN[category]))
}
