import { addFen, fen, formatYuanGrouped, ZERO_FEN, type Fen } from '../../money/fen.ts'
import { KINDS, type DiscrepancyKind } from '../../reconciliation/kinds.ts'
import { grouped } from '../../reconciliation/open-rows.ts'
import type { Bilingual } from '../../rules/pack.ts'
import { counted, inline, worded, type ShownLanguage } from '../language.ts'
import { fit, widthOf, wrap } from './columns.ts'
import type { Part, Place, ReconciliationView, ShownDiscrepancy } from './reconciliation-view.ts'

interface Layout {
  readonly shown: ShownLanguage
  readonly columns: number
  /** Columns of an amount. */
  readonly amount: number
}

/** Discrepancies of one kind beyond this are counted and left to the JSON answer. */
const SHOWN_PER_KIND = 20

/** The comparison for people: both books, every difference under its kind, and what the difference is made of. */
export function reconciliationText(
  view: ReconciliationView,
  shown: ShownLanguage,
  columns: number,
): string {
  const layout = { shown, columns, amount: amountWidth(view) }
  const head = [...booksPart(view, layout), ...verdictPart(view, layout)]
  if (view.discrepancies.length === 0) return head.join('\n')
  const kinds = [...grouped(view.discrepancies, ({ kind }) => kind).values()]
  const parts = kinds.flatMap((items, index) => ['', ...kindPart(index + 1, items, view, layout)])
  return [...head, ...parts, '', ...compositionPart(kinds, view, layout)].join('\n')
}

function amountWidth({ ours, theirs, discrepancies }: ReconciliationView): number {
  const amounts = [ours.amounts, theirs.amounts, ...discrepancies.map(({ effect }) => effect)]
  const widest = amounts.flat().reduce((most, item) => Math.max(most, Math.abs(item)), 0)
  return Math.max(HEADING_WIDTH, formatYuanGrouped(fen(widest)).length + 2)
}

/** What stands above an amount fits into its column, with a space before it. */
const HEADING_WIDTH = 12

/** Label, then amounts to the right; a label that does not fit beside them stands above. */
function row(label: string, cells: readonly string[], layout: Layout): readonly string[] {
  const { columns, amount } = layout
  const space = columns - cells.length * amount
  const amounts = cells.map((cell) => fit(cell, amount, 'right')).join('')
  if (widthOf(label) < space) return [fit(label, space) + amounts]
  const [lead = ''] = /^ */.exec(label) ?? []
  return [...hanging(lead, label.trimStart(), layout), ' '.repeat(Math.max(0, space)) + amounts]
}

function rule({ columns }: Layout): string {
  return '─'.repeat(columns)
}

/** A difference with its sign; a dash where there is none. */
function signed(amount: number): string {
  if (amount === 0) return '–'
  return `${amount > 0 ? '+' : ''}${formatYuanGrouped(fen(amount))}`
}

function languagesOf(shown: ShownLanguage): readonly ('zh' | 'en')[] {
  return shown === 'both' ? ['zh', 'en'] : [shown]
}

const SIDES: readonly Bilingual[] = [
  { zh: '我方', en: 'ours' },
  { zh: '对方', en: 'theirs' },
  { zh: '差额', en: 'difference' },
]

function sideHeadings(label: Bilingual, layout: Layout): readonly string[] {
  return languagesOf(layout.shown).flatMap((language) =>
    row(
      label[language],
      SIDES.map((side) => side[language]),
      layout,
    ),
  )
}

function booksPart(view: ReconciliationView, layout: Layout): readonly string[] {
  const { amounts, difference, names, ours, theirs } = view
  const say = (text: Bilingual) => inline(text, layout.shown)
  const fileLine = (side: Bilingual | undefined, name: string) =>
    wrap(`${side === undefined ? '' : say(side)}: ${name}`, layout.columns)
  const count = theirs.rows - ours.rows
  const counts = [ours.rows, theirs.rows].map((rows) => rows.toLocaleString('en-US'))
  return [
    ...fileLine(SIDES[0], names.ours),
    ...fileLine(SIDES[1], names.theirs),
    rule(layout),
    ...sideHeadings({ zh: '两账合计（元）', en: 'the books (yuan)' }, layout),
    rule(layout),
    ...amounts.flatMap(({ label }, index) => {
      const cells = [ours, theirs].map((side) => formatYuanGrouped(side.amounts[index] ?? ZERO_FEN))
      return row(say(label), [...cells, signed(difference[index] ?? 0)], layout)
    }),
    ...row(
      say({ zh: '行数', en: 'rows' }),
      [...counts, count === 0 ? '–' : `${count > 0 ? '+' : ''}${count.toLocaleString('en-US')}`],
      layout,
    ),
    rule(layout),
  ]
}

function verdictPart(view: ReconciliationView, layout: Layout): readonly string[] {
  const { discrepancies, difference, ours, theirs } = view
  const isEmpty = ours.rows + theirs.rows === 0
  const kinds = new Set(discrepancies.map(({ kind }) => kind)).size
  const found = discrepancies.length
  const isLevel = difference.every((amount) => amount === 0)
  const verdict =
    found === 0
      ? {
          zh: `✓ 两账一致${isEmpty ? '：都没有内容' : ''}`,
          en: `✓ the books are level${isEmpty ? ': both are empty' : ''}`,
        }
      : {
          zh: `✗ ${isLevel ? '总额一致，但' : ''}有 ${found} 处差异，${kinds} 种`,
          en: `✗ ${isLevel ? `the totals are level, but there ${found === 1 ? 'is' : 'are'} ` : ''}${counted(found, 'difference')} of ${counted(kinds, 'kind')}`,
        }
  return worded(verdict, layout.shown).flatMap((text) => wrap(text, layout.columns))
}

