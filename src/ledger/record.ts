import type { CounterKey } from '../adjudication/counter-key.ts'
import type { SplitAnswer } from './answer.ts'
import type { CredentialEntry } from './credential.ts'
import type { PackedSplit } from './packed-split.ts'

/** Which request made a record (docs/ledger.md, section 2). */
export interface RequestKey {
  readonly hospital: string
  readonly id: string
  readonly operation: string
  /** Hex SHA-256 of the canonical content, the first 32 digits. */
  readonly fingerprint: string
}

interface RecordBase {
  /** 1, 2, 3 … without a gap. */
  readonly seq: number
  /** Stamp, ms; never below the record before. */
  readonly at: number
  /** Accounting day. */
  readonly day: number
  /** Absent: an operator's or the engine's own doing. Of two records made by one request the last one carries it. */
  readonly request?: RequestKey
  /** What its request is answered, where that is not in the record itself. */
  readonly reply?: Readonly<Record<string, unknown>>
}

/** [from, to, fen]; above zero. */
export type Posting = readonly [from: string, to: string, amount: number]

/** [counter, what is added, in the counter's unit]. */
export type Contribution = readonly [key: CounterKey, amount: number]

/** [seq of the registry record, index of the entry in it]. */
export type RegisterVersion = readonly [seq: number, index: number]

/** A split with everything that `settle` read, by value or by hash. */
export interface SplitRecord extends RecordBase {
  readonly kind: 'settlement' | 'prepared'
  readonly operation: 'settle' | 'prepare' | 'resettle' | 'supplement'
  readonly hospital: string
  readonly stay: string
  readonly person: string
  /** The bill document as it was sent; without lines when they were sent beforehand or are those of a supplement. */
  readonly bill: unknown
  /** Where lines sent beforehand are: seq of the `lines` record, ids taken from it in order. */
  readonly staged?: readonly (readonly [seq: number, ids: readonly string[]])[]
  /** The settlements whose cells a supplement takes. */
  readonly takes?: readonly number[]
  /** The settlement that a resettlement replaces. */
  readonly replaces?: number
  /** Day of settlement where the bill states none; days since 1970-01-01. */
  readonly settlementDay: number
  readonly register: { readonly person: RegisterVersion; readonly hospital: RegisterVersion }
  readonly jurisdiction: string
  /** Hash of the rule set. */
  readonly ruleSet: string
  readonly semantics: number
  /** Every counter that was read, with its value then, in the order first read. */
  readonly before: readonly Contribution[]
  readonly contributions: readonly Contribution[]
  /** Policies held by several persons: their counters are with the policy. */
  readonly sharedPolicies: readonly string[]
  readonly familyId?: string
  readonly answer: SplitAnswer
  readonly postings: readonly Posting[]
  /** Ids of the lines of the stay that this settlement holds. */
  readonly lineIds: readonly string[]
  /** Keys of table `unique` that it holds. */
  readonly unique: readonly string[]
  readonly confirmed: boolean
  /** Hex SHA-256 of the explanation. */
  readonly digest: string
  /** Not stored: the bytes of everything but its place in the journal, where whoever evaluated it has written them. */
  readonly packed?: PackedSplit
}

export interface ConfirmedRecord extends RecordBase {
  readonly kind: 'confirmed'
  readonly settlement: number
  readonly platform: unknown
  readonly postings: readonly Posting[]
  readonly unique: readonly string[]
}

export interface CancelledRecord extends RecordBase {
  readonly kind: 'cancelled'
  readonly settlement: number
  readonly reason?: string
}

export interface ReversalRecord extends RecordBase {
  readonly kind: 'reversal'
  readonly settlement: number
  readonly hospital: string
  readonly stay: string
  readonly person: string
  /** What it takes out of the counters. */
  readonly contributions: readonly Contribution[]
  readonly postings: readonly Posting[]
  readonly reason?: string
}

