import type { Problem } from '../errors/problem.ts'
import { addFen, fen, subtractFen, sumFen, type Fen } from '../money/fen.ts'
import { CATEGORIES, CATEGORY_COUNT, type Category } from '../rules/category.ts'
import { patientPart, patientTotals } from './account.ts'
import type { OpenLine } from './open-bill.ts'
import { writeSetlDetail, writeSetlInfo, type NationalRecord } from './setlinfo.ts'
import {
  SEMANTICS,
  type PatientPart,
  type SettledLine,
  type SettledPayer,
  type Settlement,
} from './settlement.ts'
import { classificationOf } from './split-start.ts'
import type { PayerColumn, SplitState } from './split-state.ts'

/** Turns a finished split into the settlement: lines, payers, patient, national record and explanation. */
export function finishSettlement(
  state: SplitState,
  lines: readonly OpenLine[],
  packageAdjustment: number,
  packs: ReadonlyMap<string, string>,
  warnings: readonly Problem[],
): Settlement {
  const { bill, profile } = state
  const residual = residualOf(state)
  const patient = patientPart(state)
  const charged = lines.filter(({ by }) => by !== 'package')
  const total = sumFen(charged.map(({ amount }) => amount))
  const payers = state.payers.map(settledPayer)
  const record: NationalRecord = {
    total,
    classification: classificationOf(charged),
    payers,
    packageAdjustment: fen(Math.max(0, packageAdjustment)),
    patientTotal: patient.total,
    patientCash: patient.cash,
    ...accountPart(state, patient),
    deductible: fen(state.deductibleUsed),
    visit: state.visit,
    person: state.coverage.person,
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
    lines: lines.map((open, index) => settledLine(state, open, index)),
    classification: classificationOf(lines),
    residual,
    deductibleUsed: fen(state.deductibleUsed),
    packageAdjustment: fen(packageAdjustment),
    patient,
    fixed: state.fixed,
    counters: state.book.changes(),
    packs: [...packs].map(([hash, id]) => ({ id, hash })),
    profile: { id: profile.id, hash: profile.hash },
    confirmed: bill.given?.confirmed ?? true,
    setlinfo: writeSetlInfo(record),
    setldetail: writeSetlDetail(record),
    warnings,
    explanation: state.steps,
  }
}

function residualOf(state: SplitState): Settlement['residual'] {
  const totals = patientTotals(state)
  const at = (category: Category): Fen => fen(totals[CATEGORIES.indexOf(category)] ?? 0)
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

function settledLine(state: SplitState, open: OpenLine, index: number): SettledLine {
  const first = index * CATEGORY_COUNT
  const residual = CATEGORIES.map((_, column) => fen(state.remaining[first + column] ?? 0))
  return {
    id: open.line.id,
    amount: open.amount,
    classification: open.classification,
    paid: state.payers.map((payer) => fen(payer.paid[index] ?? 0)),
    patient: sumFen(residual),
    residual,
  }
}

function accountPart(
  state: SplitState,
  patient: PatientPart,
): Pick<NationalRecord, 'accountPaid' | 'accountMutualAid' | 'balanceAfter'> {
  const { current, history, family, given } = patient.account
  const { bill } = state
  const accountPaid = sumFen([current, history, family, given])
  const mutual = given > 0 ? bill.given?.accountMutualAid : family
  const balance = bill.given?.balanceAfter ?? balanceAfter(state, addFen(current, history))
  return {
    accountPaid,
    ...(mutual !== undefined && { accountMutualAid: mutual }),
    ...(balance !== undefined && { balanceAfter: balance }),
  }
}

function balanceAfter(state: SplitState, paid: Fen): Fen | undefined {
  const { account } = state.bill
  if (account?.current === undefined && account?.history === undefined) return undefined
  const before = addFen(account.current ?? fen(0), account.history ?? fen(0))
  return subtractFen(before, paid)
}
