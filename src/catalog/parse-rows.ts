import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import type { Rate } from '../money/rate.ts'
import { cellReader, orDefault, remembering, type RowPlace } from './cell-reader.ts'
import * as cells from './cells.ts'
import type { CatalogEntry, CatalogRow, ChargeLevel, EpochDay, SelfPayRate } from './entry.ts'
import type { QuantityLimit } from './entry.ts'
import { formatEpochDay, LAST_EPOCH_DAY } from './epoch-day.ts'
import {
  CATALOG_ROWS_MAX,
  checkColumns,
  type CatalogColumn,
  type RecordTable,
} from './record-table.ts'

/** What the rows of a file have in common; a cell that is not empty stands over it. */
export interface RowDefaults {
  readonly jurisdiction?: string
  readonly effectiveFrom?: EpochDay
  readonly effectiveTo?: EpochDay
  /** First self-pay rate of classes A and B where a row gives none. */
  readonly selfPayRates?: { readonly A?: Rate; readonly B?: Rate }
}

const PROBLEMS_LISTED_MAX = 1_000

/**
 * The entries of a catalogue file. Any wrong row refuses the whole file: `CATALOG_COLUMN_*`, `CATALOG_TOO_LARGE`,
 * `CATALOG_ROW_MALFORMED`, `CATALOG_DATES_REVERSED`, `CATALOG_CONDITIONS_OVERLAP`, `CATALOG_CLASS_CONTRADICTS_RATE`,
 * `CATALOG_CEILINGS_CONTRADICT`; at most 1,000 problems are listed.
 */
export function parseCatalogRows(table: RecordTable, defaults: RowDefaults): Result<CatalogRow[]> {
  const columnProblems = checkColumns(table.columns)
  if (columnProblems.length > 0) return failureOf(listed(columnProblems))
  if (table.records.length > CATALOG_ROWS_MAX) {
    const details = { rows: table.records.length, rowsMax: CATALOG_ROWS_MAX }
    return failure(problem('CATALOG_TOO_LARGE', '', details))
  }
  const parseRow = rowParser(table, defaults)
  const rows: CatalogRow[] = []
  const problems: Problem[] = []
  for (const index of table.records.keys()) {
    const row = parseRow({ index, problems })
    if (row !== undefined) rows.push(row)
  }
  return problems.length === 0 ? success(rows) : failureOf(listed(problems))
}

function listed(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= PROBLEMS_LISTED_MAX) return problems
  const details = { problems: problems.length, listed: PROBLEMS_LISTED_MAX }
  return [...problems.slice(0, PROBLEMS_LISTED_MAX), problem('CATALOG_PROBLEMS_CUT', '', details)]
}

/** Undefined when the row added a problem. */
function rowParser(
  table: RecordTable,
  defaults: RowDefaults,
): (place: RowPlace) => CatalogRow | undefined {
  const jurisdiction = cellReader(
    table,
    'insu_admdvs',
    orDefault(remembering(cells.parseJurisdiction), defaults.jurisdiction),
    '',
  )
  const parseEntry = entryParser(table, defaults)
  return (place) => {
    const problemsBefore = place.problems.length
    const row = table.firstRow + place.index
    const parsed = { jurisdiction: jurisdiction(place), row, entry: parseEntry(place) }
    if (place.problems.length > problemsBefore) return undefined
    const contradiction = findContradiction(parsed.entry, row, place.index)
    if (contradiction === undefined) return parsed
    place.problems.push(contradiction)
    return undefined
  }
}