export interface RecalculationRecord extends RecordBase {
  readonly kind: 'recalculation'
  readonly settlement: number
  readonly hospital: string
  readonly person: string
  readonly run: RecalculationRun
  /** What it was adjudicated with. */
  readonly register: SplitRecord['register']
  readonly ruleSet: string
  readonly semantics: number
  readonly before: readonly Contribution[]
  /** Differences to what the settlement had contributed so far. */
  readonly contributions: readonly Contribution[]
  /** As of the settlement, where others are shared by now; absent: as it has them. */
  readonly sharedPolicies?: readonly string[]
  /** Net differences of its postings. */
  readonly postings: readonly Posting[]
  /** What the settlement is now. */
  readonly answer: SplitAnswer
  readonly digest: string
}

/** What a recalculation run was asked for. */
export interface RecalculationRun {
  /** `then`: what each was settled with. `now`: the register and the rules of the day of the run. */
  readonly with: 'then' | 'now'
  /** Days of settlement, both inside, as they were stated. */
  readonly from?: string
  readonly to?: string
}

/** The end of a recalculation run: what its request is answered. */
export interface RecalculatedRecord extends RecordBase {
  readonly kind: 'recalculated'
  readonly person: string
  readonly run: RecalculationRun
}

export interface LinesRecord extends RecordBase {
  readonly kind: 'lines'
  readonly hospital: string
  readonly stay: string
  /** As they were sent; only those that were new. */
  readonly added: readonly unknown[]
  readonly withdrawn: readonly string[]
}

export interface RegistryEntry {
  readonly kind:
    | 'person'
    | 'hospital'
    | 'policy'
    | 'supplier'
    | 'credential'
    | 'grant'
    | 'sequence'
    | 'packHistory'
    | 'proposal'
  readonly id: string
  /** Absent: the entry ends. */
  readonly entry: unknown
}

export interface RegistryRecord extends RecordBase {
  readonly kind: 'registry'
  readonly source: string
  readonly entries: readonly RegistryEntry[]
}

export interface ContentRecord extends RecordBase {
  readonly kind: 'content'
  readonly content: 'pack' | 'profile' | 'catalog' | 'ruleSet'
  readonly id: string
  readonly hash: string
  readonly bytes: number
}

export interface RulesRecord extends RecordBase {
  readonly kind: 'rules'
  readonly jurisdiction: string
  readonly command:
    'publish' | 'shadow' | 'unshadow' | 'activate' | 'rollBack' | 'suspend' | 'resume'
  readonly pack?: string
  /** The whole new state. */
  readonly state: RulesState
}

export interface PackState {
  readonly id: string
  readonly hash: string
  readonly state: 'checked' | 'shadow' | 'active' | 'retired'
  /** First and last day in force, inclusive, as activated. */
  readonly from?: number
  readonly to?: number
}

export interface RulesState {
  readonly profile: string
  readonly catalog?: string
  readonly packs: readonly PackState[]
  readonly suspended: readonly string[]
  /** Hash of the rule set in force. */
  readonly ruleSet: string
  /** Rule sets before it, the newest last, each with the pack whose activation ended it and the versions of that pack as they were. */
  readonly history: readonly {
    readonly ruleSet: string
    readonly pack: string
    readonly packs: readonly PackState[]
  }[]
}

export interface PlatformRecord extends RecordBase {
  readonly kind: 'platform'
  readonly settlement: number
  readonly evidence: string
}

export interface DayClosedRecord extends RecordBase {
  readonly kind: 'dayClosed'
  readonly closed: number
}

/** Who asked for what. */
export interface AuditEntry {
  /** Id of the credential. */
  readonly principal: string
  readonly role: CredentialEntry['role']
  /** Name of the operation. */
  readonly action: string
  /** What it is about: a person, a settlement, a request, a hash; at most 200 characters. */
  readonly subject?: string
  /** `asked`: written before it was tried; `done`; or the code it was refused with. */
  readonly outcome: string
}

export interface AuditRecord extends RecordBase {
  readonly kind: 'audit'
  readonly entries: readonly AuditEntry[]
}

export type LedgerRecord =
  | SplitRecord
  | ConfirmedRecord
  | CancelledRecord
  | ReversalRecord
  | RecalculationRecord
  | RecalculatedRecord
  | LinesRecord
  | RegistryRecord
  | ContentRecord
  | RulesRecord
  | PlatformRecord
  | DayClosedRecord
  | AuditRecord
