import { assert } from '../assert.ts'
import type { RegistryEntry } from '../ledger/record.ts'
import { isObject } from '../protocol/section.ts'
import type { Accepted, StatedPerson } from './check-items.ts'
import type { FactDocument, IdentityPeriod, PersonEntry, RegistryKind } from './entries.ts'
import { policiesOf } from './holders.ts'
import { REGISTRY_LIMITS } from './limits.ts'
import type { Lookup } from './lookup.ts'
import { compareText } from './read-periods.ts'
import type { RosterRow } from './read-roster-row.ts'

export type Write = (entries: readonly RegistryEntry[]) => Promise<void>

/**
 * Makes the new versions of what a file states and hands them over in batches. A version that is the registered one to the byte is
 * left out. Beside a person's new version stands who holds its policies.
 */
export class EntryWriter {
  written = 0
  unchanged = 0
  /** Items of which nothing waits to be written. */
  done = 0
  private readonly lookup: Lookup
  private readonly write: Write
  private readonly batch: number
  private added = 0
  /** Kind and id → new version, not yet written. */
  private pending = new Map<string, RegistryEntry>()

  constructor(lookup: Lookup, write: Write, batch: number = REGISTRY_LIMITS.batch) {
    this.lookup = lookup
    this.write = write
    this.batch = batch
  }

  async add(items: readonly Accepted[]): Promise<void> {
    for (const item of items) {
      if ('roster' in item) this.addRoster(item.roster)
      else if ('person' in item) this.addPerson(item.person)
      else this.put(item.entry.kind, item.entry.id, item.entry.entry)
      this.added += 1
      if (this.pending.size === 0) this.done = this.added
      if (this.pending.size >= this.batch) await this.flush()
    }
  }

  /** Writes what is left. */
  async flush(): Promise<void> {
    if (this.pending.size === 0) return
    const entries = [...this.pending.values()]
    this.pending = new Map()
    await this.write(entries)
    this.written += entries.length
    this.done = this.added
  }

  private addPerson(stated: StatedPerson): void {
    const { coverage, facts, familyId, id, jurisdiction } = stated
    const before = this.current('person', id)
    const policies = stated.policies ?? policiesOf(before)
    const identities = stated.identities ?? identitiesOf(before)
    const entry: PersonEntry =
      familyId === undefined
        ? { id, jurisdiction, facts, identities, coverage, policies }
        : { id, jurisdiction, familyId, facts, identities, coverage, policies }
    this.put('person', id, entry, before)
    for (const policy of stated.policies ?? []) {
      this.putHolder(id, policy)
    }
  }

  private addRoster({ person, policy }: RosterRow): void {
    const before = this.current('person', person)
    assert(isObject(before), 'a person of a roster that was checked is registered')
    const others = policiesOf(before).filter(({ id }) => id !== policy['id'])
    const policies = [...others, policy].toSorted((left, right) =>
      compareText(String(left['id']), String(right['id'])),
    )
    this.put('person', person, { ...before, policies }, before)
    this.putHolder(person, policy)
  }

  private putHolder(holder: string, policy: FactDocument): void {
    const id = String(policy['id'])
    const { product } = policy
    const shared = product === undefined ? { id, shared: true } : { id, shared: true, product }
    this.put('policy', id, policy['shared'] === true ? shared : { id, holder })
  }

  private put(kind: RegistryKind, id: string, entry: unknown, before?: unknown): void {
    const known = before ?? this.current(kind, id)
    // Documents in their normal form: the same content is the same text.
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(entry)) this.unchanged += 1
    else this.pending.set(`${kind}|${id}`, { kind, id, entry })
  }

  private current(kind: RegistryKind, id: string): unknown {
    return this.pending.get(`${kind}|${id}`)?.entry ?? this.lookup(kind, id)
  }
}

function identitiesOf(person: unknown): readonly IdentityPeriod[] {
  const identities = isObject(person) ? person['identities'] : undefined
  return Array.isArray(identities) ? (identities as readonly IdentityPeriod[]) : []
}