function kindPart(
  number: number,
  items: readonly ShownDiscrepancy[],
  view: ReconciliationView,
  layout: Layout,
): readonly string[] {
  const [first] = items
  if (first === undefined) return []
  const { causeEn, causeZh, doEn, doZh, en, zh } = KINDS[first.kind]
  const title = `${number}. ${inline({ zh, en }, layout.shown)} (${items.length})`
  const advice = languagesOf(layout.shown).flatMap((language) => [
    ...hanging('   ', language === 'zh' ? causeZh : causeEn, layout),
    ...hanging('   → ', language === 'zh' ? doZh : doEn, layout),
  ])
  const rest = items.length - SHOWN_PER_KIND
  const more = {
    zh: `…… 还有 ${rest} 处，用 --json 列出全部`,
    en: `… and ${rest} more; --json lists all of them`,
  }
  return [
    ...wrap(title, layout.columns),
    ...advice,
    ...items.slice(0, SHOWN_PER_KIND).flatMap((item) => itemLines(item, view, layout)),
    ...(rest > 0 ? worded(more, layout.shown).map((text) => `   ${text}`) : []),
  ]
}

function hanging(lead: string, text: string, { columns }: Layout): readonly string[] {
  const indent = ' '.repeat(widthOf(lead))
  return wrap(text, columns - widthOf(lead)).map(
    (line, index) => (index === 0 ? lead : indent) + line,
  )
}

function itemLines(
  { where, ours, theirs, effect, parts }: ShownDiscrepancy,
  { amounts }: ReconciliationView,
  layout: Layout,
): readonly string[] {
  const places = where.map((place) => placeText(place, layout)).join(' · ')
  const changed = amounts.flatMap((_, index) => (effect[index] === 0 ? [] : [index]))
  const label = (index: number) => inline(amounts[index]?.label ?? { zh: '', en: '' }, layout.shown)
  const cell = (side: readonly Fen[] | undefined, index: number) =>
    side === undefined ? '–' : formatYuanGrouped(side[index] ?? ZERO_FEN)
  return [
    ...hanging('   · ', places, layout),
    ...partLines(parts, label, layout),
    // Where no amount differs the first one says how much is at stake.
    ...(changed.length === 0 ? [0] : changed).flatMap((index) => {
      const cells = [cell(ours, index), cell(theirs, index), signed(effect[index] ?? 0)]
      return row(`     ${label(index)}`, cells, layout)
    }),
  ]
}

/** More parts of one discrepancy are left to the JSON answer. */
const PARTS_SHOWN = 8

/** What differs inside a discrepancy, each part with the amounts that differ. */
function partLines(
  parts: readonly Part[],
  label: (index: number) => string,
  layout: Layout,
): readonly string[] {
  const lines = parts.flatMap(({ name, ours, theirs }) =>
    ours.flatMap((amount, index) => {
      const other = theirs[index] ?? ZERO_FEN
      if (amount === other) return []
      const cells = [amount, other].map((item) => (item === 0 ? '–' : formatYuanGrouped(item)))
      const text = ours.length > 1 ? `${name} ${label(index)}` : name
      return [row(`       ${text}`, [...cells, signed(other - amount)], layout)]
    }),
  )
  const rest = lines.length - PARTS_SHOWN
  return [...lines.slice(0, PARTS_SHOWN).flat(), ...(rest > 0 ? [`       … (${rest})`] : [])]
}

/** Values that are too many to read are counted. */
const VALUES_SHOWN = 3

function placeText({ label, ours, theirs }: Place, { shown }: Layout): string {
  const texts = (values: readonly string[]) =>
    values.length > VALUES_SHOWN
      ? `×${values.length}`
      : values.map((value) => value || '–').join(', ')
  const [left, right] = [texts(ours), texts(theirs)]
  const isOne = ours.length === 0 || theirs.length === 0 || left === right
  const value = isOne ? (ours.length > 0 ? left : right) : `${left} ≠ ${right}`
  return `${inline(label, shown)} ${value}`
}

/** The effects of all kinds, whose sum is the difference of the books. */
function compositionPart(
  kinds: readonly (readonly ShownDiscrepancy[])[],
  { amounts, difference }: ReconciliationView,
  layout: Layout,
): readonly string[] {
  const say = (text: Bilingual) => inline(text, layout.shown)
  const sums = kinds.map((items) => amounts.map((_, index) => sumOf(items, index)))
  const nameOf = (kind: DiscrepancyKind) => say({ zh: KINDS[kind].zh, en: KINDS[kind].en })
  const found = amounts.map((_, index) =>
    sums.reduce((sum, effect) => addFen(sum, effect[index] ?? ZERO_FEN), ZERO_FEN),
  )
  const headings = languagesOf(layout.shown).flatMap((language) =>
    row(
      language === 'zh' ? '差额的构成（元）' : 'what the difference is made of',
      amounts.map(({ label }) => label[language]),
      layout,
    ),
  )
  return [
    rule(layout),
    ...headings,
    rule(layout),
    ...kinds.flatMap((items, index) => {
      const [first] = items
      if (first === undefined) return []
      const label = `${index + 1}. ${nameOf(first.kind)} (${items.length})`
      return row(label, (sums[index] ?? []).map(signed), layout)
    }),
    rule(layout),
    ...row(say({ zh: '以上合计', en: 'sum of these' }), found.map(signed), layout),
    ...row(say({ zh: '两账之差', en: 'difference of the books' }), difference.map(signed), layout),
    rule(layout),
  ]
}

function sumOf(items: readonly ShownDiscrepancy[], index: number): Fen {
  return items.reduce((sum, { effect }) => addFen(sum, effect[index] ?? ZERO_FEN), ZERO_FEN)
}
