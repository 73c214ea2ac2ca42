import { problem, success, type Result } from '../../errors/problem.ts'
import type { EventFrame } from '../../protocol/frames/event-frame.ts'
import { isTopic, TOPICS, type Topic } from '../../protocol/frames/operations.ts'
import { malformed, type FrameBody } from '../../protocol/frames/request-frame.ts'
import { quoted } from '../../protocol/findings.ts'
import type { Principal } from '../principal.ts'
import type { Terminal } from './terminal.ts'

/** Who wants to hear of what. */
export class Subscriptions {
  readonly #subscribers = new Map<Topic, Set<Terminal>>(TOPICS.map((topic) => [topic, new Set()]))

  /** Adds the topics of `body`, all or none; the answer names all that `terminal` has. */
  subscribe(terminal: Terminal, body: FrameBody): Result<FrameBody> {
    const { topics, ...rest } = body
    const isList = Array.isArray(topics) && topics.length > 0 && topics.length <= TOPICS.length
    if (!isList || Object.keys(rest).length > 0) {
      const why = `{ topics: 1–${TOPICS.length} }`
      return { ok: false, problems: [malformed(why, 'body.topics')] }
    }
    const items: readonly unknown[] = topics
    const unknown = items.find((topic) => !isTopic(topic))
    if (unknown !== undefined) {
      const details = { topic: quoted(unknown), topics: TOPICS.join(', ') }
      return { ok: false, problems: [problem('TOPIC_UNKNOWN', 'body.topics', details)] }
    }
    for (const topic of items.filter(isTopic)) {
      terminal.topics.add(topic)
      this.#subscribers.get(topic)?.add(terminal)
    }
    return success({ topics: TOPICS.filter((topic) => terminal.topics.has(topic)) })
  }

  forget(terminal: Terminal): void {
    for (const topic of terminal.topics) this.#subscribers.get(topic)?.delete(terminal)
  }

  publish(frame: EventFrame, concerns: (principal: Principal) => boolean = () => true): void {
    for (const terminal of this.#subscribers.get(frame.event) ?? []) {
      if (terminal.principal !== undefined && concerns(terminal.principal)) terminal.send(frame)
    }
  }
}
