import { assert } from '../assert.ts'
import { fen, ZERO_FEN, type Fen } from '../money/fen.ts'
import { applyRatio } from '../money/rate.ts'
import { selfPayRateOf } from './applicable-terms.ts'
import type { Catalog } from './catalog.ts'
import type {
  Classification,
  ClassificationContext,
  ClassificationSteps,
} from './classification.ts'
import type { CatalogEntry, EpochDay } from './entry.ts'

/*
 * What the catalogue says of an item to one kind of person at one kind of visit and hospital is worked out once and kept: of
 * most lines that is a rate and nothing else, and looking it up for each anew cost twice the cut itself. `cutPlainly` cuts
 * such lines as `classifyLine` does; the others go there.
 */

/**
 * Of one item, as long as one entry of it is in force. All that a plain line needs lies in this one object: lines of bills name items
 * in no order, so that each object to be looked at is one that the processor has to fetch.
 */
export interface ItemTerms {
  readonly entry: CatalogEntry
  readonly chargeLevel: string
  /** First and last day of the entry. */
  readonly from: EpochDay
  readonly to: EpochDay
  /** Present where only class and rate decide: no ceiling, no limit on quantities, one rate. */
  readonly steps: ClassificationSteps | undefined
  /** The share paid first of a plain line, as a fraction; of class C, all of it own pay, −1. */
  readonly num: number
  readonly den: number
}

/** Kinds of bill, codes, and items of all kinds together, that are kept; beyond any of them everything is worked out anew. */
const KINDS_MAX = 64
const ITEMS_MAX = 32_768
/** Terms of one code that kinds may have in common: a catalogue decodes an entry anew when others took its place, and no terms are those of it. */
const COMMON_MAX = 32

const CLASS_C: ClassificationSteps = { cut: 'ownPay', why: 'classC' }
const ALL_OWN_PAY = { num: -1, den: 1 }

/**
 * The terms of one catalogue by kind of bill. What it answers does not depend on what it was asked before. Codes are numbered in one map for
 * all kinds, and kinds whose terms are alike have them in common: what lies in many places is seldom in the caches of the processor.
 */
export class TermsBook {
  readonly #catalog: Catalog
  #kinds: KindTerms[] = []
  #items = 0
  #known: KnownItems

  constructor(catalog: Catalog) {
    this.#catalog = catalog
    this.#known = new KnownItems(this.#noteItem)
  }

