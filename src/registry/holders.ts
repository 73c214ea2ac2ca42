import { problem, type Problem } from '../errors/problem.ts'
import { quoted } from '../protocol/findings.ts'
import { isObject } from '../protocol/section.ts'
import type { FactDocument } from './entries.ts'
import type { Lookup } from './lookup.ts'
import { Seen } from './seen.ts'

/** That a person holds a policy, as a file states it. */
export interface Holding {
  readonly person: string
  readonly policy: FactDocument
  /** Of the row, 1-based. */
  readonly line: number
}

/**
 * Who holds which policy, over one file and the register: a policy of several persons says `shared: true` with each of them. What
 * the file has said of a holder so far counts instead of what the register has.
 */
export class Holders {
  private readonly lookup: Lookup
  /** Whether the file has stated, up to here, all policies of a person. */
  private readonly isRestated: (person: string) => boolean
  /** Policy → line that stated it first, doubled, and 1 when it was shared. */
  private readonly policies = new Seen()

  constructor(lookup: Lookup, isRestated: (person: string) => boolean) {
    this.lookup = lookup
    this.isRestated = isRestated
  }

  /** A problem when another person holds the policy too and one of the two does not share it. */
  check({ person, policy }: Holding): Problem | undefined {
    const id = String(policy['id'])
    const isShared = policy['shared'] === true
    const first = this.policies.get(id)
    if (first > 0) {
      if (isShared && first % 2 === 1) return undefined
      const line = (first - (first % 2)) / 2
      return problem('POLICY_NOT_SHARED', '', { policy: quoted(id), line })
    }
    const known = this.lookup('policy', id)
    if (!isObject(known)) return undefined
    if (known['shared'] === true) {
      return isShared ? undefined : problem('POLICY_SHARED_BEFORE', '', { policy: quoted(id) })
    }
    const holder = String(known['holder'])
    if (holder === person || !this.stillHolds(holder, id)) return undefined
    return problem('POLICY_HELD', '', { policy: quoted(id), holder: quoted(holder) })
  }

  /** What `check` found right. */
  add({ line, policy }: Holding): void {
    const id = String(policy['id'])
    if (this.policies.get(id) > 0) return
    this.policies.set(id, line * 2 + (policy['shared'] === true ? 1 : 0))
  }

  private stillHolds(holder: string, policy: string): boolean {
    if (this.isRestated(holder)) return false
    return policiesOf(this.lookup('person', holder)).some(({ id }) => id === policy)
  }
}

/** The policies of a registered person. */
export function policiesOf(person: unknown): readonly FactDocument[] {
  const policies = isObject(person) ? person['policies'] : undefined
  return Array.isArray(policies) ? (policies as readonly FactDocument[]) : []
}
