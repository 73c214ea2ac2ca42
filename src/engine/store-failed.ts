import { describeProblem, problem, type Problem } from '../errors/problem.ts'

/** A store could not do what was asked; `problem` says what and what to do. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed'
  readonly problem: Problem
  /** Of a commit: it certainly did not happen. False: it may be on the disk or not. */
  readonly nothingWritten: boolean

  constructor(failed: Problem, { cause, nothingWritten = false }: StoreFailedOptions = {}) {
    super(describeProblem(failed, 'en'), cause === undefined ? undefined : { cause })
    this.problem = failed
    this.nothingWritten = nothingWritten
  }
}

export interface StoreFailedOptions {
  readonly cause?: unknown
  readonly nothingWritten?: boolean
}

/** What is told of something thrown that was no refusal: what the store says, else that it is a defect. */
export function thrownProblem(error: unknown): Problem {
  if (error instanceof StoreFailed) return error.problem
  return problem('DEFECT', '', { what: error instanceof Error ? error.message : String(error) })
}
