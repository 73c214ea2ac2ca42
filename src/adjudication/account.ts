import { fen } from '../money/fen.ts'
import { CATEGORIES, CATEGORY_COUNT, COLUMN } from '../rules/category.ts'
import type { AccountStep } from './explanation.ts'
import type { PatientPart } from './settlement.ts'
import { sumOf, type SplitState } from './split-state.ts'

type Pots = { current: number; history: number; family: number; given: number }

/**
 * How the patient pays the patient's share: account by the profile's pots and categories, then cash. Money the
 * platform has already debited counts first; cash may then be below zero down to it: a refund owed.
 */
export function patientPart(state: SplitState): PatientPart {
  const totals = patientTotals(state.remaining, state.cellCount, state.work.totals)
  const total = sumOf(totals)
  const paid: Pots = {
    current: 0,
    history: 0,
    family: 0,
    given: state.bill.given?.accountPaid ?? 0,
  }
  const pots: AccountStep['pots'][number][] = []
  if (paid.given > 0) pots.push({ pot: 'given', balance: paid.given, paid: paid.given })
  const payable = payableByAccount(state, totals)
  let open = Math.max(0, Math.min(payable, total - paid.given))
  if (paid.given === 0 && state.bill.accountUsed) {
    for (const pot of state.profile.account?.pots ?? []) {
      const balance = state.bill.account?.[pot] ?? 0
      const amount = Math.min(balance, open)
      if (balance > 0) pots.push({ pot, balance, paid: amount })
      paid[pot] = amount
      open -= amount
    }
  }
  const account = paid.current + paid.history + paid.family + paid.given
  const cash = total - account
  const { deposit } = state.bill
  if (state.recording) {
    if (pots.length > 0) state.steps.push({ step: 'account', pots, payable })
    const step = { step: 'patient', total, account, cash } as const
    state.steps.push(deposit === undefined ? step : { ...step, deposit })
  }
  const part: PatientPart = {
    total: fen(total),
    account: {
      current: fen(paid.current),
      history: fen(paid.history),
      family: fen(paid.family),
      given: fen(paid.given),
    },
    cash: fen(cash),
  }
  return deposit === undefined ? part : { ...part, depositBalance: fen(deposit - cash) }
}

/** Sums of the cells by category column, into `totals`. */
function patientTotals(cells: Float64Array, count: number, totals: Float64Array): Float64Array {
  totals.fill(0)
  for (let cell = 0; cell < count; cell += CATEGORY_COUNT) {
    for (let column = 0; column < CATEGORY_COUNT; column += 1) {
      totals[column] = (totals[column] ?? 0) + (cells[cell + column] ?? 0)
    }
  }
  return totals
}

function payableByAccount(state: SplitState, totals: Float64Array): number {
  let payable = 0
  const { account } = state.profile
  if (account === undefined) return payable
  for (const category of CATEGORIES) {
    if (account.pays.includes(category)) payable += totals[COLUMN[category]] ?? 0
  }
  return payable
}
