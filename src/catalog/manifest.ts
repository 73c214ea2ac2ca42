import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import type { Rate } from '../money/rate.ts'
import { parseJurisdiction, parseUnitRate } from './cells.ts'
import type { EpochDay } from './entry.ts'
import { parseEpochDay } from './epoch-day.ts'
import { isPlainObject } from './parse-json.ts'
import type { RowDefaults } from './parse-rows.ts'

/** `catalog.json`: which files make one catalogue and what all their rows have in common. */
export interface CatalogManifest {
  readonly id: string
  readonly title: string
  /** Where the data is from, for people. */
  readonly source: string
  /** File names beside the manifest, ending in .csv or .json, in the order they are read. */
  readonly files: readonly string[]
  readonly defaults: RowDefaults
}

const KEYS = [
  'catalog',
  'title',
  'source',
  'files',
  'insu_admdvs',
  'begndate',
  'enddate',
  'selfpay_prop',
]

/** A file beside the manifest: no path leads out of its folder. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.(?:csv|json)$/

/**
 * The manifest in `text`; `CATALOG_FILE_MALFORMED` when it is not JSON, `CATALOG_MANIFEST_MALFORMED` for each
 * unknown key or wrong value.
 */
export function parseCatalogManifest(text: string): Result<CatalogManifest> {
  const parsed = readObject(text)
  if (!parsed.ok) return parsed
  const object = parsed.value
  const problems: Problem[] = []
  for (const key of Object.keys(object)) {
    if (!KEYS.includes(key)) problems.push(malformed(key, KEYS.join(' | ')))
  }
  const manifest: CatalogManifest = {
    id: textOf(object, 'catalog', problems),
    title: textOf(object, 'title', problems),
    source: textOf(object, 'source', problems),
    files: filesOf(object['files'], problems),
    defaults: defaultsOf(object, problems),
  }
  return problems.length === 0 ? success(manifest) : failureOf(problems)
}

type JsonObject = Readonly<Record<string, unknown>>

function readObject(text: string): Result<JsonObject> {
  try {
    const value: unknown = JSON.parse(text)
    return isPlainObject(value) ? success(value) : failure(malformed('', '{ … }'))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const details = { format: 'JSON', why: error.message }
    return failure(problem('CATALOG_FILE_MALFORMED', '', details))
  }
}

function textOf(object: JsonObject, key: string, problems: Problem[]): string {
  const value = object[key]
  if (typeof value === 'string' && value !== '') return value
  problems.push(malformed(key, '"text"'))
  return ''
}

function filesOf(value: unknown, problems: Problem[]): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  const files = list.filter(
    (item): item is string => typeof item === 'string' && FILE_NAME.test(item),
  )
  const wellFormed = files.length > 0 && files.length === list.length
  if (!wellFormed || new Set(files).size !== files.length) {
    problems.push(malformed('files', '["catalog.csv", …]'))
  }
  return files
}

function defaultsOf(object: JsonObject, problems: Problem[]): RowDefaults {
  const jurisdiction = optional(object, 'insu_admdvs', '"310000"', problems, readJurisdiction)
  const effectiveFrom = optional(object, 'begndate', '"YYYY-MM-DD"', problems, readDay)
  const effectiveTo = optional(object, 'enddate', '"YYYY-MM-DD"', problems, readDay)
  const form = '{ "A": "0", "B": "0.1" }'
  const selfPayRates = optional(object, 'selfpay_prop', form, problems, readClassRates)
  return {
    ...(jurisdiction !== undefined && { jurisdiction }),
    ...(effectiveFrom !== undefined && { effectiveFrom }),
    ...(effectiveTo !== undefined && { effectiveTo }),
    ...(selfPayRates !== undefined && { selfPayRates }),
  }
}

function optional<T>(
  object: JsonObject,
  key: string,
  form: string,
  problems: Problem[],
  read: (value: unknown) => T | undefined,
): T | undefined {
  const value = object[key]
  if (value === undefined) return undefined
  const found = read(value)
  if (found === undefined) problems.push(malformed(key, form))
  return found
}

function readJurisdiction(value: unknown): string | undefined {
  const cell = typeof value === 'string' ? parseJurisdiction(value) : undefined
  return cell?.ok === true ? cell.value : undefined
}

function readDay(value: unknown): EpochDay | undefined {
  return typeof value === 'string' ? parseEpochDay(value) : undefined
}

function readClassRates(value: unknown): { A?: Rate; B?: Rate } | undefined {
  if (!isPlainObject(value)) return undefined
  const rates: { A?: Rate; B?: Rate } = {}
  for (const [level, text] of Object.entries(value)) {
    const rate = typeof text === 'string' ? parseUnitRate(text) : undefined
    if ((level !== 'A' && level !== 'B') || rate === undefined) return undefined
    rates[level] = rate
  }
  return rates
}

function malformed(field: string, form: string): Problem {
  return problem('CATALOG_MANIFEST_MALFORMED', field, { field, form })
}
