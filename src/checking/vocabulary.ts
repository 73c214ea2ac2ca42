import { FACTS, type FactTrait, type FactValue } from '../rules/facts.ts'
import type { FactReference } from '../rules/cel/term.ts'

/** What a bill may state of one fact; `undefined`: it is left out. */
export type Stated = FactValue | undefined

/** One fact with every value that can make a difference to some pack, the most ordinary first. */
export interface Fact {
  /** `person.age`; for a fact of a policy with the product after it: `policy.plan@city/plan`. */
  readonly key: string
  readonly reference: FactReference
  readonly values: readonly Stated[]
}

/** Combinations of list values beyond single ones; more rarely tell anything new. */
const PAIRS_MAX = 8

/** What packs mention: facts with values, amounts of money of a bill or line, and days. */
export class Vocabulary {
  readonly #facts = new Map<string, { reference: FactReference; values: Map<string, Stated> }>()
  /** Fen that conditions compare the bill or a line with. */
  readonly amounts = new Set<number>()
  readonly days = new Set<number>()

  /** Notes that `reference` is read, and values of it; `product` is the product of the pack that reads it. */
  note(reference: FactReference, product: string, values: readonly Stated[]): void {
    const key = factKey(reference, product)
    const known = this.#facts.get(key) ?? { reference, values: ordinaryValues(reference) }
    for (const value of values) {
      if (isPossible(reference, value)) known.values.set(JSON.stringify(value) ?? '', value)
    }
    this.#facts.set(key, known)
  }

  facts(): readonly Fact[] {
    return [...this.#facts].map(([key, { reference, values }]) => {
      const all = [...values.values()]
      const used = all.length > 0 ? all : [anyValue(reference)]
      return {
        key,
        reference,
        values: traitOf(reference)?.type === 'strings' ? listed(used) : used,
      }
    })
  }
}

function factKey({ group, name }: FactReference, product: string): string {
  return group === 'policy' ? `policy.${name}@${product}` : `${group}.${name}`
}

export function traitOf({ group, name }: FactReference): FactTrait | undefined {
  const traits: Readonly<Record<string, FactTrait>> = FACTS[group]
  return traits[name]
}

/** Facts that hold nothing out of the ordinary come first: they are what the other trials have in common. */
function ordinaryValues(reference: FactReference): Map<string, Stated> {
  return new Map(ordinary(reference).map((value) => [JSON.stringify(value) ?? '', value]))
}

function ordinary({ group, name }: FactReference): readonly Stated[] {
  // Allowances by the day must outlast their waiting days.
  if (group === 'visit' && name === 'days') return [STAY_DAYS]
  const trait = traitOf({ group, name })
  if (trait?.values !== undefined) return trait.values
  if (trait?.type === 'bool') return [false, true]
  return trait?.type === 'strings' ? [[]] : []
}

export const STAY_DAYS = 30

/** A closed fact has no other values, a number of a bill none below zero. */
function isPossible(reference: FactReference, value: Stated): boolean {
  if (typeof value === 'number' && value < 0) return false
  const closed = traitOf(reference)?.values
  return closed === undefined || value === undefined || closed.some((one) => one === value)
}

function anyValue(reference: FactReference): Stated {
  switch (traitOf(reference)?.type) {
    case 'string':
      return 'other'
    case 'money':
      return 10_000_00
    case 'int':
      return 1
    case 'bool':
    case 'date':
    case 'strings':
    case undefined:
      return undefined
  }
}

function wordsOf(value: Stated): readonly string[] {
  return typeof value === 'object' ? value : []
}

/** The lists of single words, and some of two: people can be of two kinds at once. */
function listed(values: readonly Stated[]): readonly Stated[] {
  const words = [...new Set(values.flatMap(wordsOf))]
  const pairs = words.slice(1, PAIRS_MAX + 1).map((word, index) => [words[index] ?? word, word])
  return [...values, ...pairs]
}
