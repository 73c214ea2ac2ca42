import type {
  BeforeAfter,
  PayerChange,
  ReplayReport,
  ReplayRefusal,
} from '../../engine/replay/replay-report.ts'
import { problem } from '../../errors/problem.ts'
import { fen, formatYuanGrouped } from '../../money/fen.ts'
import type { Bilingual } from '../../rules/pack.ts'
import { inline, worded, type ShownLanguage } from '../language.ts'
import { problemTexts } from '../problem-text.ts'
import { chargeTypeLabel } from './charge-type-labels.ts'
import { fit, widthOf, wrap } from './columns.ts'
import { CATEGORY_LABELS } from './settlement-text.ts'

export interface ReplayView {
  readonly report: ReplayReport
  readonly jurisdiction: string
  /** Versions that stood in, and how many of them the ledger has in force as they are. */
  readonly candidates: number
  readonly inForce: number
  readonly period: { readonly from?: string; readonly to?: string }
  readonly person?: string
  /** Names of payers by id. */
  readonly payers: ReadonlyMap<string, Bilingual>
}

interface Layout {
  readonly shown: ShownLanguage
  readonly columns: number
  /** Columns of an amount. */
  readonly amount: number
}

/** Of the largest changes and refusals; the JSON answer has more. */
const SHOWN = 20

/** What would be otherwise, for people. Columns are before, after and change; what does not change is left out but in the sums. */
export function replayText(view: ReplayView, shown: ShownLanguage, columns: number): string {
  const { report } = view
  const layout = { shown, columns, amount: amountWidth(report) }
  const rule = '─'.repeat(columns)
  return [
    ...headPart(view, layout),
    rule,
    ...headings({ zh: '谁付（元）', en: 'who pays (yuan)' }, layout),
    rule,
    ...payerRows(report.payers, view, layout),
    ...row({ zh: '患者', en: 'patients' }, report.patients, layout),
    rule,
    ...row({ zh: '合计', en: 'total' }, report.total, layout),
    ...fixedPart(view, layout),
    ...groupPart(report, layout),
    ...largestPart(report, layout),
    ...refusalPart(report, layout),
  ].join('\n')
}

function headPart(view: ReplayView, { shown, columns }: Layout): readonly string[] {
  const { report, jurisdiction, candidates, inForce } = view
  const { seen, standing, reversed, refused } = report.settlements
  const scope = scopeOf(view)
  const known = inForce === 0 ? { zh: '', en: '' } : knownText(inForce)
  const what: Bilingual = {
    zh: `统筹区 ${jurisdiction}，${candidates} 个候选版本${known.zh}${scope.zh}`,
    en: `${jurisdiction}: ${candidates} candidate version${candidates === 1 ? '' : 's'}${known.en}${scope.en}`,
  }
  const counts: Bilingual = {
    zh: `结算 ${number(seen)} 笔：有效 ${number(standing)}，已撤销 ${number(reversed)}，会被拒绝 ${number(refused)}`,
    en: `${number(seen)} settlement${seen === 1 ? '' : 's'}: ${number(standing)} stand, ${number(reversed)} reversed, ${number(refused)} would be refused`,
  }
  const verdict = verdictOf(report)
  return [what, counts, ...(verdict === undefined ? [] : [verdict])].flatMap((text) =>
    worded(text, shown).flatMap((line) => wrap(line, columns)),
  )
}

function knownText(count: number): Bilingual {
  return { zh: `（其中 ${count} 个正在启用）`, en: ` (${count} of them active)` }
}

/** The days and the person that were asked for. */
function scopeOf({ period: { from, to }, person }: ReplayView): Bilingual {
  const isAll = from === undefined && to === undefined
  const [first, last] = [from ?? '…', to ?? '…']
  const days = isAll
    ? { zh: '', en: '' }
    : { zh: `，结算日 ${first} 至 ${last}`, en: `, settled ${first} to ${last}` }
  const who =
    person === undefined ? { zh: '', en: '' } : { zh: `，只列 ${person}`, en: `, ${person} only` }
  return { zh: days.zh + who.zh, en: days.en + who.en }
}

function verdictOf({ settlements, patients }: ReplayReport): Bilingual | undefined {
  const { changed, refused, standing } = settlements
  if (changed + refused === 0) return { zh: '✓ 没有任何变化', en: '✓ nothing changes' }
  if (changed === 0) return undefined
  const persons = patients.changed
  return {
    zh: `有效的 ${number(standing)} 笔中有变化 ${number(changed)} 笔，${number(persons)} 人的负担改变`,
    en: `of those that stand ${number(changed)} change; ${number(persons)} person${persons === 1 ? ' pays' : 's pay'} another sum`,
  }
}

function payerRows(
  payers: readonly PayerChange[],
  view: ReplayView,
  layout: Layout,
): readonly string[] {
  return payers.flatMap((change) => row(payerLabel(change.payer, view), change, layout))
}

function payerLabel(id: string, { payers }: ReplayView): Bilingual {
  const name = payers.get(id)
  if (name !== undefined) return name
  return id === 'hospital' ? { zh: '医院承担', en: 'hospital' } : { zh: id, en: id }
}

function fixedPart(view: ReplayView, layout: Layout): readonly string[] {
  const { fixed } = view.report
  if (fixed.length === 0) return []
  const title = { zh: '另付给患者的定额给付', en: 'fixed benefits, paid to the patient beside' }
  return ['', ...titleLines(title, layout), ...payerRows(fixed, view, layout)]
}

