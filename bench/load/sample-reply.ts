import { assert } from '../../src/assert.ts'
import { openEngine } from '../../src/engine/open-engine.ts'
import { answerFrame } from '../../src/protocol/frames/reply-frame.ts'
import { writeFrame } from '../../src/protocol/frames/write-frame.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { valueOf } from '../micro/settle/setup.ts'
import { requestId } from './wire/frame-templates.ts'
import { ENGINE_SETTINGS, workloadOf } from './workload-spec.ts'

/** A few of the city's bills, enough for any sample. */
const SPEC = { persons: 8, bills: 64 } as const

/** The bytes of the reply to a real settlement of `lines` lines. */
export async function sampleReply(lines: number): Promise<Uint8Array> {
  const workload = workloadOf({ ...SPEC, lines })
  const clock = () => workload.now
  const opened = await openEngine({ store: openMemoryStore(), clock, settings: ENGINE_SETTINGS })
  const engine = valueOf(opened)
  await workload.install(engine)
  const { hospital, bill } = workload.requestAt(0)
  const id = requestId(0)
  const body = { bill }
  const reply = await engine.submit({ operation: 'settle', hospital, requestId: id, body })
  assert(reply.kind === 'answer', 'a bill of the city is settled')
  await engine.close()
  return writeFrame(answerFrame(id, false, reply.answer), 'msgpack')
}
