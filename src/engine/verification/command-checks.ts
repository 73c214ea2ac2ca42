import type { Problem } from '../../errors/problem.ts'
import type { ContentRecord, RulesRecord } from '../../ledger/record.ts'
import type { Store } from '../ports.ts'
import type { ReadContent } from '../rule-sets.ts'
import type { Turn } from '../turn.ts'
import { checkContent, checkRules } from './content-checks.ts'
import { impossible, madeDiffers } from './record-problems.ts'
import { rerunRules } from './rules-checks.ts'

/** Checks commands on packs, each with the contents that it brought, which come before it. */
export class CommandChecks {
  readonly #store: Store
  readonly #read: ReadContent
  /** Hashes of contents that records named. */
  readonly contents = new Set<string>()
  #brought: ContentRecord[] = []

  constructor(store: Store, read: ReadContent) {
    this.#store = store
    this.#read = read
  }

  content(record: ContentRecord): Problem | undefined {
    this.#brought.push(record)
    return checkContent(this.#store, record)
  }

  /** `turnAt`: the turn whose first record has that number. */
  rules(record: RulesRecord, turnAt: (seq: number) => Turn): Problem | undefined {
    try {
      return checkRules(this.#store, record) ?? this.#again(record, turnAt)
    } finally {
      this.#take()
    }
  }

  #again(record: RulesRecord, turnAt: (seq: number) => Turn): Problem | undefined {
    const stored = [...this.#brought, record]
    const turn = turnAt(this.#brought[0]?.seq ?? record.seq)
    const hasContent = (hash: string) => this.contents.has(hash)
    const again = rerunRules(this.#read, { ...turn, hasContent }, record)
    for (const [index, one] of stored.entries()) {
      const made = again[index]
      const differs =
        made === undefined ? impossible(one, 'nothing written') : madeDiffers(one, made)
      if (differs !== undefined) return differs
    }
    return undefined
  }

  /** A content whose command has not come; whoever asks is told once. */
  open(): ContentRecord | undefined {
    const [first] = this.#brought
    this.#take()
    return first
  }

  #take(): void {
    for (const { hash } of this.#brought) this.contents.add(hash)
    this.#brought = []
  }
}
