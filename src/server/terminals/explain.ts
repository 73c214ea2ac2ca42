import { sentences } from '../../adjudication/sentences.ts'
import type { EngineReply } from '../../engine/request.ts'
import { problem } from '../../errors/problem.ts'
import type { FrameBody } from '../../protocol/frames/request-frame.ts'
import type { ServedEngine } from './context.ts'

/**
 * explain `{ settlement }`: how a settlement came about, one plain sentence a step, for the patient. It is looked up as
 * `find` does first, so that one of another hospital is unknown here in the same words.
 */
export async function explain(
  engine: ServedEngine,
  hospital: string,
  { settlement, ...rest }: FrameBody,
): Promise<EngineReply> {
  if (typeof settlement !== 'string' || settlement === '' || Object.keys(rest).length > 0) {
    const why = '{ settlement: text }'
    return { kind: 'refused', problems: [problem('REQUEST_MALFORMED', 'settlement', { why })] }
  }
  const body = { settlement }
  const found = await engine.submit({ operation: 'find', hospital, requestId: '', body })
  if (found.kind === 'refused') return found
  const again = engine.recompute(settlement)
  if (!again.ok) return { kind: 'refused', problems: again.problems }
  const steps = sentences(again.value.settlement).map(({ zh, en }) => ({ zh, en }))
  return { kind: 'answer', repeat: false, answer: { settlement, sentences: steps } }
}