  of(region: string, context: ClassificationContext): KindTerms {
    // Mostly among the first few, where making a text to look for took longer than looking.
    for (const kind of this.#kinds) if (kind.isOf(region, context)) return kind
    if (this.#kinds.length >= KINDS_MAX) this.#clear()
    const terms = new KindTerms(this.#catalog, this.#known, region, context, this.#noteItem)
    this.#kinds.push(terms)
    return terms
  }

  readonly #noteItem = (): void => {
    this.#items += 1
    if (this.#items > ITEMS_MAX) this.#clear()
  }

  #clear(): void {
    this.#kinds = []
    this.#known = new KnownItems(this.#noteItem)
    this.#items = 0
  }
}

/** What the kinds of one book have in common. */
class KnownItems {
  readonly #noteItem: () => void
  readonly #numbers = new Map<string, number>()
  /** By number of the code: the terms made of it last, each once. */
  readonly #terms: ItemTerms[][] = []

  /** `noteItem`: told of everything that is kept. */
  constructor(noteItem: () => void) {
    this.#noteItem = noteItem
  }

  numberOf(code: string): number | undefined {
    return this.#numbers.get(code)
  }

  /** The terms as they were made for another kind, where those are the same. */
  shared(code: string, terms: ItemTerms): { readonly number: number; readonly terms: ItemTerms } {
    let number = this.#numbers.get(code)
    if (number === undefined) {
      number = this.#terms.length
      this.#numbers.set(code, number)
      this.#terms.push([])
    }
    const made = this.#terms[number]
    assert(made !== undefined, 'a numbered code has its terms')
    const known = made.find((one) => isSame(one, terms))
    if (known !== undefined) return { number, terms: known }
    made.push(terms)
    if (made.length > COMMON_MAX) made.shift()
    else this.#noteItem()
    return { number, terms }
  }
}

/** Of one entry, and a plain line is cut alike: the fraction says all of it. */
function isSame(one: ItemTerms, other: ItemTerms): boolean {
  return (
    one.entry === other.entry &&
    one.num === other.num &&
    one.den === other.den &&
    one.steps?.cut === other.steps?.cut
  )
}

/** The terms for one kind of bill. */
export class KindTerms {
  readonly #catalog: Catalog
  readonly #known: KnownItems
  readonly #region: string
  readonly #context: ClassificationContext
  readonly #noteItem: () => void
  /** By number of the code. */
  readonly #items: (ItemTerms | undefined)[] = []

  constructor(
    catalog: Catalog,
    known: KnownItems,
    region: string,
    context: ClassificationContext,
    noteItem: () => void,
  ) {
    this.#catalog = catalog
    this.#known = known
    this.#region = region
    this.#context = context
    this.#noteItem = noteItem
  }

  /** Whether it was opened for bills like this. */
  isOf(region: string, context: ClassificationContext): boolean {
    const { hospitalLevel, personType, visitType } = this.#context
    return (
      hospitalLevel === context.hospitalLevel &&
      visitType === context.visitType &&
      personType === context.personType &&
      region === this.#region
    )
  }

  /** Undefined: the catalogue has nothing in force of the code. */
  find(code: string, day: EpochDay): ItemTerms | undefined {
    const number = this.#known.numberOf(code)
    const known = number === undefined ? undefined : this.#items[number]
    if (known !== undefined && day >= known.from && day <= known.to) return known
    const entry = this.#catalog.find(this.#region, code, day)
    return entry === undefined ? undefined : this.#keep(code, termsOf(entry, this.#context))
  }

  #keep(code: string, made: ItemTerms): ItemTerms {
    const { number, terms } = this.#known.shared(code, made)
    while (this.#items.length <= number) this.#items.push(undefined)
    if (this.#items[number] === undefined) this.#noteItem()
    this.#items[number] = terms
    return terms
  }
}

function termsOf(entry: CatalogEntry, context: ClassificationContext): ItemTerms {
  const { effectiveFrom: from, effectiveTo: to, chargeLevel } = entry
  const steps = plainSteps(entry, context)
  const { num, den } = steps?.cut === 'parts' ? steps.selfPayRate : ALL_OWN_PAY
  return { entry, chargeLevel, from, to, steps, num, den }
}

function plainSteps(
  entry: CatalogEntry,
  context: ClassificationContext,
): ClassificationSteps | undefined {
  if (entry.quantityLimits.length > 0) return undefined
  if (entry.chargeLevel === 'C') return CLASS_C
  if (entry.priceCeilings.length > 0 || entry.bedStandards.length > 0) return undefined
  const rate = selfPayRateOf(entry, context)
  return rate.ok ? { cut: 'parts', selfPayRate: rate.value } : undefined
}

/** As `classifyLine`, of a line whose restriction is met or not stated; undefined where that has to look. */
export function cutPlainly(
  { steps, num, den }: ItemTerms,
  amount: Fen,
): Classification | undefined {
  if (steps === undefined || amount < 0) return undefined
  if (num < 0) {
    return {
      ownPay: amount,
      overLimit: ZERO_FEN,
      preSelfPay: ZERO_FEN,
      inScope: ZERO_FEN,
      steps,
    }
  }
  const preSelfPay = num === 0 ? 0 : applyRatio(amount, num, den)
  const inScope = amount - preSelfPay
  assert(preSelfPay >= 0 && inScope >= 0, 'no part of a line is negative')
  return {
    ownPay: ZERO_FEN,
    overLimit: ZERO_FEN,
    preSelfPay: fen(preSelfPay),
    inScope: fen(inScope),
    steps,
  }
}
