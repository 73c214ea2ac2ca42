import { assert } from '../assert.ts'
import { fen } from '../money/fen.ts'
import { rate } from '../money/rate.ts'
import type {
  BedStandard,
  CatalogEntry,
  HospitalLevel,
  PriceCeiling,
  QuantityLimit,
  SelfPayRate,
} from './entry.ts'

/** The parts of an entry that are numbers under conditions. */
export type Terms = Pick<
  CatalogEntry,
  'selfPayRates' | 'priceCeilings' | 'bedStandards' | 'quantityLimits'
>

const NO_CONDITION = -1
const EVERY_LEVEL = 0
const UNCAPPED = -1
const PER_DAY = 0
const PER_MONTH = 1

/** `terms` as one run of numbers: for each of the four lists its length, then its items. */
export function encodeTerms(terms: Terms, stringId: (text: string) => number): number[] {
  const condition = (text: string | undefined) =>
    text === undefined ? NO_CONDITION : stringId(text)
  return [
    terms.selfPayRates.length,
    ...terms.selfPayRates.flatMap((item) => [
      item.rate.num,
      item.rate.den,
      condition(item.personType),
      condition(item.visitType),
    ]),
    terms.priceCeilings.length,
    ...terms.priceCeilings.flatMap((item) => [
      item.hospitalLevel ?? EVERY_LEVEL,
      item.microYuan === 'none' ? UNCAPPED : item.microYuan,
    ]),
    terms.bedStandards.length,
    ...terms.bedStandards.flatMap((item) => [item.hospitalLevel ?? EVERY_LEVEL, item.perDay]),
    terms.quantityLimits.length,
    ...terms.quantityLimits.flatMap((item) => [
      item.per === 'day' ? PER_DAY : PER_MONTH,
      item.tenThousandths,
    ]),
  ]
}

/** The terms whose run begins at `start`. */
export function decodeTerms(
  numbers: Float64Array,
  start: number,
  stringOf: (id: number) => string,
): Terms {
  let position = start
  const next = (): number => {
    const value = numbers[position]
    assert(value !== undefined, 'a run of terms lies inside its section')
    position += 1
    return value
  }
  const list = <T>(item: () => T): readonly T[] => {
    const items: T[] = []
    for (let left = next(); left > 0; left -= 1) items.push(item())
    return items
  }
  const selfPayRates = list(() => decodeRate(next, stringOf))
  const priceCeilings = list((): PriceCeiling => {
    const [level, amount] = [levelOf(next()), next()]
    return { ...level, microYuan: amount === UNCAPPED ? 'none' : amount }
  })
  const bedStandards = list((): BedStandard => ({ ...levelOf(next()), perDay: fen(next()) }))
  const quantityLimits = list((): QuantityLimit => ({
    per: next() === PER_DAY ? 'day' : 'month',
    tenThousandths: next(),
  }))
  return { selfPayRates, priceCeilings, bedStandards, quantityLimits }
}

function decodeRate(next: () => number, stringOf: (id: number) => string): SelfPayRate {
  const value = rate(next(), next())
  const [person, visit] = [next(), next()]
  return {
    rate: value,
    ...(person !== NO_CONDITION && { personType: stringOf(person) }),
    ...(visit !== NO_CONDITION && { visitType: stringOf(visit) }),
  }
}

function levelOf(value: number): { readonly hospitalLevel?: HospitalLevel } {
  if (value === 1 || value === 2 || value === 3) return { hospitalLevel: value }
  assert(value === EVERY_LEVEL, 'a stored hospital level is 1, 2, 3 or none')
  return {}
}
