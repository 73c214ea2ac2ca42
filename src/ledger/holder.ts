import { stayRowKey } from './rows.ts'

/** Owners whose counters are with the person who is treated. */
const OF_PERSON: readonly string[] = ['person', 'transferChain', 'accident']

const STAY = 'stay:'

/** What decides who holds a counter, besides its key. */
export interface HolderContext {
  readonly person: string
  readonly hospital: string
  readonly stay: string
  /** Policies held by several persons. */
  readonly sharedPolicies: readonly string[]
}

/**
 * The holder of the counter `key` (`owner:ownerId|…`): `person:ID`, `stay:STAY␀HOSPITAL`, `family:ID`, `group:ID`, or `policy:ID`
 * when several persons hold the policy (docs/ledger.md, section 5).
 */
export function holderOf(key: string, context: HolderContext): string {
  const colon = key.indexOf(':')
  const owner = key.slice(0, colon)
  if (OF_PERSON.includes(owner)) return personHolder(context.person)
  if (owner === 'stay') return stayHolder(context.hospital, context.stay)
  const id = key.slice(colon + 1, key.indexOf('|', colon))
  if (owner === 'policy' && !context.sharedPolicies.includes(id)) {
    return personHolder(context.person)
  }
  return `${owner}:${id}`
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
