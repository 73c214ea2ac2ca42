import type { Adjudicator } from '../adjudication/adjudicator.ts'
import { openAdjudicator } from '../adjudication/adjudicator.ts'
import type { InForce } from '../adjudication/in-force.ts'
import { assert } from '../assert.ts'
import { openCatalog } from '../catalog/open.ts'
import type { CompiledPack } from '../rules/compiled.ts'
import { compilePack } from '../rules/compile/compile-pack.ts'
import type { RulePack } from '../rules/pack.ts'
import type { Profile } from '../rules/profile.ts'

/** What is in force in one jurisdiction: named by the hash of its bytes. */
export interface RuleSet {
  readonly profile: string
  readonly catalog?: string
  readonly packs: readonly RuleSetPack[]
}

export interface RuleSetPack {
  readonly id: string
  readonly hash: string
  /** First and last day as activated, inclusive; they narrow the pack's own. */
  readonly from?: number
  readonly to?: number
}

/** A rule set ready to run. */
export interface OpenedRuleSet {
  readonly hash: string
  readonly inForce: InForce
  readonly adjudicator: Adjudicator
}

/** Bytes by hash; throws when it has none. */
export type ReadContent = (hash: string) => Uint8Array

/** Compiled packs by hash: what a hash names never changes, so ledgers of one process may share them. */
export type CompiledPacks = Map<string, CompiledPack>

const OPENED_MAX = 64
/** Each is some 20 MB. */
const CATALOGS_MAX = 4

/** Rule sets, opened once each; compiled packs are shared between them. */
export class RuleSets {
  readonly #read: ReadContent
  readonly #opened = new Map<string, OpenedRuleSet>()
  /** The one opened last; it is the last of them. */
  #last: OpenedRuleSet | undefined
  readonly #packs: CompiledPacks
  readonly #catalogs: Map<string, NonNullable<InForce['catalog']>>

  constructor(
    read: ReadContent,
    packs: CompiledPacks = new Map(),
    catalogs = new Map<string, NonNullable<InForce['catalog']>>(),
  ) {
    this.#read = read
    this.#packs = packs
    this.#catalogs = catalogs
  }

  /** The same packs and catalogues; what it opens puts nothing out that is open here. */
  apart(): RuleSets {
    return new RuleSets(this.#read, this.#packs, this.#catalogs)
  }

  /** `suspended`: hashes of packs that are held back. */
  open(hash: string, suspended: readonly string[] = []): OpenedRuleSet {
    const name = suspended.length === 0 ? hash : `${hash} ${suspended.join(' ')}`
    return this.openSet(name, () => this.set(hash), suspended)
  }

  /** The rule set that a hash names. */
  set(hash: string): RuleSet {
    return parse(this.#read(hash)) as RuleSet
  }

  /** A rule set known by `name`; `make` gives it the first time, and again when it was long unused. */
  openSet(name: string, make: () => RuleSet, suspended: readonly string[] = []): OpenedRuleSet {
    // Nearly always: to put it behind the others each time would have the map make its table anew every few bills.
    if (this.#last?.hash === name) return this.#last
    const known = this.#opened.get(name)
    if (known !== undefined) return (this.#last = usedLast(this.#opened, name, known))
    const set = make()
    const inForce: InForce = {
      profile: parse(this.#read(set.profile)) as Profile,
      packs: set.packs.map((pack) => narrowed(this.pack(pack.hash), pack)),
      ...(set.catalog !== undefined && { catalog: this.#catalog(set.catalog) }),
      ...(suspended.length > 0 && { suspended: new Set(suspended) }),
    }
    const opened = { hash: name, inForce, adjudicator: openAdjudicator(inForce) }
    dropOldest(this.#opened, OPENED_MAX)
    this.#opened.set(name, opened)
    this.#last = opened
    return opened
  }

  /** A published pack, compiled. */
  pack(hash: string): CompiledPack {
    const known = this.#packs.get(hash)
    if (known !== undefined) return known
    const compiled = compilePack(parse(this.#read(hash)) as RulePack)
    assert(compiled.ok, 'a published pack compiles')
    this.#packs.set(hash, compiled.value)
    return compiled.value
  }

  #catalog(hash: string): NonNullable<InForce['catalog']> {
    const known = this.#catalogs.get(hash)
    if (known !== undefined) return usedLast(this.#catalogs, hash, known)
    const catalog = openCatalog(sharedBytes(this.#read(hash)))
    assert(catalog.ok, 'a published catalogue opens')
    dropOldest(this.#catalogs, CATALOGS_MAX)
    this.#catalogs.set(hash, catalog.value)
    return catalog.value
  }
}

/** Puts what was asked for behind everything that may go before it. */
function usedLast<T>(kept: Map<string, T>, name: string, value: T): T {
  kept.delete(name)
  kept.set(name, value)
  return value
}

function dropOldest(kept: Map<string, unknown>, max: number): void {
  const oldest = kept.keys().next()
  if (kept.size >= max && oldest.done !== true) kept.delete(oldest.value)
}

/** A catalogue is some 20 MB: bytes that threads share already are opened where they are. */
function sharedBytes(bytes: Uint8Array): SharedArrayBuffer {
  const { buffer, byteLength } = bytes
  if (buffer instanceof SharedArrayBuffer && buffer.byteLength === byteLength) return buffer
  const shared = new SharedArrayBuffer(byteLength)
  new Uint8Array(shared).set(bytes)
  return shared
}

function parse(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'))
}

/** The pack with its days narrowed to those for which it was activated. */
export function narrowed(compiled: CompiledPack, { from, to }: RuleSetPack): CompiledPack {
  const { effective } = compiled.pack
  const first = Math.max(effective.from, from ?? effective.from)
  const last = Math.min(effective.to ?? Infinity, to ?? Infinity)
  if (first === effective.from && last === (effective.to ?? Infinity)) return compiled
  const narrow = { ...effective, from: first, ...(last !== Infinity && { to: last }) }
  return { ...compiled, pack: { ...compiled.pack, effective: narrow } }
}
