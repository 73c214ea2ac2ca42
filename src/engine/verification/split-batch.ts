import { assert } from '../../assert.ts'
import type { SplitRecord } from '../../ledger/record.ts'
import {
  rowKey,
  type RegistryRow,
  type Rows,
  type RowTable,
  type RowTypes,
} from '../../ledger/rows.ts'
import { decodeRow, encodeRow } from '../../ledger/row-codec.ts'
import { RuleSets, type ReadContent } from '../rule-sets.ts'
import { recordsOf } from '../store-rows.ts'
import type { Findings } from './finding.ts'
import { readjudicate } from './readjudicate.ts'
import { thrownBy } from './record-problems.ts'

/** Settlements to be adjudicated again away from the journal, with all that they are made from. Plain data: it travels between threads. */
export interface SplitBatch {
  readonly blocks: readonly Uint8Array[]
  /** Which records of the blocks. */
  readonly seqs: readonly number[]
  /** Rows of the register by `versionName`: one that was registered again in between is there twice. */
  readonly register: readonly (readonly [name: string, row: Uint8Array])[]
  /** Hashes of the packs that were held back when a record was made; records for which none was are left out. */
  readonly suspended: readonly (readonly [seq: number, packs: readonly string[]])[]
}

/** Rows of the register that a settlement was read with; undefined when they are not those of today, or its lines are elsewhere. */
export function registerOf(rows: Rows, record: SplitRecord): SplitBatch['register'] | undefined {
  if (record.staged !== undefined) return undefined
  const found: (readonly [string, Uint8Array])[] = []
  for (const [key, version] of versionsOf(record)) {
    const row = rows.get('registry', key)
    if (row?.version[0] !== version[0] || row.version[1] !== version[1]) return undefined
    found.push([versionName(key, version), encodeRow('registry', row)])
  }
  return found
}

type Version = RegistryRow['version']

/** The rows that a settlement names. */
function versionsOf({ hospital, person, register }: SplitRecord): readonly [string, Version][] {
  return [
    [rowKey('person', person), register.person],
    [rowKey('hospital', hospital), register.hospital],
  ]
}

function versionName(key: string, [seq, index]: Version): string {
  return `${seq} ${index} ${key}`
}

/** Hashes of the packs that are held back where a settlement belongs. */
export function suspendedOf(rows: Rows, { jurisdiction }: SplitRecord): readonly string[] {
  return rows.get('rules', jurisdiction)?.suspended ?? []
}

/** Adjudicates batches again; rule sets are kept from one to the next. */
export class SplitBatchCheck {
  readonly #rules: RuleSets
  readonly #findings: Findings

  constructor(read: ReadContent, findings: Findings) {
    this.#rules = new RuleSets(read)
    this.#findings = findings
  }

  check({ blocks, seqs, register, suspended }: SplitBatch): void {
    const rows = new BatchRows(new Map(register), new Map(suspended))
    const wanted = new Set(seqs)
    for (const record of blocks.flatMap((block) => [...recordsOf(block)])) {
      if (!wanted.has(record.seq)) continue
      assert(record.kind === 'settlement' || record.kind === 'prepared', 'a batch is of splits')
      rows.namedBy(record)
      try {
        const found = readjudicate({ rows, rules: this.#rules }, record)
        if (found !== undefined) this.#findings.add(record.seq, found)
      } catch (error) {
        this.#findings.add(record.seq, thrownBy(record, error))
      }
    }
  }
}

/** What a batch brings: rows of the register as the settlement at work names them, and which packs were held back. */
class BatchRows implements Rows {
  readonly #register: ReadonlyMap<string, Uint8Array>
  readonly #suspended: ReadonlyMap<number, readonly string[]>
  readonly #decoded = new Map<string, RegistryRow>()
  #state = NO_STATE
  /** Names of versions by key. */
  #named: ReadonlyMap<string, string> = new Map()

  constructor(
    register: ReadonlyMap<string, Uint8Array>,
    suspended: ReadonlyMap<number, readonly string[]>,
  ) {
    this.#register = register
    this.#suspended = suspended
  }

  /** From here on rows are those of `record`. */
  namedBy(record: SplitRecord): void {
    const suspended = this.#suspended.get(record.seq)
    this.#state = suspended === undefined ? NO_STATE : { ...NO_STATE, suspended }
    this.#named = new Map(
      versionsOf(record).map(([key, version]) => [key, versionName(key, version)]),
    )
  }

  get<T extends RowTable>(table: T, key: string | number): RowTypes[T] | undefined {
    if (table === 'registry') return this.#registered(String(key)) as RowTypes[T] | undefined
    assert(table === 'rules', 'a batch has rows of the register')
    return this.#state as unknown as RowTypes[T]
  }

  put(): never {
    assert(false, 'a batch is not changed')
  }

  record(): never {
    assert(false, 'a batch brings everything its settlements were read with')
  }

  #registered(key: string): RegistryRow | undefined {
    const name = this.#named.get(key)
    const bytes = name === undefined ? undefined : this.#register.get(name)
    if (name === undefined || bytes === undefined) return undefined
    const known = this.#decoded.get(name)
    if (known !== undefined) return known
    const row = decodeRow('registry', bytes)
    this.#decoded.set(name, row)
    return row
  }
}

/** The record names its rule set; of the state no more is read than what is held back. */
const NO_STATE: RowTypes['rules'] = {
  profile: '',
  packs: [],
  suspended: [],
  ruleSet: '',
  history: [],
}
