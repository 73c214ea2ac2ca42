import { fen, type Fen } from '../../money/fen.ts'
import type { BookRow } from '../../reconciliation/book-row.ts'
import {
  differenceOf,
  type BookTotals,
  type Comparison,
  type Discrepancy,
} from '../../reconciliation/discrepancy.ts'
import { inReportOrder, type DiscrepancyKind } from '../../reconciliation/kinds.ts'
import { nationalAmounts, type NationalRow } from '../../reconciliation/national-row.ts'
import { grouped, sumAmounts } from '../../reconciliation/open-rows.ts'
import type { Bilingual } from '../../rules/pack.ts'

/** A comparison of either format, ready to be shown. */
export interface ReconciliationView {
  readonly format: '3202' | 'export'
  readonly names: { readonly ours: string; readonly theirs: string }
  readonly amounts: readonly AmountName[]
  readonly ours: BookTotals
  readonly theirs: BookTotals
  /** Theirs less ours, fen. */
  readonly difference: readonly Fen[]
  readonly discrepancies: readonly ShownDiscrepancy[]
}

export interface AmountName {
  readonly name: string
  readonly label: Bilingual
}

export interface ShownDiscrepancy {
  readonly kind: DiscrepancyKind
  readonly where: readonly Place[]
  /** Sums of its rows, fen; undefined where a side has none. */
  readonly ours: readonly Fen[] | undefined
  readonly theirs: readonly Fen[] | undefined
  readonly effect: readonly Fen[]
  /** Where the sum says too little: what differs inside it. */
  readonly parts: readonly Part[]
  /** The rows themselves, for programs. */
  readonly rows: { readonly ours: readonly object[]; readonly theirs: readonly object[] }
}

/** Rows of a discrepancy that belong together on both sides. */
export interface Part {
  readonly name: string
  readonly ours: readonly Fen[]
  readonly theirs: readonly Fen[]
}

/** What rows have under one field: at ours, and at theirs where that is not the same. */
export interface Place {
  readonly field: string
  readonly label: Bilingual
  readonly ours: readonly string[]
  readonly theirs: readonly string[]
}

/** A field by which a difference is found again in a book. */
interface PlaceField<Row> {
  readonly field: string
  readonly label: Bilingual
  readonly valueOf: (row: Row) => string
  /** Shown only when it is not this, or the sides differ. */
  readonly usual?: string
}

const BOOK_FIELDS: readonly PlaceField<BookRow>[] = [
  field('settlement', '结算', 'settlement', (row) => row.settlement),
  field('kind', '类别', 'kind', (row) => row.kind, 'settlement'),
  field('line', '明细', 'line', (row) => row.line),
  field('payer', '支付方', 'payer', (row) => row.payer),
  field('payee', '收款方', 'payee', (row) => row.payee),
  field('day', '记账日', 'day', (row) => row.day),
  field('hospital', '机构', 'hospital', (row) => row.hospital),
  field('stay', '就诊', 'stay', (row) => row.stay),
  field('person', '人员', 'person', (row) => row.person),
]

const NATIONAL_FIELDS: readonly PlaceField<NationalRow>[] = [
  field('setl_id', '结算', 'setl_id', (row) => row.id),
  field('refd_setl_flag', '退费标志', 'refd_setl_flag', (row) => (row.reversal ? '1' : '0'), '0'),
  field('mdtrt_id', '就诊', 'mdtrt_id', (row) => row.visit),
  field('psn_no', '人员', 'psn_no', (row) => row.person),
  field('msgid', '报文', 'msgid', (row) => row.messageId ?? ''),
]

function field<Row>(
  name: string,
  zh: string,
  en: string,
  valueOf: (row: Row) => string,
  usual = '',
): PlaceField<Row> {
  return { field: name, label: { zh, en }, valueOf, usual }
}

export function bookView(
  comparison: Comparison<BookRow>,
  names: ReconciliationView['names'],
): ReconciliationView {
  return {
    format: 'export',
    names,
    amounts: [{ name: 'amount', label: { zh: '金额', en: 'amount' } }],
    ...shown(comparison, BOOK_FIELDS, ({ amount }) => [amount], bookPart),
  }
}

export function nationalView(
  comparison: Comparison<NationalRow>,
  names: ReconciliationView['names'],
): ReconciliationView {
  return {
    format: '3202',
    names,
    amounts: [
      { name: 'total', label: { zh: '医疗费总额', en: 'total' } },
      { name: 'fund', label: { zh: '基金支付', en: 'fund' } },
      { name: 'account', label: { zh: '个人账户', en: 'account' } },
    ],
    ...shown(comparison, NATIONAL_FIELDS, nationalAmounts, ({ id }) => id),
  }
}

function bookPart({ settlement, line, payer }: BookRow): string {
  return [settlement, line, payer].filter((text) => text !== '').join(' ')
}

function shown<Row extends object>(
  comparison: Comparison<Row>,
  fields: readonly PlaceField<Row>[],
  amountsOf: (row: Row) => readonly Fen[],
  partOf: (row: Row) => string,
): Pick<ReconciliationView, 'ours' | 'theirs' | 'difference' | 'discrepancies'> {
  const { ours, theirs, discrepancies } = comparison
  const sum = (rows: readonly Row[]) => sumAmounts(rows, amountsOf, ours.amounts.length)
  const sumOfAny = (rows: readonly Row[]) => (rows.length === 0 ? undefined : sum(rows))
  return {
    ours,
    theirs,
    difference: differenceOf(comparison).map(fen),
    discrepancies: inReportOrder(discrepancies).map((item) => ({
      kind: item.kind,
      where: fields.flatMap((place) => placeOf(item, place)),
      ours: sumOfAny(item.ours),
      theirs: sumOfAny(item.theirs),
      effect: item.effect,
      parts: partsOf(item, sum, partOf),
      rows: { ours: item.ours, theirs: item.theirs },
    })),
  }
}

/** Kinds whose sum hides what is wrong. */
const WITH_PARTS: readonly DiscrepancyKind[] = [
  'sharesDiffer',
  'split',
  'merged',
  'rounding',
  'compensating',
  'severalDiffer',
]

function partsOf<Row>(
  { kind, ours, theirs }: Discrepancy<Row>,
  sum: (rows: readonly Row[]) => readonly Fen[],
  partOf: (row: Row) => string,
): readonly Part[] {
  if (!WITH_PARTS.includes(kind)) return []
  const [left, right] = [grouped(ours, partOf), grouped(theirs, partOf)]
  const names = [...new Set([...left.keys(), ...right.keys()])]
  const parts = names.map((name) => ({
    name,
    ours: sum(left.get(name) ?? []),
    theirs: sum(right.get(name) ?? []),
  }))
  return parts.length < 2 ? [] : parts
}

function placeOf<Row>(
  { ours, theirs }: Discrepancy<Row>,
  { field: name, label, usual, valueOf }: PlaceField<Row>,
): readonly Place[] {
  const place = {
    field: name,
    label,
    ours: [...new Set(ours.map(valueOf))],
    theirs: [...new Set(theirs.map(valueOf))],
  }
  const values = [...place.ours, ...place.theirs]
  return values.every((value) => value === usual || value === '') ? [] : [place]
}
