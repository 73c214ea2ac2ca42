import type { Bill } from '../../src/adjudication/bill.ts'
import { COLUMN } from '../../src/rules/category.ts'
import type { AccountPot, Profile } from '../../src/rules/profile.ts'
import { sum } from './exact.ts'

/** How the patient's share is paid, fen; `cash` goes below zero down to what was debited already. */
export interface OracleAccount {
  readonly current: number
  readonly history: number
  readonly family: number
  readonly given: number
  readonly cash: number
  /** What a deposit leaves to give back; below zero: to collect. 0 without a deposit. */
  readonly depositBalance: number
}

/** The personal account pays what the profile lets it, pot after pot. */
export function payFromAccount(
  bill: Bill,
  profile: Profile,
  patientByColumn: readonly number[],
): OracleAccount {
  const paid: Record<AccountPot, number> = { current: 0, history: 0, family: 0 }
  const given: number = bill.given?.accountPaid ?? 0
  const rule = profile.account
  if (given === 0 && rule !== undefined && bill.accountUsed) {
    let left = sum(rule.pays.map((category) => patientByColumn[COLUMN[category]] ?? 0))
    for (const pot of rule.pots) {
      paid[pot] = Math.min(bill.account?.[pot] ?? 0, left)
      left -= paid[pot]
    }
  }
  const cash = sum([...patientByColumn, -given, -paid.current, -paid.history, -paid.family])
  const depositBalance = bill.deposit === undefined ? 0 : bill.deposit - cash
  return { ...paid, given, cash, depositBalance }
}
