import type { ErrorCode } from '../errors/codes.ts'
import { problem, type Problem } from '../errors/problem.ts'
import { frameProblem, type FrameProblem } from '../protocol/frames/reply-frame.ts'
import type { QuoteAnswer } from './answers.ts'

export interface ErrorExtras {
  readonly requestId?: string | undefined
  readonly retryAfterMs?: number | undefined
  readonly split?: QuoteAnswer | undefined
}

/** A call that was refused, by the server or by the SDK itself. */
export class QingfenError extends Error {
  /** At least one; with sentences for the cashier (`zh`, `doZh`). */
  readonly problems: readonly FrameProblem[]
  readonly requestId: string | undefined
  /** How long to wait before it is worth sending again, ms. */
  readonly retryAfterMs: number | undefined
  /** With QUOTE_CHANGED: the new split. */
  readonly split: QuoteAnswer | undefined

  constructor(problems: readonly FrameProblem[], extras: ErrorExtras = {}) {
    super(problems.map(({ code, en, doEn }) => `${code}: ${en}; ${doEn}`).join('\n'))
    this.name = 'QingfenError'
    this.problems = problems
    this.requestId = extras.requestId
    this.retryAfterMs = extras.retryAfterMs
    this.split = extras.split
  }

  /** The code of the first problem. */
  get code(): string {
    return this.problems[0]?.code ?? ''
  }
}

/** A refusal by the SDK itself. */
export function clientError(
  code: ErrorCode,
  where: string,
  details: Problem['details'] = {},
  extras: ErrorExtras = {},
): QingfenError {
  return new QingfenError([frameProblem(problem(code, where, details))], extras)
}
