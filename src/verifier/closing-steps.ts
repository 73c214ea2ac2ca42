import type { AccountStep, PatientStep } from '../adjudication/explanation.ts'
import { smaller, total } from './exact.ts'
import { columnOf, COLUMNS, type Replay } from './replay.ts'

export function replayAccount(replay: Replay, step: AccountStep): void {
  const { findings } = replay
  checkPayable(replay, step.payable)
  let left = BigInt(step.payable)
  const account = { ...replay.account }
  for (const [index, { pot, balance, paid }] of step.pots.entries()) {
    const due = pot === 'given' ? BigInt(balance) : smaller(BigInt(balance), left)
    findings.amount(`pots[${index}].paid`, due, paid)
    left -= due
    account[pot] += due
  }
  replay.account = account
}

/** The profile says which categories the account may pay; the amount must be the sum of some of them. */
function checkPayable({ findings, remaining }: Replay, payable: number): void {
  let sums = new Set([0n])
  for (let column = 0; column < COLUMNS; column += 1) {
    const inColumn = [...remaining].filter(([cell]) => columnOf(cell) === column)
    const held = total(inColumn.map(([, amount]) => amount))
    sums = new Set([...sums, ...[...sums].map((sum) => sum + held)])
  }
  if (!sums.has(BigInt(payable))) findings.amount('payable', total(remaining.values()), payable)
}

export function replayPatient(replay: Replay, step: PatientStep): void {
  const { findings } = replay
  const patient = total(replay.remaining.values())
  const account = total(Object.values(replay.account))
  findings.amount('total', patient, step.total)
  findings.amount('account', account, step.account)
  findings.amount('cash', patient - account, step.cash)
  const { depositBalance } = replay.settlement.patient
  const balance = step.deposit === undefined ? undefined : BigInt(step.deposit) - patient + account
  findings.fact('depositBalance', String(balance), String(depositBalance))
}
