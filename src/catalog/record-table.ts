import { problem, type Problem } from '../errors/problem.ts'

/** The cells of a catalogue file, whatever it was written in; every record has a cell for every column. */
export interface RecordTable {
  readonly columns: readonly string[]
  readonly records: readonly (readonly string[])[]
  /** Row number, as the author counts, of the first record. */
  readonly firstRow: number
}

/** Rows a catalogue may have: about seven times the largest known, and its binary stays below 1 GB. */
export const CATALOG_ROWS_MAX = 2_000_000

const REQUIRED_COLUMNS = [
  'med_list_codg',
  'med_list_name',
  'chrgitm_lv',
  'med_chrgitm_type',
] as const

const OPTIONAL_COLUMNS = [
  'insu_admdvs',
  'list_type',
  'prcunt',
  'begndate',
  'enddate',
  'selfpay_prop',
  'pric_uplmt_amt',
  'bed_standard',
  'day_limit',
  'month_limit',
  'lmt_used_flag',
  'lmt_desc',
] as const

/** For people; the loader does not read them. */
const INFORMATION_COLUMNS = ['chrgitm_lv_how', 'note', 'source'] as const

export type CatalogColumn = (typeof REQUIRED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number]

const KNOWN_COLUMNS: readonly string[] = [
  ...REQUIRED_COLUMNS,
  ...OPTIONAL_COLUMNS,
  ...INFORMATION_COLUMNS,
]

/** Every column that is unknown, repeated or missing. */
export function checkColumns(columns: readonly string[]): Problem[] {
  const problems: Problem[] = []
  for (const [index, column] of columns.entries()) {
    const details = { column, known: KNOWN_COLUMNS.join(', ') }
    if (!KNOWN_COLUMNS.includes(column)) {
      problems.push(problem('CATALOG_COLUMN_UNKNOWN', 'header', details))
    } else if (columns.indexOf(column) < index) {
      problems.push(problem('CATALOG_COLUMN_REPEATED', 'header', { column }))
    }
  }
  for (const column of REQUIRED_COLUMNS) {
    if (!columns.includes(column)) {
      problems.push(problem('CATALOG_COLUMN_MISSING', 'header', { column }))
    }
  }
  return problems
}
