import { businessContent, canonicalBody } from '../protocol/canonical-body.ts'
import type { FrameBody } from '../protocol/frames/request-frame.ts'
import { clientError } from './qingfen-error.ts'
import type { TerminalOperation } from './terminal-operations.ts'

/** Levels of a body: the server takes JSON of 16, the frame included. */
const DEPTH_MAX = 14

/** A body as it is sent, and the text by which it is the same as another. */
export interface Content {
  readonly body: FrameBody
  readonly text: string
}

/** Taken at the call: what the caller changes in its objects later is not sent. Throws `FRAME_MALFORMED`. */
export function contentOf(op: TerminalOperation, given: unknown): Content {
  const body = canonicalBody(given, DEPTH_MAX)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const why = `body: plain data, ${DEPTH_MAX} levels, numbers that are exact`
    throw clientError('FRAME_MALFORMED', 'body', { why })
  }
  return contentWith(op, body as FrameBody)
}

/** `content` with until when it is worth doing, ms. */
export function expiring(op: TerminalOperation, content: Content, notAfter: number): Content {
  return contentWith(op, { ...content.body, notAfter: String(notAfter) })
}

function contentWith(op: TerminalOperation, body: FrameBody): Content {
  const ordered = Object.fromEntries(Object.entries(body).sort(byKey))
  return { body: ordered, text: `${op}\n${JSON.stringify(businessContent(ordered))}` }
}

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1
}

interface Remembered {
  /** As it was asked for. */
  readonly text: string
  /** As it was sent: with `notAfter`. */
  readonly sent: Content
}

/** What writing requests were sent with, so that an id is sent with nothing else; the oldest are forgotten. */
export class RequestMemory {
  readonly #most: number
  readonly #byId = new Map<string, Remembered>()

  constructor(most: number) {
    this.#most = most
  }

  /** How `id` was sent, if it was. */
  sentAs(id: string): Content | undefined {
    return this.#byId.get(id)?.sent
  }

  /** Whether `id` was sent with another content than `text`, as asked for or as sent. */
  differs(id: string, text: string): boolean {
    const known = this.#byId.get(id)
    return known !== undefined && known.text !== text && known.sent.text !== text
  }

  remember(id: string, text: string, sent: Content): void {
    this.#byId.set(id, { text, sent })
    for (const oldest of this.#byId.keys()) {
      if (this.#byId.size <= this.#most) return
      this.#byId.delete(oldest)
    }
  }

  forget(id: string): void {
    this.#byId.delete(id)
  }
}
