import { assert } from '../assert.ts'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import type { SetlInfo } from '../adjudication/settlement.ts'
import type { LedgerRecord, SplitRecord } from '../ledger/record.ts'
import { fen, parseYuan, subtractFen, ZERO_FEN, type Fen } from '../money/fen.ts'
import type { NationalRow } from './national-row.ts'
import { membersOf } from './payees.ts'
import { recordsBySeq, settlementId, splitAt, type RecordAt } from './settlement-book.ts'

/** A row of our 3202 file with what 3201 groups it by. */
export interface OurNationalRow extends NationalRow {
  readonly settlement: string
  readonly hospital: string
  /** Accounting day, YYYY-MM-DD. */
  readonly day: string
  /** psn_cash_pay, fen; what payers outside the national record paid is in it. */
  readonly cash: Fen
  /** clr_optins, insutype and clr_type; undefined where neither bill nor platform stated them. */
  readonly clearingAgency: string | undefined
  readonly insuranceType: string | undefined
  readonly clearingType: string | undefined
}

/** The national rows of a history in memory. */
export function nationalRows(records: readonly LedgerRecord[]): readonly OurNationalRow[] {
  return [...nationalEntries(records, recordsBySeq(records))]
}

/**
 * One row for every settlement, one for what takes it back, one for each difference of a recalculation, none where it changes no amount; amounts are those of
 * the record's setlinfo. A settlement has the platform's setl_id where there is one, its reversal the same, a recalculation
 * its own. Supplements pay the patient and claim nothing of the fund for the hospital, so they have no row.
 */
export function* nationalEntries(
  records: Iterable<LedgerRecord>,
  recordAt: RecordAt,
): Generator<OurNationalRow> {
  const platform = new Map<number, SetlInfo>()
  const recalculated = new Map<number, SetlInfo>()
  for (const record of records) {
    if (record.kind === 'settlement') {
      if (isNational(record)) yield rowOf(record, record.answer.setlinfo, record.day)
    } else if (record.kind === 'confirmed') {
      const split = splitAt(record.settlement, recordAt)
      const stated = statedBy(record.platform)
      platform.set(split.seq, stated)
      yield rowOf(split, split.answer.setlinfo, record.day, stated)
    } else if (record.kind === 'reversal' || record.kind === 'recalculation') {
      const split = splitAt(record.settlement, recordAt)
      if (!isNational(split)) continue
      const now = recalculated.get(split.seq) ?? split.answer.setlinfo
      const row = rowOf(split, now, record.day, platform.get(split.seq))
      if (record.kind === 'reversal') {
        recalculated.delete(split.seq)
        yield { ...row, ...amountsLess(NOTHING, row), reversal: true }
      } else {
        recalculated.set(split.seq, record.answer.setlinfo)
        const difference = amountsLess(amountsOf(record.answer.setlinfo), row)
        if (Object.values(difference).every((amount) => amount === 0)) continue
        yield { ...row, ...difference, id: settlementId(record.seq) }
      }
    }
  }
}

function isNational({ operation }: SplitRecord): boolean {
  return operation !== 'supplement'
}

/** The setlinfo of the answer that confirmed a prepared settlement. */
function statedBy(platform: unknown): SetlInfo {
  const members = membersOf(platform)
  const setlinfo = membersOf(members['setlinfo'] ?? membersOf(members['output'])['setlinfo'])
  return Object.fromEntries(
    Object.entries(setlinfo).flatMap(([field, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[field, String(value)]] : [],
    ),
  )
}

function rowOf(
  split: SplitRecord,
  setlinfo: SetlInfo,
  day: number,
  stated: SetlInfo = {},
): OurNationalRow {
  const field = (name: string) => textOf(stated[name]) ?? textOf(setlinfo[name])
  const settlement = settlementId(split.seq)
  return {
    settlement,
    hospital: split.hospital,
    day: formatEpochDay(day),
    id: field('setl_id') ?? settlement,
    visit: field('mdtrt_id') ?? split.stay,
    person: field('psn_no') ?? split.person,
    ...amountsOf(setlinfo),
    reversal: false,
    clearingAgency: field('clr_optins'),
    insuranceType: field('insutype'),
    clearingType: field('clr_type'),
  }
}

function textOf(value: string | null | undefined): string | undefined {
  return value === null || value === '' ? undefined : value
}

type Amounts = Pick<OurNationalRow, 'total' | 'fund' | 'account' | 'cash'>

const NOTHING: Amounts = { total: ZERO_FEN, fund: ZERO_FEN, account: ZERO_FEN, cash: ZERO_FEN }

function amountsOf(setlinfo: SetlInfo): Amounts {
  return {
    total: amountIn(setlinfo, 'medfee_sumamt'),
    fund: amountIn(setlinfo, 'fund_pay_sumamt'),
    account: amountIn(setlinfo, 'acct_pay'),
    cash: amountIn(setlinfo, 'psn_cash_pay'),
  }
}

function amountsLess(left: Amounts, right: Amounts): Amounts {
  return {
    total: subtractFen(left.total, right.total),
    fund: subtractFen(left.fund, right.fund),
    account: subtractFen(left.account, right.account),
    cash: subtractFen(left.cash, right.cash),
  }
}

/** Our own setlinfo is written from whole fen, so anything else is a damaged record. */
function amountIn(setlinfo: SetlInfo, field: string): Fen {
  const read = parseYuan(setlinfo[field] ?? '')
  assert(read.ok, 'a settlement record states its national amounts in yuan')
  return fen(read.value)
}
