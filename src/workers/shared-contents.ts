import type { ReadContent, RuleSet } from '../engine/rule-sets.ts'
import type { SharedContent } from './split-batch.ts'

/** What a worker needs to open a rule set. */
export interface RuleSetContents {
  readonly contents: readonly SharedContent[]
  /** Hashes of its packs, in its order. */
  readonly packs: readonly string[]
}

/** So many are kept ready; one that is asked for again after that is read again. */
const RULE_SETS_KEPT = 64

/** Published contents copied once into memory that every worker reads, by hash; a catalogue is there once for all rule sets. */
export class SharedContents {
  readonly #read: ReadContent
  readonly #bytes = new Map<string, SharedArrayBuffer>()
  /** The one used last comes last. */
  readonly #ruleSets = new Map<string, RuleSetContents>()

  constructor(read: ReadContent) {
    this.#read = read
  }

  /** Throws what reading throws. */
  of(ruleSet: string): RuleSetContents {
    const known = this.#ruleSets.get(ruleSet) ?? this.#open(ruleSet)
    this.#ruleSets.delete(ruleSet)
    this.#ruleSets.set(ruleSet, known)
    if (this.#ruleSets.size > RULE_SETS_KEPT) this.#forgetOldest()
    return known
  }

  #open(ruleSet: string): RuleSetContents {
    const bytes = this.#shared(ruleSet)
    const set = JSON.parse(Buffer.from(new Uint8Array(bytes)).toString('utf8')) as RuleSet
    const packs = set.packs.map(({ hash }) => hash)
    const named = [set.profile, ...packs, ...(set.catalog === undefined ? [] : [set.catalog])]
    const hashes = [...new Set([ruleSet, ...named])]
    return { contents: hashes.map((hash) => [hash, this.#shared(hash)]), packs }
  }

  #shared(hash: string): SharedArrayBuffer {
    const known = this.#bytes.get(hash)
    if (known !== undefined) return known
    const bytes = this.#read(hash)
    const shared = new SharedArrayBuffer(bytes.byteLength)
    new Uint8Array(shared).set(bytes)
    this.#bytes.set(hash, shared)
    return shared
  }

  #forgetOldest(): void {
    const oldest = this.#ruleSets.keys().next()
    if (oldest.done !== true) this.#ruleSets.delete(oldest.value)
    const used = new Set<string>()
    for (const { contents } of this.#ruleSets.values())
      for (const [hash] of contents) used.add(hash)
    for (const hash of this.#bytes.keys()) if (!used.has(hash)) this.#bytes.delete(hash)
  }
}
