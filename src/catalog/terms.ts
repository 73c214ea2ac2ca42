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

/**
 * Terms one after the other, each as one run of numbers: for each of the four lists its length, then its items.
 * Equal terms are kept once. Lists parsed from equal cells are one list, so most are known by identity.
 */
export class TermsPool {
  private readonly numbers: number[] = []
  private readonly offsets = new Map<string, number>()
  private readonly listTexts = new WeakMap<readonly object[], string>()
  private readonly stringId: (text: string) => number

  constructor(stringId: (text: string) => number) {
    this.stringId = stringId
  }

  /** Where the run of `terms` begins. */
  offsetOf(terms: Terms): number {
    const run =
      `${this.listText(terms.selfPayRates, (item) => this.encodeRate(item))},` +
      `${this.listText(terms.priceCeilings, encodeCeiling)},` +
      `${this.listText(terms.bedStandards, encodeBedStandard)},` +
      this.listText(terms.quantityLimits, encodeQuantityLimit)
    const known = this.offsets.get(run)
    if (known !== undefined) return known
    const offset = this.numbers.length
    this.offsets.set(run, offset)
    for (const number of run.split(',')) this.numbers.push(Number(number))
    return offset
  }

  get length(): number {
    return this.numbers.length
  }

  writeTo(cells: Float64Array): void {
    cells.set(this.numbers)
  }

  /** Safe integers only, so the text holds every digit. */
  private listText<T extends object>(list: readonly T[], encode: (item: T) => number[]): string {
    const known = this.listTexts.get(list)
    if (known !== undefined) return known
    const text = [list.length, ...list.flatMap(encode)].join()
    this.listTexts.set(list, text)
    return text
  }

  private encodeRate({ rate: value, personType, visitType }: SelfPayRate): number[] {
    const condition = (text: string | undefined) =>
      text === undefined ? NO_CONDITION : this.stringId(text)
    return [value.num, value.den, condition(personType), condition(visitType)]
  }
}

function encodeCeiling({ hospitalLevel, microYuan }: PriceCeiling): number[] {
  return [hospitalLevel ?? EVERY_LEVEL, microYuan === 'none' ? UNCAPPED : microYuan]
}

function encodeBedStandard({ hospitalLevel, perDay }: BedStandard): number[] {
  return [hospitalLevel ?? EVERY_LEVEL, perDay]
}

function encodeQuantityLimit({ per, tenThousandths }: QuantityLimit): number[] {
  return [per === 'day' ? PER_DAY : PER_MONTH, tenThousandths]
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
