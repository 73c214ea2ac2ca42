import type { CounterKey } from '../adjudication/counter-key.ts'
import { stayRowKey } from './rows.ts'

/** Owners whose counters are with the person who is treated, as keys begin with them. */
const OF_PERSON: readonly string[] = ['person:', 'transferChain:', 'accident:']

const STAY = 'stay:'
const POLICY = 'policy:'

/** What decides who holds a counter, besides its key. */
export interface HolderContext {
  readonly person: string
  readonly hospital: string
  readonly stay: string
  /** Policies held by several persons. */
  readonly sharedPolicies: readonly string[]
}

/**
 * The holder of a counter: `person:ID`, `stay:STAY␀HOSPITAL`, `family:ID`, `group:ID`, or `policy:ID`
 * when several persons hold the policy (docs/ledger.md, section 5).
 */
export function holderOf(key: CounterKey, context: HolderContext): string {
  const { owner } = key
  if (isWithPerson(owner, context)) return personHolder(context.person)
  return isWithStay(owner) ? stayHolder(context.hospital, context.stay) : owner
}

/** `holderOf` for the keys of one context: the names that most of them have are made once. */
export function holdersIn(context: HolderContext): (key: CounterKey) => string {
  const person = personHolder(context.person)
  const stay = stayHolder(context.hospital, context.stay)
  return ({ owner }) => {
    if (isWithPerson(owner, context)) return person
    return isWithStay(owner) ? stay : owner
  }
}

/** Whether the person who is treated holds the counters of `owner`. */
export function isWithPerson(owner: string, { sharedPolicies }: HolderContext): boolean {
  for (const start of OF_PERSON) if (owner.startsWith(start)) return true
  if (!owner.startsWith(POLICY)) return false
  return sharedPolicies.length === 0 || !sharedPolicies.includes(owner.slice(POLICY.length))
}

/** Whether the stay that is settled holds the counters of `owner`; what neither it nor the person holds, the owner does. */
export function isWithStay(owner: string): boolean {
  return owner.startsWith(STAY)
}

export function personHolder(person: string): string {
  return `person:${person}`
}

export function stayHolder(hospital: string, stay: string): string {
  return `${STAY}${stayRowKey(hospital, stay)}`
}

/** The key in table `stay` of a holder that is a stay; undefined for every other. */
export function stayKeyOf(holder: string): string | undefined {
  return holder.startsWith(STAY) ? holder.slice(STAY.length) : undefined
}

/** Sums of many people: taken as they come; what one settlement gives back changes no other. */
export function isShared(holder: string): boolean {
  return holder.startsWith('group:')
}
