import type { Bilingual } from '../../rules/pack.ts'
import type { ShownLanguage } from '../language.ts'
import { fit, widthOf, type Alignment } from './columns.ts'

const GAP = '  '

export interface TableOptions {
  readonly shown: ShownLanguage
  /** Of the terminal; rules are no longer. */
  readonly columns: number
  /** Of the columns behind the first, which stands left; default left. */
  readonly alignment?: Alignment
  /** A last row, behind a rule. */
  readonly total?: readonly string[]
}

/** Lines of a table: headings in each language shown between two rules, then the rows; columns as wide as their widest cell. */
export function tableLines(
  headings: readonly Bilingual[],
  rows: readonly (readonly string[])[],
  { shown, columns, alignment = 'left', total }: TableOptions,
): readonly string[] {
  const languages = shown === 'both' ? (['zh', 'en'] as const) : [shown]
  const named = languages.map((language) => headings.map((heading) => heading[language]))
  const last = total === undefined ? [] : [total]
  const widths = headings.map((_, column) =>
    [...named, ...rows, ...last].reduce(
      (most, row) => Math.max(most, widthOf(row[column] ?? '')),
      0,
    ),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => fit(cell, widths[column] ?? 0, column === 0 ? 'left' : alignment))
      .join(GAP)
      .trimEnd()
  const width = widths.reduce((sum, one) => sum + one + GAP.length, 0) - GAP.length
  const rule = '─'.repeat(Math.min(columns, width))
  const end = last.flatMap((cells) => [rule, line(cells)])
  return [rule, ...named.map(line), rule, ...rows.map(line), ...end]
}
