import { parseRate, type Rate } from '../money/rate.ts'
import { parseYuan } from '../money/fen.ts'
import { parseEpochDay } from './epoch-day.ts'
import {
  CHARGE_TYPES,
  type BedStandard,
  type ChargeLevel,
  type ChargeType,
  type EpochDay,
  type HospitalLevel,
  type PriceCeiling,
  type SelfPayRate,
} from './entry.ts'
import { parseConditionalItems, type ConditionalItem } from './conditional-items.ts'

/** A cell's value, or what it should have looked like in a notation that needs no translation. */
export type Cell<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly form: string }
  | { readonly ok: false; readonly overlap: true }

/** The national interface writes an uncapped price so. */
const UNCAPPED_PRICE = /^999999(?:\.0{1,6})?$/

const PRICE_FORM = '180.00 | level=3: 180.00; level=2: 150.00 | 999999'
const BED_FORM = '20.00 | level=3: 40.00; level=2: 30.00'
const RATE_FORM = '0.1 | person=11: 0.05; person=12 visit=21: 0.1 (0 … 1)'
const QUANTITY_FORM = '2 | 0.5000 (> 0)'

export function parseCode(text: string): Cell<string> {
  return /^[!-~]{1,50}$/.test(text) ? accepted(text) : refused('[!-~]{1,50}')
}

/** A region code (`admdvs`). */
export function parseJurisdiction(text: string): Cell<string> {
  return /^[0-9A-Za-z-]{1,20}$/.test(text) ? accepted(text) : refused('310000')
}

export function parseName(text: string): Cell<string> {
  return text.trim() !== '' && isText(text, 500) ? accepted(text) : refused('1 … 500')
}

/** One digit is in use beside the two of the standard. */
export function parseChargeLevel(text: string): Cell<ChargeLevel> {
  switch (text) {
    case '01':
    case '1':
      return accepted('A')
    case '02':
    case '2':
      return accepted('B')
    case '03':
    case '3':
      return accepted('C')
    default:
      return refused('01 | 02 | 03')
  }
}

export function parseChargeType(text: string): Cell<ChargeType> {
  const found = CHARGE_TYPES.find((type) => type === text)
  return found === undefined ? refused('01 … 14') : accepted(found)
}

/** An empty flag is 0. */
export function parseFlag(text: string): Cell<boolean> {
  if (text === '1') return accepted(true)
  return text === '0' || text === '' ? accepted(false) : refused('0 | 1')
}

export function parseDay(text: string): Cell<EpochDay> {
  const day = parseEpochDay(text)
  return day === undefined ? refused('YYYY-MM-DD') : accepted(day)
}

/** A list type or a unit; empty is absent. */
export function parseShortText(text: string): Cell<string | undefined> {
  if (text === '') return accepted(undefined)
  return isText(text, 50) ? accepted(text) : refused('0 … 50')
}

export function parseLongText(text: string): Cell<string> {
  return isText(text, 20_000) ? accepted(text) : refused('0 … 20000')
}

/** Half a surrogate pair would not survive UTF-8. */
function isText(text: string, charactersMax: number): boolean {
  return text.length <= charactersMax && text.isWellFormed()
}

/** Empty is no limit; otherwise 1/10,000 of a unit, above 0. */
export function parseQuantity(text: string): Cell<number | undefined> {
  if (text === '') return accepted(undefined)
  const value = parseScaled(text, 4)
  return value === undefined || value === 0 ? refused(QUANTITY_FORM) : accepted(value)
}

/** One rate in 0..1. */
export function parseUnitRate(text: string): Rate | undefined {
  const rate = parseRate(text)
  return rate.ok && rate.value.num <= rate.value.den ? rate.value : undefined
}

export function parseSelfPayRates(text: string): Cell<readonly SelfPayRate[]> {
  return parseItems(text, ['person', 'visit'], RATE_FORM, (item) => {
    const rate = parseUnitRate(item.value)
    if (rate === undefined) return undefined
    const { person, visit } = item.conditions
    return {
      rate,
      ...(person !== undefined && { personType: person }),
      ...(visit !== undefined && { visitType: visit }),
    }
  })
}

export function parsePriceCeilings(text: string): Cell<readonly PriceCeiling[]> {
  const ceilings = parseItems(text, ['level'], PRICE_FORM, (item): PriceCeiling | undefined => {
    const microYuan = UNCAPPED_PRICE.test(item.value) ? 'none' : parseScaled(item.value, 6)
    if (microYuan === undefined || microYuan === 0) return undefined
    return withLevel(item, { microYuan })
  })
  if (!ceilings.ok || ceilings.value.length !== 1) return ceilings
  const only = ceilings.value[0]
  const never = only?.hospitalLevel === undefined && only?.microYuan === 'none'
  return never ? accepted([]) : ceilings
}

export function parseBedStandards(text: string): Cell<readonly BedStandard[]> {
  return parseItems(text, ['level'], BED_FORM, (item): BedStandard | undefined => {
    const perDay = parseYuan(item.value)
    if (!perDay.ok || perDay.value <= 0 || perDay.value > BED_STANDARD_FEN_MAX) return undefined
    return withLevel(item, { perDay: perDay.value })
  })
}

/** Keeps the standard in 1/1,000,000 yuan a safe integer. */
const BED_STANDARD_FEN_MAX = 100_000_000_00

function parseItems<T>(
  text: string,
  keys: readonly string[],
  form: string,
  read: (item: ConditionalItem) => T | undefined,
): Cell<readonly T[]> {
  const items = parseConditionalItems(text, keys)
  if (items === 'malformed') return refused(form)
  if (items === 'overlap') return { ok: false, overlap: true }
  const values: T[] = []
  for (const item of items) {
    const value = read(item)
    if (value === undefined) return refused(form)
    values.push(value)
  }
  return accepted(values)
}

function withLevel<T extends object>(
  item: ConditionalItem,
  amount: T,
): (T & { hospitalLevel?: HospitalLevel }) | undefined {
  switch (item.conditions['level']) {
    case undefined:
      return amount
    case '1':
      return { ...amount, hospitalLevel: 1 }
    case '2':
      return { ...amount, hospitalLevel: 2 }
    case '3':
      return { ...amount, hospitalLevel: 3 }
    default:
      return undefined
  }
}

/** A decimal of at most `places` places as a whole number of its last place; undefined past the safe range. */
function parseScaled(text: string, places: number): number | undefined {
  const parts = /^([0-9]{1,16})(?:\.([0-9]+))?$/.exec(text)
  if (parts === null) return undefined
  const fraction = (parts[2] ?? '').replace(/0+$/, '')
  if (fraction.length > places) return undefined
  const value = Number(`${parts[1] ?? ''}${fraction.padEnd(places, '0')}`)
  return Number.isSafeInteger(value) ? value : undefined
}

function accepted<T>(value: T): Cell<T> {
  return { ok: true, value }
}

function refused(form: string): { readonly ok: false; readonly form: string } {
  return { ok: false, form }
}
