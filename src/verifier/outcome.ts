import type { CounterChange } from '../adjudication/counters.ts'
import type { SettledLine } from '../adjudication/settlement.ts'
import { livesForOneClaim } from './counter-uses.ts'
import { total } from './exact.ts'
import { compareNational } from './national.ts'
import { columnOf, COLUMNS, lineOf, type Replay, type ReplayedLine } from './replay.ts'

/** Compares everything the settlement says with what the replay came to. */
export function compareOutcome(replay: Replay): void {
  compareLines(replay)
  comparePayers(replay)
  compareTotals(replay)
  comparePatient(replay)
  compareFixed(replay)
  compareCounters(replay)
  compareNational(replay)
}

const CATEGORY_NAMES = [
  'deductible',
  'coinsurance',
  'overCap',
  'inScope',
  'preSelfPay',
  'overLimit',
  'ownPay',
] as const

function compareLines(replay: Replay): void {
  const { settlement, findings, lines } = replay
  findings.at('', 'settlement')
  findings.count('lines.length', BigInt(lines.size), settlement.lines.length)
  for (const [index, line] of settlement.lines.entries()) {
    findings.at(`lines[${index}]`, `line ${line.id}`)
    const replayed = lines.get(index)
    if (replayed === undefined) findings.unknown('id', line.id)
    else compareLine(replay, line, replayed)
  }
}

function compareLine(replay: Replay, line: SettledLine, replayed: ReplayedLine): void {
  const { findings } = replay
  findings.fact('id', replayed.id, line.id)
  findings.amount('amount', replayed.amount, line.amount)
  findings.amount('classification.ownPay', replayed.parts.ownPay, line.classification.ownPay)
  findings.amount(
    'classification.overLimit',
    replayed.parts.overLimit,
    line.classification.overLimit,
  )
  findings.amount(
    'classification.preSelfPay',
    replayed.parts.preSelfPay,
    line.classification.preSelfPay,
  )
  findings.amount('classification.inScope', replayed.parts.inScope, line.classification.inScope)
  findings.count('paid.length', BigInt(replay.settlement.payers.length), line.paid.length)
  for (const [payer, amount] of line.paid.entries()) {
    findings.amount(`paid[${payer}]`, replayed.paid.get(payer) ?? 0n, amount)
    findings.notNegative(`paid[${payer}]`, amount)
  }
  findings.count('residual.length', BigInt(COLUMNS), line.residual.length)
  for (const [column, amount] of line.residual.entries()) {
    const left = replay.remaining.get(replayed.index * COLUMNS + column) ?? 0n
    findings.amount(`residual[${column}]`, left, amount)
    findings.notNegative(`residual[${column}]`, amount)
  }
  const patient = total(line.residual.map(BigInt))
  findings.amount('patient', patient, line.patient)
  const borne = total(line.paid.map(BigInt)) + BigInt(line.patient)
  findings.conserved(`line ${line.id}`, borne, BigInt(line.amount))
}

function comparePayers({ settlement, findings, lines }: Replay): void {
  for (const [index, payer] of settlement.payers.entries()) {
    findings.at(`payers[${index}]`, `payer ${payer.id}`)
    const paid = total([...lines.values()].map((line) => line.paid.get(index) ?? 0n))
    findings.amount('amount', paid, payer.amount)
    findings.notNegative('amount', payer.amount)
  }
}

function compareTotals(replay: Replay): void {
  const { settlement, findings, remaining } = replay
  findings.at('', 'settlement')
  const lines = [...replay.lines.values()]
  const charged = lines.filter((line) => !line.added)
  const cost = total(charged.map((line) => line.amount))
  findings.amount('total', cost, settlement.total)
  for (const part of ['ownPay', 'overLimit', 'preSelfPay', 'inScope'] as const) {
    const sum = total(lines.map((line) => line.parts[part]))
    findings.amount(`classification.${part}`, sum, settlement.classification[part])
  }
  for (const [column, category] of CATEGORY_NAMES.entries()) {
    const cells = [...remaining].filter(([cell]) => columnOf(cell) === column)
    const sum = total(cells.map(([, amount]) => amount))
    findings.amount(`residual.${category}`, sum, settlement.residual[category])
  }
  findings.amount('deductibleUsed', replay.deductibleTaken, settlement.deductibleUsed)
  findings.amount('packageAdjustment', replay.packageAdjustment, settlement.packageAdjustment)
  const borne =
    total(settlement.payers.map((payer) => BigInt(payer.amount))) + BigInt(settlement.patient.total)
  findings.conserved('settlement', borne, total(lines.map((line) => line.amount)))
  for (const cell of remaining.keys()) {
    if (!replay.lines.has(lineOf(cell))) findings.unknown('cell', cell)
  }
}

function comparePatient({ settlement, findings, remaining, account }: Replay): void {
  findings.at('patient', 'patient')
  const { patient } = settlement
  const left = total(remaining.values())
  findings.amount('total', left, patient.total)
  findings.amount('account.current', account.current, patient.account.current)
  findings.amount('account.history', account.history, patient.account.history)
  findings.amount('account.family', account.family, patient.account.family)
  findings.amount('account.given', account.given, patient.account.given)
  findings.amount('cash', left - total(Object.values(account)), patient.cash)
}

function compareFixed({ settlement, findings, fixed }: Replay): void {
  findings.at('', 'settlement')
  findings.count('fixed.length', BigInt(fixed.length), settlement.fixed.length)
  for (const [index, stated] of settlement.fixed.entries()) {
    const replayed = fixed[index]
    findings.at(`fixed[${index}]`, `fixed payment ${stated.pack}:${stated.benefit}`)
    findings.fact('pack', replayed?.pack ?? '', stated.pack)
    findings.fact('benefit', replayed?.benefit ?? '', stated.benefit)
    findings.fact('payerId', replayed?.payerId ?? '', stated.payerId)
    findings.fact('policyId', replayed?.policyId ?? '', stated.policyId ?? '')
    findings.fact('days', String(replayed?.days ?? ''), String(stated.days ?? ''))
    findings.amount('amount', replayed?.amount ?? 0n, stated.amount)
  }
}

/** Counters of admissions have no step: the stay counts once, whatever is paid. The person has one more of the year. */
const [ADMISSION_OF_STAY, ADMISSIONS_OF_YEAR] = ['admission', 'admissions']

function compareCounters(replay: Replay): void {
  const { settlement, findings, counters } = replay
  const stated = new Set<string>()
  for (const [index, change] of settlement.counters.entries()) {
    findings.at(`counters[${index}]`, `counter ${change.key}`)
    if (stated.has(change.key) || livesForOneClaim(change.key)) {
      findings.unknown('key', change.key)
    }
    stated.add(change.key)
    const replayed = counters.get(change.key)
    if (replayed !== undefined) {
      findings.count('before', replayed.before, change.before)
      findings.count('after', replayed.after, change.after)
    } else compareAdmission(replay, change)
  }
  findings.at('counters', 'counters')
  for (const [key, { before, after }] of counters) {
    if (!livesForOneClaim(key) && before !== after && !stated.has(key)) findings.unknown('key', key)
  }
}

function compareAdmission({ findings }: Replay, { key, before, after }: CounterChange): void {
  const name = key.split('|')[1]
  if (name === ADMISSIONS_OF_YEAR) findings.count('after', BigInt(before) + 1n, after)
  else if (name === ADMISSION_OF_STAY) findings.count('before', 0n, before)
  else findings.unknown('key', key)
}
