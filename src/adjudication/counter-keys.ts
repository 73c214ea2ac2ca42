import { formatEpochDay } from '../catalog/epoch-day.ts'
import { FactMissing, type CompiledCounter } from '../rules/compiled.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { CounterDefinition, Owner } from '../rules/pack.ts'
import { CLAIM_OWNER, type CounterBook, type Slot } from './counter-book.ts'
import { monthText } from './insurance-year.ts'
import type { KnownPeriods } from './known-periods.ts'
import type { LayerFrame } from './layer-context.ts'

/** Keys of the counters of one bill. It reads some twenty, which mostly have their owners and periods in common: those texts are made once. */
export class CounterKeys {
  readonly #stayId: string
  readonly #familyId: string | undefined
  readonly #periods: KnownPeriods
  #person: string | undefined
  #stay: string | undefined
  #stayEnding: string | undefined
  /** Of the policy asked for last. */
  #policy: FactSheet | undefined
  #policyOwner = ''

  constructor(stayId: string, familyId: string | undefined, periods: KnownPeriods) {
    this.#stayId = stayId
    this.#familyId = familyId
    this.#periods = periods
  }

  /** Insurance year of a day. */
  year(day: number): string {
    return this.#periods.year(day).text
  }

  /** The counter with the admissions of a person in the insurance year of `day`. */
  admissions(book: CounterBook, person: string, day: number): Slot {
    const { ending } = this.#periods.year(day)
    return book.slotOf(this.#personOwner(person), 'admissions', ending, '')
  }

  /** The counter with the number that the stay has among them. */
  admission(book: CounterBook): Slot {
    return book.slotOf(this.#stayOwner(), 'admission', this.#ofStay(), '')
  }

  slotOf(book: CounterBook, counter: CompiledCounter, frame: LayerFrame): Slot {
    const { definition } = counter
    const added = counter.key === undefined ? '' : counter.key(frame)
    if (definition.period.type === 'claim') return book.slotOf(CLAIM_OWNER, counter.id, '', added)
    const owner = this.#owner(counter, frame)
    return book.slotOf(owner, counter.id, this.#ending(definition, frame), added)
  }

  #owner(counter: CompiledCounter, { person, policy, visit }: LayerFrame): string {
    const owner: Owner = counter.definition.owner
    switch (owner) {
      case 'person':
        return this.#personOwner(text(person, 'id', 'person.id'))
      case 'family':
        return counter.head + (this.#familyId ?? text(policy, 'familyId', 'policy.familyId'))
      case 'policy':
        return this.#ofPolicy(counter, policy)
      case 'group':
        return counter.head + text(policy, 'groupId', 'policy.groupId')
      case 'stay':
        return this.#stayOwner()
      case 'transferChain':
        return counter.head + text(visit, 'transferChain', 'visit.transferChain')
      case 'accident':
        return counter.head + text(visit, 'accidentId', 'visit.accidentId')
    }
  }

  #ofPolicy({ head }: CompiledCounter, policy: FactSheet | undefined): string {
    if (policy === undefined || policy !== this.#policy) {
      this.#policyOwner = head + text(policy, 'id', 'policy.id')
      this.#policy = policy
    }
    return this.#policyOwner
  }

  #personOwner(id: string): string {
    return (this.#person ??= `person:${id}`)
  }

  #stayOwner(): string {
    return (this.#stay ??= `stay:${this.#stayId}`)
  }

  #ofStay(): string {
    return (this.#stayEnding ??= `${this.#stayId}|`)
  }

  /** The period and the bar behind it. */
  #ending({ period }: CounterDefinition, frame: LayerFrame): string {
    const { day, admission } = frame
    switch (period.type) {
      case 'claim':
      case 'lifetime':
        return '|'
      case 'visit':
        return this.#ofStay()
      case 'admission':
        return admission === 0 ? this.#ofStay() : `${this.#stayId}#${admission}|`
      case 'day':
        return `${formatEpochDay(day)}|`
      case 'month':
        return `${monthText(day)}|`
      case 'year':
        return this.#periods.year(day).ending
      case 'policyYear':
        return this.#periods.policyPeriod(day, policyStart(frame), 1).ending
      case 'policyYears':
        return this.#periods.policyPeriod(day, policyStart(frame), period.years).ending
    }
  }
}

function text(sheet: FactSheet | undefined, name: string, fact: string): string {
  const value = sheet?.[name]
  if (typeof value !== 'string') throw new FactMissing(fact, 'counters')
  return value
}

function policyStart({ policy }: LayerFrame): number {
  const start = policy?.['start']
  if (typeof start !== 'number') throw new FactMissing('policy.start', 'counters')
  return start
}
