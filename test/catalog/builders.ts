import type { ClassificationContext, LineToClassify } from '../../src/catalog/classification.ts'
import type { CatalogEntry, CatalogRow } from '../../src/catalog/entry.ts'
import { LAST_EPOCH_DAY, parseEpochDay } from '../../src/catalog/epoch-day.ts'
import { parseCatalogCsv } from '../../src/catalog/parse-csv.ts'
import { parseCatalogRows, type RowDefaults } from '../../src/catalog/parse-rows.ts'
import type { Problem, Result } from '../../src/errors/problem.ts'
import { fen } from '../../src/money/fen.ts'

/** The value of a result that must have one. */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Error(JSON.stringify(result.problems))
}

/** The problems of a result that must have some. */
export function problemsOf<T>(result: Result<T>): readonly Problem[] {
  if (!result.ok) return result.problems
  throw new Error('expected problems, got a value')
}

export function day(text: string): number {
  const value = parseEpochDay(text)
  if (value === undefined) throw new Error(`not a date: ${text}`)
  return value
}

/** Class A, no ceiling, no limit, for ever. */
export function anEntry(override: Partial<CatalogEntry> = {}): CatalogEntry {
  return {
    code: 'X1',
    name: '某药',
    chargeLevel: 'A',
    chargeType: '09',
    effectiveFrom: 0,
    effectiveTo: LAST_EPOCH_DAY,
    selfPayRates: [{ rate: { num: 0, den: 1 } }],
    priceCeilings: [],
    bedStandards: [],
    quantityLimits: [],
    restriction: { flag: false, text: '' },
    ...override,
  }
}

export function aRow(
  override: Partial<CatalogEntry> = {},
  jurisdiction = '310000',
  row = 2,
): CatalogRow {
  return { jurisdiction, row, entry: anEntry(override) }
}

/** 100.00 yuan, without a quantity. */
export function aLine(override: Partial<LineToClassify> = {}): LineToClassify {
  return { code: 'X1', amount: fen(10_000), ...override }
}

export function aContext(override: Partial<ClassificationContext> = {}): ClassificationContext {
  return {
    hospitalLevel: 3,
    personType: '11',
    visitType: '21',
    unmatched: 'refuse',
    quantityUsed: { day: 0, month: 0 },
    ...override,
  }
}

export const PERCENT_5 = { num: 1, den: 20 }
export const PERCENT_10 = { num: 1, den: 10 }
export const PERCENT_20 = { num: 1, den: 5 }

/** A quantity of whole units. */
export function units(count: number): number {
  return count * 10_000
}

/** A unit price of whole yuan. */
export function yuanEach(count: number): number {
  return count * 1_000_000
}

const DEFAULTS = { jurisdiction: '310000', effectiveFrom: 0 }

/** The entries of a CSV text in a jurisdiction, in force from 1970 on unless the text says otherwise. */
export function rowsOfCsv(text: string, defaults: RowDefaults = DEFAULTS): Result<CatalogRow[]> {
  const table = parseCatalogCsv(text)
  return table.ok ? parseCatalogRows(table.value, defaults) : table
}
