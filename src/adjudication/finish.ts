import { addFen, fen, subtractFen, ZERO_FEN, type Fen } from '../money/fen.ts'
import { CATEGORY_COUNT, COLUMN } from '../rules/category.ts'
import type { Adjudication, FinishedSplit } from './adjudication.ts'
import { writeSetlDetail, writeSetlInfo, type NationalRecord } from './setlinfo.ts'
import { SEMANTICS, type SettledLine, type SettledPayer, type Settlement } from './settlement.ts'
import { classificationOf } from './split-start.ts'
import type { PayerColumn, WorkLine } from './split-state.ts'

/** What a settlement says of a bill as a whole, beside its payers. */
export type SettledWhole = Pick<
  Settlement,
  'total' | 'classification' | 'deductibleUsed' | 'confirmed' | 'setlinfo' | 'setldetail'
>

/** The bill as a whole, without an object for each line and payer. */
export function finishWhole(adjudication: Adjudication): SettledWhole {
  const { bill, lines } = adjudication.split
  const record = nationalRecord(adjudication)
  return {
    total: record.total,
    classification: classificationOf(lines, true),
    deductibleUsed: record.deductible,
    confirmed: bill.given?.confirmed ?? true,
    setlinfo: writeSetlInfo(record),
    setldetail: writeSetlDetail(record),
  }
}

/** Renders an adjudicated bill as a settlement: lines, payers, patient and national record. */
export function finishSettlement(adjudication: Adjudication): Omit<Settlement, 'explanation'> {
  const { split, patient, packageAdjustment, packs } = adjudication
  const { bill, profile, lines } = split
  const whole = finishWhole(adjudication)
  return {
    kind: 'settlement',
    semantics: SEMANTICS,
    stayId: bill.stayId,
    settlementDay: bill.settlementDay,
    total: whole.total,
    payers: split.payers.map(settledPayer),
    lines: lines.map((line) => settledLine(adjudication, line)),
    classification: whole.classification,
    residual: residualOf(adjudication),
    deductibleUsed: whole.deductibleUsed,
    packageAdjustment,
    patient,
    fixed: split.fixed,
    counters: adjudication.counters(),
    packs: packs.map(({ id, hash }) => ({ id, hash })),
    profile: { id: profile.id, hash: profile.hash },
    confirmed: whole.confirmed,
    setlinfo: whole.setlinfo,
    setldetail: whole.setldetail,
    warnings: [],
  }
}

function nationalRecord({ split, patient, packageAdjustment }: Adjudication): NationalRecord {
  const { bill, lines, payers } = split
  const { current, history, family, given } = patient.account
  return {
    total: totalOf(lines),
    classification: classificationOf(lines, false),
    payers,
    packageAdjustment: fen(Math.max(0, packageAdjustment)),
    patientTotal: patient.total,
    patientCash: patient.cash,
    accountPaid: addFen(addFen(addFen(current, history), family), given),
    accountMutualAid: given > 0 ? bill.given?.accountMutualAid : family,
    balanceAfter: bill.given?.balanceAfter ?? balanceAfter(split, addFen(current, history)),
    deductible: fen(split.deductibleUsed),
    visit: split.visit,
    person: split.coverage.person,
    settlementId: bill.given?.settlementId,
    messageId: bill.given?.messageId,
  }
}

/** What was charged: all but what a package price added. */
function totalOf(lines: readonly WorkLine[]): Fen {
  let total = ZERO_FEN
  for (const { by, amount } of lines) if (by !== 'package') total = fen(total + amount)
  return total
}

function residualOf(adjudication: Adjudication): Settlement['residual'] {
  const at = (column: number): Fen => {
    let sum = ZERO_FEN
    for (let line = 0; line < adjudication.lines.length; line += 1) {
      sum = addFen(sum, adjudication.residual(line, column))
    }
    return sum
  }
  return {
    deductible: at(COLUMN.deductible),
    coinsurance: at(COLUMN.coinsurance),
    overCap: at(COLUMN.overCap),
    inScope: at(COLUMN.inScope),
    preSelfPay: at(COLUMN.preSelfPay),
    overLimit: at(COLUMN.overLimit),
    ownPay: at(COLUMN.ownPay),
  }
}

function settledPayer(payer: PayerColumn): SettledPayer {
  const { id, kind, pack, policyId, wire, fundPayType } = payer
  // In the order of the interface, which is the order people read it in.
  const stated: Partial<Writable<SettledPayer>> = { id, kind }
  if (pack !== undefined) stated.pack = pack
  if (policyId !== undefined) stated.policyId = policyId
  if (wire !== undefined) stated.wire = wire
  if (fundPayType !== undefined) stated.fundPayType = fundPayType
  stated.given = payer.given
  stated.amount = payer.amount
  return stated as SettledPayer
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function settledLine(
  adjudication: Adjudication,
  { index, id, amount, parts }: WorkLine,
): SettledLine {
  const residual: Fen[] = []
  for (let column = 0; column < CATEGORY_COUNT; column += 1) {
    residual.push(adjudication.residual(index, column))
  }
  const paid: Fen[] = []
  for (let payer = 0; payer < adjudication.payers.length; payer += 1) {
    paid.push(adjudication.paid(payer, index))
  }
  const { ownPay, overLimit, preSelfPay, inScope } = parts
  return {
    id,
    amount: fen(amount),
    classification: { ownPay, overLimit, preSelfPay, inScope },
    paid,
    patient: adjudication.patientOf(index),
    residual,
  }
}

function balanceAfter(split: FinishedSplit, paid: Fen): Fen | undefined {
  const { account } = split.bill
  if (account?.current === undefined && account?.history === undefined) return undefined
  const before = addFen(account.current ?? fen(0), account.history ?? fen(0))
  return subtractFen(before, paid)
}
