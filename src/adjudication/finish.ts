import { addFen, fen, subtractFen, sumFen, ZERO_FEN, type Fen } from '../money/fen.ts'
import { CATEGORY_COUNT, COLUMN } from '../rules/category.ts'
import type { Adjudication, FinishedSplit } from './adjudication.ts'
import { writeSetlDetail, writeSetlInfo, type NationalRecord } from './setlinfo.ts'
import {
  SEMANTICS,
  type PatientPart,
  type SettledLine,
  type SettledPayer,
  type Settlement,
} from './settlement.ts'
import { classificationOf } from './split-start.ts'
import type { PayerColumn, WorkLine } from './split-state.ts'

/** Renders an adjudicated bill as a settlement: lines, payers, patient and national record. */
export function finishSettlement(adjudication: Adjudication): Omit<Settlement, 'explanation'> {
  const { split, patient, packageAdjustment, packs } = adjudication
  const { bill, profile, lines } = split
  const payers = split.payers.map(settledPayer)
  const record = nationalRecord(adjudication, payers)
  const used: Settlement['packs'][number][] = []
  for (const [hash, id] of packs) used.push({ id, hash })
  return {
    kind: 'settlement',
    semantics: SEMANTICS,
    stayId: bill.stayId,
    settlementDay: bill.settlementDay,
    total: record.total,
    payers,
    lines: lines.map((line) => settledLine(adjudication, line)),
    classification: classificationOf(lines, true),
    residual: residualOf(adjudication),
    deductibleUsed: record.deductible,
    packageAdjustment,
    patient,
    fixed: split.fixed,
    counters: adjudication.counters(),
    packs: used,
    profile: { id: profile.id, hash: profile.hash },
    confirmed: bill.given?.confirmed ?? true,
    setlinfo: writeSetlInfo(record),
    setldetail: writeSetlDetail(record),
    warnings: [],
  }
}

function nationalRecord(
  { split, patient, packageAdjustment }: Adjudication,
  payers: readonly SettledPayer[],
): NationalRecord {
  const { bill, lines } = split
  return {
    total: totalOf(lines),
    classification: classificationOf(lines, false),
    payers,
    packageAdjustment: fen(Math.max(0, packageAdjustment)),
    patientTotal: patient.total,
    patientCash: patient.cash,
    ...accountPart(split, patient),
    deductible: fen(split.deductibleUsed),
    visit: split.visit,
    person: split.coverage.person,
    ...(bill.given?.settlementId !== undefined && { settlementId: bill.given.settlementId }),
    ...(bill.given?.messageId !== undefined && { messageId: bill.given.messageId }),
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
      sum = fen(sum + adjudication.residual(line, column))
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
  stated.amount = fen(payer.total)
  return stated as SettledPayer
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function settledLine(
  adjudication: Adjudication,
  { index, id, amount, parts }: WorkLine,
): SettledLine {
  const residual: Fen[] = []
  let patient = ZERO_FEN
  for (let column = 0; column < CATEGORY_COUNT; column += 1) {
    const left = fen(adjudication.residual(index, column))
    residual.push(left)
    patient = fen(patient + left)
  }
  const paid: Fen[] = []
  for (let payer = 0; payer < adjudication.payers.length; payer += 1) {
    paid.push(fen(adjudication.paid(payer, index)))
  }
  const { ownPay, overLimit, preSelfPay, inScope } = parts
  return {
    id,
    amount: fen(amount),
    classification: { ownPay, overLimit, preSelfPay, inScope },
    paid,
    patient,
    residual,
  }
}

function accountPart(
  split: FinishedSplit,
  patient: PatientPart,
): Pick<NationalRecord, 'accountPaid' | 'accountMutualAid' | 'balanceAfter'> {
  const { current, history, family, given } = patient.account
  const { bill } = split
  const accountPaid = sumFen([current, history, family, given])
  const mutual = given > 0 ? bill.given?.accountMutualAid : family
  const balance = bill.given?.balanceAfter ?? balanceAfter(split, addFen(current, history))
  return {
    accountPaid,
    ...(mutual !== undefined && { accountMutualAid: mutual }),
    ...(balance !== undefined && { balanceAfter: balance }),
  }
}

function balanceAfter(split: FinishedSplit, paid: Fen): Fen | undefined {
  const { account } = split.bill
  if (account?.current === undefined && account?.history === undefined) return undefined
  const before = addFen(account.current ?? fen(0), account.history ?? fen(0))
  return subtractFen(before, paid)
}
