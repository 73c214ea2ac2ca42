import type { Problem } from '../../errors/problem.ts'

/** Something that is not as it should be. */
export interface Finding {
  /** The record it belongs to; Infinity for what concerns no single record. */
  readonly seq: number
  readonly problem: Problem
}

/** Kept of what was found; more are only counted. */
const KEPT_MAX = 100

/** What a verification found: the earliest ones in full, the number of all. */
export class Findings {
  #kept: Finding[] = []
  readonly #counts = new Map<Problem['code'], number>()
  #total = 0

  add(seq: number, problem: Problem): void {
    this.#count(problem.code, 1)
    this.#keep({ seq, problem })
  }

  /** Takes in what was found elsewhere. */
  merge({ first, counts }: FindingsSummary): void {
    for (const [code, count] of counts) this.#count(code, count)
    for (const finding of first) this.#keep(finding)
  }

  summary(): FindingsSummary {
    const first = this.#kept.toSorted((left, right) => compareSeq(left.seq, right.seq))
    return { total: this.#total, first: first.slice(0, KEPT_MAX), counts: [...this.#counts] }
  }

  #count(code: Problem['code'], count: number): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + count)
    this.#total += count
  }

  #keep(finding: Finding): void {
    this.#kept.push(finding)
    if (this.#kept.length >= 2 * KEPT_MAX) this.#kept = [...this.summary().first]
  }
}

export interface FindingsSummary {
  /** Number of all, kept or not. */
  readonly total: number
  /** In the order of the journal; what concerns no record comes last. */
  readonly first: readonly Finding[]
  readonly counts: readonly (readonly [code: Problem['code'], count: number])[]
}

/** Infinity − Infinity is no number. */
function compareSeq(left: number, right: number): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
