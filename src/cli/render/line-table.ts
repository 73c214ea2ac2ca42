import type { Settlement } from '../../adjudication/settlement.ts'
import { fen, formatYuanGrouped, sumFen, type Fen } from '../../money/fen.ts'
import type { Bilingual } from '../../rules/pack.ts'
import type { ShownLanguage } from '../language.ts'
import { fit, widthOf } from './columns.ts'
import type { PayerLabel } from './payer-labels.ts'

interface MoneyColumn {
  readonly heading: Bilingual
  readonly amounts: readonly Fen[]
}

interface Layout {
  readonly columns: number
  readonly shown: ShownLanguage
  readonly names: ReadonlyMap<string, string>
}

/** The item column is never narrower. */
const ITEM_MIN = 16

/**
 * Line × payer, every line, a totals row at the end. Payers that do not fit beside a readable item name follow in a
 * second block with the same lines.
 */
export function lineTable(
  settlement: Settlement,
  labels: readonly PayerLabel[],
  columns: number,
  shown: ShownLanguage,
): readonly string[] {
  const { lines, payers } = settlement
  const layout = { columns, shown, names: lineNames(settlement) }
  const total = {
    heading: { zh: '金额', en: 'Amount' },
    amounts: lines.map(({ amount }) => amount),
  }
  const patient = {
    heading: { zh: '个人', en: 'Patient' },
    amounts: lines.map((line) => line.patient),
  }
  const paid = payers.map((_, index) => ({
    heading: labels[index]?.heading ?? { zh: '', en: '' },
    amounts: lines.map((line) => line.paid[index] ?? fen(0)),
  }))
  return blocksOf(total, paid, patient, layout).flatMap((block, index) => {
    return [...(index === 0 ? [] : ['']), ...blockLines(settlement, block, layout)]
  })
}

/** Names of the lines as the explanation gives them, by line id. */
function lineNames({ explanation }: Settlement): ReadonlyMap<string, string> {
  return new Map(
    explanation.flatMap((step) => {
      return step.step === 'classify' ? [[step.lineId, step.name] as const] : []
    }),
  )
}

/** The amount opens the first block and the patient's part closes the last. */
function blocksOf(
  total: MoneyColumn,
  paid: readonly MoneyColumn[],
  patient: MoneyColumn,
  layout: Layout,
): readonly (readonly MoneyColumn[])[] {
  const blocks: MoneyColumn[][] = [[]]
  for (const column of [total, ...paid, patient]) {
    const last = blocks.at(-1) ?? []
    if (last.length > 0 && itemWidth([...last, column], layout) < ITEM_MIN) blocks.push([column])
    else last.push(column)
  }
  return blocks
}

function blockLines(
  { lines }: Settlement,
  block: readonly MoneyColumn[],
  layout: Layout,
): readonly string[] {
  const item = itemWidth(block, layout)
  const row = (number: string, name: string, amounts: readonly string[]) => {
    const cells = amounts.map((text, index) => {
      const column = block[index]
      return column === undefined ? '' : fit(text, moneyWidth(column), 'right')
    })
    return [fit(number, NUMBER_WIDTH, 'right'), fit(name, item), ...cells].join(' ')
  }
  const headings = languagesOf(layout.shown).map((language) =>
    row(
      language === 'zh' ? '序号' : 'No.',
      language === 'zh' ? '项目' : 'Item',
      block.map(({ heading }) => heading[language]),
    ),
  )
  const rule = '─'.repeat(layout.columns)
  const body = lines.map(({ id }, index) =>
    row(
      String(index + 1),
      layout.names.get(id) || id,
      block.map(({ amounts }) => amountText(amounts[index] ?? fen(0))),
    ),
  )
  const totalName = { zh: '合计', en: 'Total', both: '合计 Total' }[layout.shown]
  const totals = row(
    '',
    totalName,
    block.map(({ amounts }) => formatYuanGrouped(sumFen(amounts))),
  )
  return [rule, ...headings, rule, ...body, rule, totals, rule]
}

const NUMBER_WIDTH = 4

/** What the money columns of a block leave for the item's name. */
function itemWidth(block: readonly MoneyColumn[], { columns }: Layout): number {
  const money = block.reduce((sum, column) => sum + 1 + moneyWidth(column), 0)
  return columns - NUMBER_WIDTH - 1 - money
}

function moneyWidth({ heading, amounts }: MoneyColumn): number {
  const total = formatYuanGrouped(sumFen(amounts))
  return Math.max(9, widthOf(heading.zh), widthOf(heading.en), widthOf(total))
}

/** A dash is easier to skip than 0.00. */
function amountText(amount: Fen): string {
  return amount === 0 ? '–' : formatYuanGrouped(amount)
}

function languagesOf(shown: ShownLanguage): readonly ('zh' | 'en')[] {
  return shown === 'both' ? ['zh', 'en'] : [shown]
}
