import { failureOf, success } from '../errors/problem.ts'
import { grouped } from './open-rows.ts'
import { joined } from './book-row.ts'
import { cellsOf, columnsRefused, nationalRowOf } from './national-detail.ts'
import { nationalAmounts, nationalWhole, type NationalRow } from './national-row.ts'
import { idAt, optionalAt, readingRows, refuseCell, type RowReading } from './row-reading.ts'

/** Columns of the file that the platform answers to 3202. */
export const RESULT_COLUMNS = [
  'psn_no',
  'mdtrt_id',
  'setl_id',
  'msgid',
  'stmt_rslt',
  'refd_setl_flag',
  'memo',
  'medfee_sumamt',
  'fund_pay_sumamt',
  'acct_pay',
] as const

/** What the platform says of a row: level, only the platform has it, only the hospital has it, amounts differ. */
export type PlatformVerdict = 'level' | 'theirsOnly' | 'oursOnly' | 'differs'

export interface PlatformResultRow extends NationalRow {
  readonly verdict: PlatformVerdict
}

/** stmt_rslt as seen in Guangdong and elsewhere; there is no national list. */
const VERDICTS: ReadonlyMap<string, PlatformVerdict> = new Map([
  ['0', 'level'],
  ['1', 'theirsOnly'],
  ['2', 'oursOnly'],
  ['3', 'differs'],
  ['000000', 'level'],
  ['000101', 'theirsOnly'],
  ['000102', 'oursOnly'],
  ['000103', 'differs'],
])

/**
 * Reads the platform's result file: ten tab-separated columns in this order or, under a heading, in the order of that.
 * A stmt_rslt that is not known is refused, not guessed.
 */
export function readingResult(): RowReading<PlatformResultRow> {
  let columns: readonly string[] = RESULT_COLUMNS
  return readingRows<PlatformResultRow>((text, isFirst) => {
    const values = text.split('\t')
    const names = values.map((value) => value.trim())
    if (isFirst && RESULT_COLUMNS.every((name) => isOnce(names, name))) {
      columns = names
      return success(undefined)
    }
    if (values.length !== columns.length) {
      return columnsRefused(values.length, String(columns.length))
    }
    const cells = cellsOf(values, columns)
    const stated = idAt(cells, 'stmt_rslt')
    const verdict = VERDICTS.get(stated)
    if (verdict === undefined)
      refuseCell(cells, 'stmt_rslt', stated, [...VERDICTS.keys()].join(' '))
    const messageId = optionalAt(cells, 'msgid')
    const row = nationalRowOf(cells)
    if (!row.ok) return row
    if (verdict === undefined) return failureOf(cells.problems)
    return success({
      ...row.value,
      verdict,
      ...(messageId !== '' && { messageId }),
      ...(verdict === 'differs' && { disputed: true }),
    })
  }, nationalAmounts)
}

/** A name that stands twice does not say which of its columns is meant. */
function isOnce(names: readonly string[], name: string): boolean {
  return names.includes(name) && names.indexOf(name) === names.lastIndexOf(name)
}

/**
 * The platform's book as its result tells it: our rows, but for those it does not have, with its amounts where they differ,
 * and with the rows that only it has. Rows that the result does not mention are level.
 */
export function platformBook(
  ours: readonly NationalRow[],
  result: readonly PlatformResultRow[],
): readonly NationalRow[] {
  const keyOf = ({ id, reversal }: NationalRow) => joined([id, String(reversal)])
  const mentioned = new Set(result.map(keyOf))
  const known = new Set(ours.map(keyOf))
  const mentionsOf = (row: NationalRow) => nationalWhole(row, ['id'])
  const renamed = result.filter(
    (row) => row.reversal && row.verdict === 'level' && !known.has(keyOf(row)),
  )
  // A reversal may be level under the id that it has at the platform, which is not ours.
  const others = grouped(renamed, mentionsOf)
  const unmentioned = ours.filter((row) => {
    if (mentioned.has(keyOf(row))) return false
    return !row.reversal || others.get(mentionsOf(row))?.pop() === undefined
  })
  return [...unmentioned, ...result.filter(({ verdict }) => verdict !== 'oursOnly')]
}