/** Groups that do not change are added up in one row. */
function groupPart({ lineGroups, patients }: ReplayReport, layout: Layout): readonly string[] {
  const changed = lineGroups.filter(({ before, after }) => before !== after)
  if (changed.length === 0) return []
  const title = { zh: '患者负担：按收费类别和自付原因', en: 'patients, by charge type and reason' }
  const rows = changed.flatMap((group) => {
    const [type, category] = [chargeTypeLabel(group.chargeType), CATEGORY_LABELS[group.category]]
    const label = { zh: `${type.zh} ${category.zh}`, en: `${type.en}: ${category.en}` }
    return row(label, group, layout)
  })
  const rest = lineGroups.reduce(
    (sum, { before, after }) => (before === after ? sum + before : sum),
    0,
  )
  const same = { zh: '没有变化的', en: 'what does not change' }
  return [
    '',
    ...titleLines(title, layout),
    ...rows,
    ...(rest === 0 ? [] : row(same, { before: rest, after: rest }, layout)),
    ...row({ zh: '合计', en: 'total' }, patients, layout),
  ]
}

function largestPart({ largest }: ReplayReport, layout: Layout): readonly string[] {
  if (largest.length === 0) return []
  const title = {
    zh: '自付金额变化最大的结算',
    en: 'settlements whose patient’s part changes most',
  }
  const rows = largest.slice(0, SHOWN).flatMap((change) => {
    const label = `${change.settlement} ${change.person}`
    return row({ zh: label, en: label }, change, layout)
  })
  return ['', ...titleLines(title, layout), ...rows, ...moreLines(largest.length - SHOWN, layout)]
}

function refusalPart({ refusals }: ReplayReport, layout: Layout): readonly string[] {
  const { shown, columns } = layout
  const { codes, first } = refusals
  if (codes.length === 0) return []
  const title = { zh: '会被拒绝的结算', en: 'settlements that would be refused' }
  const rows = codes.flatMap(({ code, count }) => {
    const found = first.flatMap((refusal) => exampleOf(refusal, code))
    const names = found.map(({ settlement }) => settlement).slice(0, 5)
    const [example] = found
    return [
      ...wrap(`${code} × ${number(count)}: ${names.join(', ')}`, columns - 2).map(
        (text) => `  ${text}`,
      ),
      ...(example === undefined
        ? []
        : problemTexts([problem(example.code, example.where, example.details)], shown, columns - 4)
            .split('\n')
            .map((text) => `    ${text}`)),
    ]
  })
  return ['', ...titleLines(title, layout), ...rows]
}

function exampleOf({ settlement, problems }: ReplayRefusal, code: string) {
  const found = problems.find((item) => item.code === code)
  return found === undefined ? [] : [{ ...found, settlement }]
}

function moreLines(count: number, { shown }: Layout): readonly string[] {
  if (count <= 0) return []
  const text = {
    zh: `…… 还有 ${count} 笔，用 --json 列出`,
    en: `… and ${count} more; --json lists them`,
  }
  return worded(text, shown).map((line) => `  ${line}`)
}

function headings(label: Bilingual, layout: Layout): readonly string[] {
  const sides = [
    { zh: '现行', en: 'as it is' },
    { zh: '候选', en: 'candidate' },
    { zh: '差额', en: 'change' },
  ]
  const languages = layout.shown === 'both' ? (['zh', 'en'] as const) : [layout.shown]
  return languages.flatMap((language) =>
    cells(
      label[language],
      sides.map((side) => side[language]),
      layout,
    ),
  )
}

function titleLines(title: Bilingual, { shown, columns }: Layout): readonly string[] {
  return wrap(inline(title, shown), columns)
}

function row(label: Bilingual, change: BeforeAfter, layout: Layout): readonly string[] {
  const { before, after } = change
  const amounts = [money(before), money(after), signed(after - before)]
  return cells(`  ${inline(label, layout.shown)}`, amounts, layout)
}

/** Label, then amounts to the right; a label that does not fit beside them stands above. */
function cells(label: string, texts: readonly string[], layout: Layout): readonly string[] {
  const { columns, amount } = layout
  const space = Math.max(0, columns - texts.length * amount)
  const amounts = texts.map((text) => fit(text, amount, 'right')).join('')
  if (widthOf(label) < space) return [fit(label, space) + amounts]
  const [lead = ''] = /^ */.exec(label) ?? []
  const above = wrap(label.trimStart(), columns - lead.length).map((line) => lead + line)
  return [...above, ' '.repeat(space) + amounts]
}

function amountWidth({ total, payers, patients, fixed }: ReplayReport): number {
  const all = [total, patients, ...payers, ...fixed].flatMap(({ before, after }) => [before, after])
  const widest = all.reduce((most, amount) => Math.max(most, Math.abs(amount)), 0)
  return Math.max(12, money(widest).length + 3)
}

function money(amount: number): string {
  return formatYuanGrouped(fen(amount))
}

/** A difference with its sign; a dash where there is none. */
function signed(amount: number): string {
  if (amount === 0) return '–'
  return `${amount > 0 ? '+' : ''}${money(amount)}`
}

function number(count: number): string {
  return count.toLocaleString('en-US')
}
