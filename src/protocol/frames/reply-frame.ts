import { ERROR_TRAITS } from '../../errors/codes.ts'
import { adviseProblem, describeProblem, type Problem } from '../../errors/problem.ts'
import type { FrameBody } from './request-frame.ts'
import { toldProblem } from './told-problem.ts'

/** A problem as it is sent: with its number and its sentences. */
export interface FrameProblem {
  readonly code: string
  readonly number: number
  /** Path into the body of the request; '' for the whole. */
  readonly where: string
  readonly zh: string
  readonly en: string
  readonly doZh: string
  readonly doEn: string
  readonly details: Problem['details']
  readonly retryable: boolean
}

export interface AnswerFrame {
  readonly id: string
  readonly ok: true
  /** The request had been answered before; `answer` is that answer, byte for byte. */
  readonly repeat: boolean
  readonly answer: FrameBody
}

export interface RefusalFrame {
  /** Null when the request had none that can be read. */
  readonly id: string | null
  readonly ok: false
  readonly problems: readonly FrameProblem[]
  /** Present when it is worth sending again, ms. */
  readonly retryAfterMs?: number
  /** With QUOTE_CHANGED: the new split. */
  readonly split?: FrameBody
}

export type ReplyFrame = AnswerFrame | RefusalFrame

export interface RefusalExtras {
  readonly retryAfterMs?: number | undefined
  readonly split?: FrameBody | undefined
}

/** `answer` comes last, so that a repeat ends with the same bytes. */
export function answerFrame(id: string, repeat: boolean, answer: FrameBody): AnswerFrame {
  return { id, ok: true, repeat, answer }
}

export function refusalFrame(
  id: string | null,
  problems: readonly Problem[],
  { retryAfterMs, split }: RefusalExtras = {},
): RefusalFrame {
  return {
    id,
    ok: false,
    problems: problems.map(frameProblem),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(split !== undefined && { split }),
  }
}

export function frameProblem(found: Problem): FrameProblem {
  const item = toldProblem(found)
  const { wire, retryable } = ERROR_TRAITS[item.code]
  return {
    code: item.code,
    number: wire,
    where: item.where,
    zh: describeProblem(item, 'zh'),
    en: describeProblem(item, 'en'),
    doZh: adviseProblem(item, 'zh'),
    doEn: adviseProblem(item, 'en'),
    details: item.details,
    retryable,
  }
}
