import { assert } from '../../assert.ts'
import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../../errors/problem.ts'
import type { ErrorCode } from '../../errors/codes.ts'
import { PACK_LIMITS } from '../limits.ts'
import { nearestWord } from './nearest.ts'
import type { Place, SourceNode } from './source-node.ts'

/** Names that may still be compared with unknown ones. */
export interface NamesLeft {
  count: number
}

export function namesLeft(): NamesLeft {
  return { count: PACK_LIMITS.namesComparedMax }
}

/** Problems found so far while one file is read; the same code at the same path is listed once. */
export class Findings {
  readonly file: string
  readonly #problems = new Map<string, Problem>()
  readonly #names: NamesLeft

  constructor(file: string, names = namesLeft()) {
    this.file = file
    this.#names = names
  }

  /** A copy for a trial reading whose own problems are not wanted. */
  forTrial(): Findings {
    const trial = new Findings(this.file, { count: 0 })
    for (const [identity, found] of this.#problems) trial.#problems.set(identity, found)
    return trial
  }

  get count(): number {
    return this.#problems.size
  }

  /** So many that the rest need not be looked for: nobody reads them and the file is refused anyway. */
  get isFull(): boolean {
    return this.#problems.size >= PACK_LIMITS.problemsKept
  }

  add(found: Problem, place: Place): void {
    if (this.isFull) return
    const identity = `${found.code}|${found.where}|${place.line}:${place.column}`
    if (this.#problems.has(identity)) return
    const { line, column } = place
    this.#problems.set(identity, { ...found, file: this.file, line, column })
  }

  /** The nearest of `known`, of which a pack may have a thousand; '' once enough names were looked at. */
  nearest(word: string, known: Iterable<string>): string {
    if (this.#names.count <= 0) return ''
    const names = [...known]
    this.#names.count -= names.length
    return nearestWord(word, names)
  }

  /** Reports `code` at the place and path of `node`. */
  at(node: SourceNode, code: ErrorCode, details: Readonly<Record<string, string | number>> = {}) {
    this.add(problem(code, node.where, details), node)
  }

  /** Reports the problems of a reader of single texts, at the place and path of `node`. */
  adopt(problems: readonly Problem[], node: SourceNode): void {
    for (const found of problems) this.add({ ...found, where: node.where }, node)
  }

  /** `value`, or a stand-in for a part whose problem is already listed: the result is refused anyway. */
  orStandIn<T>(value: T | undefined, standIn: T): T {
    if (value !== undefined) return value
    assert(this.count > 0, 'a part that could not be read was reported')
    return standIn
  }

  /** The value when nothing was found; else the problems in file order, the first of very many. */
  result<T>(value: () => T): Result<T> {
    if (this.count === 0) return success(value())
    const sorted = [...this.#problems.values()].toSorted(byPlace)
    const listed = sorted.slice(0, PACK_LIMITS.problemsMax)
    if (listed.length === sorted.length) return failureOf(listed)
    const details = { problems: sorted.length, listed: listed.length }
    return failure(...listed, { ...problem('PACK_PROBLEMS_CUT', '', details), file: this.file })
  }
}

function byPlace(left: Problem, right: Problem): number {
  const lines = (left.line ?? 0) - (right.line ?? 0)
  return lines === 0 ? (left.column ?? 0) - (right.column ?? 0) : lines
}
