import { addFen, fen, subtractFen, sumFen, type Fen } from '../money/fen.ts'
import { CATEGORIES, type Category } from '../rules/category.ts'
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
  const charged = lines.filter(({ by }) => by !== 'package')
  const total = sumFen(charged.map(({ amount }) => fen(amount)))
  const payers = split.payers.map(settledPayer)
  const record: NationalRecord = {
    total,
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
  return {
    kind: 'settlement',
    semantics: SEMANTICS,
    stayId: bill.stayId,
    settlementDay: bill.settlementDay,
    total,
    payers,
    lines: lines.map((line) => settledLine(adjudication, line)),
    classification: classificationOf(lines, true),
    residual: residualOf(adjudication),
    deductibleUsed: fen(split.deductibleUsed),
    packageAdjustment,
    patient,
    fixed: split.fixed,
    counters: adjudication.counters(),
    packs: [...packs].map(([hash, id]) => ({ id, hash })),
    profile: { id: profile.id, hash: profile.hash },
    confirmed: bill.given?.confirmed ?? true,
    setlinfo: writeSetlInfo(record),
    setldetail: writeSetlDetail(record),
    warnings: [],
  }
}

function residualOf(adjudication: Adjudication): Settlement['residual'] {
  const at = (category: Category): Fen => {
    const column = CATEGORIES.indexOf(category)
    return sumFen(adjudication.lines.map(({ index }) => fen(adjudication.residual(index, column))))
  }
  return {
    deductible: at('deductible'),
    coinsurance: at('coinsurance'),
    overCap: at('overCap'),
    inScope: at('inScope'),
    preSelfPay: at('preSelfPay'),
    overLimit: at('overLimit'),
    ownPay: at('ownPay'),
  }
}

function settledPayer(payer: PayerColumn): SettledPayer {
  return {
    id: payer.id,
    kind: payer.kind,
    ...(payer.pack !== undefined && { pack: payer.pack }),
    ...(payer.policyId !== undefined && { policyId: payer.policyId }),
    ...(payer.wire !== undefined && { wire: payer.wire }),
    ...(payer.fundPayType !== undefined && { fundPayType: payer.fundPayType }),
    given: payer.given,
    amount: fen(payer.total),
  }
}

function settledLine(
  adjudication: Adjudication,
  { index, id, amount, parts }: WorkLine,
): SettledLine {
  const residual = CATEGORIES.map((_, column) => fen(adjudication.residual(index, column)))
  const { ownPay, overLimit, preSelfPay, inScope } = parts
  return {
    id,
    amount: fen(amount),
    classification: { ownPay, overLimit, preSelfPay, inScope },
    paid: adjudication.payers.map((payer) => fen(adjudication.paid(payer.index, index))),
    patient: sumFen(residual),
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
