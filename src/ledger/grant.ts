import type { PackKind } from '../rules/kind.ts'

/** Kinds of layer that insurers bring; all others are public, and an operator's. */
export const INSURER_KINDS = ['commercial', 'charity'] as const satisfies readonly PackKind[]

export type InsurerKind = (typeof INSURER_KINDS)[number]

export const SIGNING_ALGORITHMS = ['ed25519', 'sm2'] as const

export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

export interface SigningKey {
  readonly id: string
  readonly algorithm: SigningAlgorithm
  /** Base64. `ed25519`: 32 bytes; `sm2`: the point without compression, 65 bytes beginning with 04. */
  readonly publicKey: string
}

/** What the holder of a credential may do with packs: the content of a register entry of kind `grant`, whose id is the credential's. */
export interface GrantEntry {
  readonly id: string
  readonly payers: readonly string[]
  readonly kinds: readonly InsurerKind[]
  /** Beginnings of counter ids, see `isCounterGranted`; a pack's own counters begin with its id. */
  readonly counters: readonly string[]
  readonly jurisdictions: readonly string[]
  /** Facts that packs may read: `person.age`, or a whole group, `visit.*`. */
  readonly facts: readonly string[]
  readonly keys: readonly SigningKey[]
}

/** The last number that a signing key has used: the content of an entry of kind `sequence`, whose id is the key's fingerprint. */
export interface SequenceEntry {
  readonly id: string
  readonly last: number
}

export const PACK_COMMANDS = [
  'upload',
  'shadow',
  'unshadow',
  'activate',
  'rollBack',
  'suspend',
  'resume',
] as const

export type PackCommandName = (typeof PACK_COMMANDS)[number]

/** One command of the past. */
export interface PackEvent {
  readonly command: PackCommandName
  readonly hash: string
  /** Credential; of what needed a second person, who approved. */
  readonly by: string
  readonly proposedBy?: string
  /** Stamp, ms. */
  readonly at: number
  /** First day asked for, `YYYY-MM-DD`. */
  readonly from?: string
  readonly key?: string
  readonly number?: number
}

/** What was done with a pack over HTTP: the content of an entry of kind `packHistory`, id `jurisdiction pack`; the newest last. */
export interface PackHistoryEntry {
  readonly id: string
  readonly events: readonly PackEvent[]
}

/** What one operator proposes and another approves: the content of an entry of kind `proposal`. */
export interface ProposalEntry {
  readonly id: string
  readonly command: 'activate' | 'rollBack' | 'resume' | 'profile'
  readonly jurisdiction: string
  /** Version of a pack; of a profile the text that it is read from. */
  readonly hash?: string
  readonly from?: string
  readonly profile?: string
  readonly by: string
  readonly at: number
}
