import type { RegistryEntry } from '../ledger/record.ts'

/*
 * What the register keeps, as plain documents in their normal form: our names for national ones, members in a fixed order,
 * money as yuan with two places, days as `YYYY-MM-DD`, lists of periods by their first day, policies by id. The same content has
 * the same bytes.
 */

/** What concerns logins and packs is no part of what is imported: it is made one by one, by those who may. */
export type RegistryKind = Extract<
  RegistryEntry['kind'],
  'person' | 'policy' | 'hospital' | 'supplier'
>

export const REGISTRY_KINDS = [
  'person',
  'policy',
  'hospital',
  'supplier',
] as const satisfies readonly RegistryKind[]

/** A fact as it stands in a document. */
export type FactText = string | number | boolean | readonly string[]

/** Facts of one group under our names. */
export type FactDocument = Readonly<Record<string, FactText>>

/** First and last day, `YYYY-MM-DD`, both inside; without `to` it goes on. */
export interface Period {
  readonly from: string
  readonly to?: string
}

export interface IdentityPeriod extends Period {
  /** As packs have it, or the national code that the profile turns into it. */
  readonly word: string
}

export interface CoveragePeriod extends Period {
  /** What is so in this period only; no fact stands here and in the person's own facts. */
  readonly facts: FactDocument
}

export interface PersonEntry {
  readonly id: string
  readonly jurisdiction: string
  readonly familyId?: string
  readonly facts: FactDocument
  readonly identities: readonly IdentityPeriod[]
  /** Never two periods on one day. */
  readonly coverage: readonly CoveragePeriod[]
  /** Facts as in a bill; `shared: true` where other persons hold the policy too. */
  readonly policies: readonly FactDocument[]
}

/** Who holds a policy: one person, or several of whom each says so; of what product theirs is, where a file has said. */
export type PolicyEntry =
  | { readonly id: string; readonly holder: string }
  | { readonly id: string; readonly shared: true; readonly product?: string }

export interface HospitalEntry {
  readonly id: string
  readonly facts: FactDocument
}

export interface SupplierEntry {
  readonly id: string
  readonly name?: string
}

interface Entries {
  readonly person: PersonEntry
  readonly policy: PolicyEntry
  readonly hospital: HospitalEntry
  readonly supplier: SupplierEntry
}

/** A `RegistryEntry` whose content has been read. */
export type ReadEntry = {
  readonly [K in RegistryKind]: {
    readonly kind: K
    readonly id: string
    readonly entry: Entries[K]
  }
}[RegistryKind]