/** Every column but the jurisdiction; the columns that repeat their values remember what they parsed. */
function entryParser(table: RecordTable, defaults: RowDefaults): (place: RowPlace) => CatalogEntry {
  const column = <T>(name: CatalogColumn, parse: (text: string) => cells.Cell<T>, placeholder: T) =>
    cellReader(table, name, remembering(parse), placeholder)
  const parseFrom = orDefault(cells.parseDay, defaults.effectiveFrom)
  const parseTo = orDefault(cells.parseDay, defaults.effectiveTo ?? LAST_EPOCH_DAY)
  const code = cellReader(table, 'med_list_codg', cells.parseCode, '')
  const name = column('med_list_name', cells.parseName, '')
  const level = column('chrgitm_lv', cells.parseChargeLevel, 'C')
  const chargeType = column('med_chrgitm_type', cells.parseChargeType, '14')
  const listType = column('list_type', cells.parseShortText, undefined)
  const unit = column('prcunt', cells.parseShortText, undefined)
  const from = column('begndate', parseFrom, 0)
  const to = column('enddate', parseTo, LAST_EPOCH_DAY)
  const ratesOrDefault = classRateReader(defaults)
  const rates = column('selfpay_prop', cells.parseSelfPayRates, [])
  const priceCeilings = column('pric_uplmt_amt', cells.parsePriceCeilings, [])
  const bedStandards = column('bed_standard', cells.parseBedStandards, [])
  const quantityLimits = quantityLimitReader(table)
  const flag = column('lmt_used_flag', cells.parseFlag, false)
  const text = column('lmt_desc', cells.parseLongText, '')
  return (place) => {
    const chargeLevel = level(place)
    const [list, prcunt] = [listType(place), unit(place)]
    return {
      code: code(place),
      name: name(place),
      chargeLevel,
      chargeType: chargeType(place),
      ...(list !== undefined && { listType: list }),
      ...(prcunt !== undefined && { unit: prcunt }),
      effectiveFrom: from(place),
      effectiveTo: to(place),
      selfPayRates: ratesOrDefault(chargeLevel, rates(place)),
      priceCeilings: priceCeilings(place),
      bedStandards: bedStandards(place),
      quantityLimits: quantityLimits(place),
      restriction: { flag: flag(place), text: text(place) },
    }
  }
}

function quantityLimitReader(table: RecordTable): (place: RowPlace) => readonly QuantityLimit[] {
  const parse = remembering(cells.parseQuantity)
  const perDay = cellReader(table, 'day_limit', parse, undefined)
  const perMonth = cellReader(table, 'month_limit', parse, undefined)
  return (place) => {
    const [day, month] = [perDay(place), perMonth(place)]
    if (day === undefined && month === undefined) return NO_LIMITS
    const limits: QuantityLimit[] = []
    if (day !== undefined) limits.push({ per: 'day', tenThousandths: day })
    if (month !== undefined) limits.push({ per: 'month', tenThousandths: month })
    return limits
  }
}

const NO_LIMITS: readonly QuantityLimit[] = []

/** The rates of a row, or the manifest's rate of its class; class C needs none. */
function classRateReader(
  defaults: RowDefaults,
): (level: ChargeLevel, rates: readonly SelfPayRate[]) => readonly SelfPayRate[] {
  const { A, B } = defaults.selfPayRates ?? {}
  const fallback = {
    A: A === undefined ? NO_RATES : [{ rate: A }],
    B: B === undefined ? NO_RATES : [{ rate: B }],
    C: NO_RATES,
  }
  return (level, rates) => (rates.length > 0 ? rates : fallback[level])
}

const NO_RATES: readonly SelfPayRate[] = []

/** Cells that are well formed each by itself but not together. */
function findContradiction(entry: CatalogEntry, row: number, index: number): Problem | undefined {
  const where = `rows[${index}]`
  if (entry.effectiveTo < entry.effectiveFrom) {
    const [from, to] = [formatEpochDay(entry.effectiveFrom), formatEpochDay(entry.effectiveTo)]
    return problem('CATALOG_DATES_REVERSED', `${where}.enddate`, { row, from, to })
  }
  const partial = entry.selfPayRates.find(({ rate }) => rate.num !== rate.den)
  if (entry.chargeLevel === 'C' && partial !== undefined) {
    const value = `${partial.rate.num}/${partial.rate.den}`
    return problem('CATALOG_CLASS_CONTRADICTS_RATE', `${where}.selfpay_prop`, { row, value })
  }
  if (entry.priceCeilings.length > 0 && entry.bedStandards.length > 0) {
    return problem('CATALOG_CEILINGS_CONTRADICT', `${where}.bed_standard`, { row })
  }
  return undefined
}
