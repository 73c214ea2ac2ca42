import type { InForce } from '../adjudication/in-force.ts'
import type { Classification } from '../adjudication/bill.ts'
import type { Category } from '../rules/category.ts'
import type { CompiledBenefit, CompiledPack } from '../rules/compiled.ts'
import type { FactSheet } from '../rules/facts.ts'
import { daysOf } from './days.ts'
import { lineOccasions, occasionsOf, sheetOf, type Facts } from './occasions.ts'
import { vocabularyOf } from './pack-vocabulary.ts'
import type { Fact, Stated, Vocabulary } from './vocabulary.ts'

/** Everything about a trial bill but its amounts. */
export interface Situation {
  readonly facts: Facts
  readonly day: number
  /** Facts of a line that the benefit it was made for takes. */
  readonly line: FactSheet
  readonly part: keyof Classification
  /** Amounts of the bill that conditions compare with. */
  readonly amounts: readonly number[]
  /** Made for the benefit as it is, not a variation of one: looked into more closely. */
  readonly isFirst: boolean
  /** Days since the policies began. */
  readonly policyAge: number
  /** Basic insurance has settled elsewhere. */
  readonly basicElsewhere: boolean
  readonly benefit: MadeFor
}

/** The benefit that a situation was made for, and what its conditions ask for. */
export interface MadeFor {
  readonly compiled: CompiledPack
  readonly index: number
  readonly own: Facts
}

/** First: most waiting times are over, in the first year of a policy. Then a policy of today and one held for years. */
const POLICY_AGES = [200, 0, 3_000] as const

/**
 * Situations for every benefit, each benefit once before any benefit again: first one in which as many packs as
 * possible apply beside it, then that with one fact or the day changed, through every value that a pack tells apart.
 * `of`: hashes of the packs whose benefits are meant; absent: all.
 */
export function* situationsOf(rules: InForce, of?: ReadonlySet<string>): Generator<Situation> {
  const vocabulary = vocabularyOf(rules.packs.map(({ pack }) => pack))
  const occasions = rememberedOccasions()
  const packs = rules.packs.filter(({ pack }) => of === undefined || of.has(pack.hash))
  const queues = packs.flatMap((compiled) =>
    compiled.benefits.map((_, index) =>
      benefitSituations(compiled, index, rules, vocabulary, occasions),
    ),
  )
  const seen = new Set<string>()
  for (let open = queues; open.length > 0;) {
    const still: typeof queues = []
    for (const queue of open) {
      const next = queue.next()
      if (next.done === true) continue
      still.push(queue)
      const name = nameOf(next.value)
      if (seen.has(name)) continue
      seen.add(name)
      yield next.value
    }
    open = still
  }
}

/** Of situations that benefits have in common each benefit keeps its own first ones. */
function nameOf(situation: Situation): string {
  const { basicElsewhere, benefit, day, facts, isFirst, line, part, policyAge } = situation
  const own = isFirst ? [benefit.compiled.pack.hash, benefit.index] : []
  const stated = [...facts].toSorted(byKey)
  return JSON.stringify([stated, day, line, part, policyAge, basicElsewhere, own])
}

function byKey([left]: readonly [string, Stated], [right]: readonly [string, Stated]): number {
  return left < right ? -1 : 1
}

/** Every benefit is asked for again beside every other one. */
function rememberedOccasions(): typeof occasionsOf {
  const known = new Map<string, readonly Facts[]>()
  return (compiled, index, day) => {
    const key = `${compiled.pack.hash}|${index}|${day}`
    const found = known.get(key) ?? occasionsOf(compiled, index, day)
    known.set(key, found)
    return found
  }
}

function* benefitSituations(
  compiled: CompiledPack,
  index: number,
  rules: InForce,
  vocabulary: Vocabulary,
  occasions: typeof occasionsOf,
): Generator<Situation> {
  const benefit = compiled.benefits[index]
  if (benefit === undefined) return
  const [day, ...otherDays] = daysOf(compiled, rules.packs, vocabulary)
  if (day === undefined) return
  const all = vocabulary.facts()
  const known = all.filter(({ reference }) => reference.group !== 'line')
  const [first, ...others] = occasions(compiled, index, day).map((own) => ({
    own,
    facts: filled(together(own, compiled, rules.packs, day, occasions), known),
  }))
  if (first === undefined) return
  const plain = sheetOf(new Map(all.map(({ key, values }) => [key, values[0]])), 'line', '')
  const lines = lineOccasions(compiled, benefit, first.facts, day)
  const [part = 'inScope', ...otherParts] = partsMeasured(benefit)
  const base: Situation = {
    benefit: { compiled, index, own: first.own },
    facts: first.facts,
    day,
    line: { ...plain, ...lines[0] },
    part,
    amounts: [...vocabulary.amounts].toSorted((left, right) => left - right),
    isFirst: true,
    policyAge: POLICY_AGES[0],
    basicElsewhere: false,
  }
  yield base
  if (rules.packs.every(({ pack }) => pack.kind !== 'basic')) {
    yield { ...base, basicElsewhere: true }
  }
  for (const other of otherParts) yield { ...base, part: other }
  for (const sheet of lines.slice(1)) yield { ...base, line: { ...plain, ...sheet } }
  const less = { ...base, isFirst: false }
  for (const { facts } of others) yield { ...less, facts }
  for (const other of otherDays) yield { ...less, day: other }
  if (compiled.pack.requiresPolicy) {
    for (const policyAge of POLICY_AGES.slice(1)) yield { ...less, policyAge }
  }
  for (const facts of variations(first.facts, first.own, known)) yield { ...less, facts }
}

/** In which parts of a line the base of a benefit lies. */
function partsMeasured({ benefit }: CompiledBenefit): readonly (keyof Classification)[] {
  const parts = benefit.base.map(({ category }) => partOf(category))
  return [...new Set(parts)]
}

function partOf(category: Category): keyof Classification {
  switch (category) {
    case 'preSelfPay':
    case 'overLimit':
    case 'ownPay':
      return category
    case 'inScope':
    case 'deductible':
    case 'coinsurance':
    case 'overCap':
      return 'inScope'
  }
}

/** The facts with those of occasions of other packs that do not contradict them. */
function together(
  own: Facts,
  compiled: CompiledPack,
  packs: readonly CompiledPack[],
  day: number,
  occasions: typeof occasionsOf,
): Facts {
  const facts = new Map(own)
  for (const other of packs) {
    if (other === compiled) continue
    for (const index of other.benefits.keys()) {
      const fitting = occasions(other, index, day).find((occasion) =>
        [...occasion].every(([key, value]) => !facts.has(key) || isSame(facts.get(key), value)),
      )
      for (const [key, value] of fitting ?? []) facts.set(key, value)
    }
  }
  return facts
}

function isSame(left: Stated, right: Stated): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}

function filled(facts: Facts, known: readonly Fact[]): Facts {
  return new Map(known.map(({ key, values }) => [key, facts.has(key) ? facts.get(key) : values[0]]))
}

/** One fact changed at a time; facts that the benefit does not ask for come first. */
function* variations(facts: Facts, own: Facts, known: readonly Fact[]): Generator<Facts> {
  const ordered = known.toSorted(
    (left, right) => Number(own.has(left.key)) - Number(own.has(right.key)),
  )
  for (const { key, values } of ordered) {
    for (const value of values) {
      if (!isSame(facts.get(key), value)) yield new Map([...facts, [key, value]])
    }
  }
}
