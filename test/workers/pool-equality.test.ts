import { expect, test } from 'vitest'
import { openEngine, type Engine } from '../../src/engine/open-engine.ts'
import type { EngineReply } from '../../src/engine/request.ts'
import { recordsOf } from '../../src/engine/store-rows.ts'
import type { SentMessage } from '../../src/engine/sent-request.ts'
import type { Evaluator } from '../../src/engine/evaluator-port.ts'
import type { CompiledPacks } from '../../src/engine/rule-sets.ts'
import { encode } from '../../src/protocol/codec.ts'
import { answerFrame } from '../../src/protocol/frames/reply-frame.ts'
import { writeFrame, type ReplyEncoding } from '../../src/protocol/frames/write-frame.ts'
import { MemoryRows } from '../../src/store/memory-rows.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { openPool } from '../../src/workers/open-pool.ts'
import { accepted } from '../conformance/rules.ts'
import { dayOfIso } from '../model/days.ts'
import { generateHistory } from '../model/generate-history.ts'
import type { History } from '../model/history.ts'
import { CHANGES } from '../model/register.ts'
import { baseRows, packOf, resolved } from '../model/run-engine.ts'
import { PLACES } from '../model/rules.ts'

const SEEDS = 160
const ENCODINGS: readonly ReplyEncoding[] = ['json', 'msgpack', 'records']

/** Contents are named by their hashes, so that one pool serves the ledgers of all histories. */
const contents = new Map<string, Uint8Array>()

const compiled: CompiledPacks = new Map()

/** Replies of a history step by step, and every record, as bytes. */
async function run(
  history: History,
  evaluator: Evaluator | undefined,
): Promise<{ readonly replies: readonly EngineReply[]; readonly bytes: readonly Buffer[] }> {
  const rows = new MemoryRows()
  await rows.commit(await baseRows())
  const store = openMemoryStore(rows)
  let now = history.start
  const opened = await openEngine({
    store,
    clock: () => now,
    compiled,
    ...(evaluator !== undefined && { evaluator }),
    onDefect: (error) => {
      throw error
    },
  })
  const engine = accepted(opened, 'open')
  for (const { key, value } of store.range('content')) contents.set(String(key), value)
  const replies: (EngineReply | undefined)[] = []
  const reply = ENCODINGS[history.seed % ENCODINGS.length] ?? 'json'
  for (const step of history.steps) {
    if (step.kind === 'clock') now = step.at
    replies.push(await take(engine, step, replies, reply))
    // What an activation has published.
    for (const { key, value } of store.range('content')) contents.set(String(key), value)
  }
  await engine.close()
  const records = [...store.range('journal')].flatMap(({ value }) => recordsOf(value))
  return {
    replies: replies.filter((reply) => reply !== undefined),
    bytes: records.map((record) => Buffer.from(encode(record))),
  }
}

async function take(
  engine: Engine,
  step: History['steps'][number],
  replies: readonly (EngineReply | undefined)[],
  encoding: ReplyEncoding,
): Promise<EngineReply | undefined> {
  switch (step.kind) {
    case 'request': {
      const { operation, hospital, requestId } = step
      const body = resolved(step.body, replies)
      const reply = await engine.submit({
        operation,
        hospital,
        requestId,
        body,
        reply: encoding,
        ...(encoding !== 'msgpack' && { sent: messageOf(operation, requestId, body, encoding) }),
      })
      return withoutFrame(requestId, reply, encoding)
    }
    case 'registry':
      await engine.registry(
        'history',
        step.changes.flatMap((index) => CHANGES[index] ?? []),
      )
      return undefined
    case 'activate': {
      const { jurisdiction, pack } = packOf(step)
      await engine.rules.activate({ jurisdiction, pack: pack.hash, from: dayOfIso(step.from) })
      return undefined
    }
    case 'rollBack': {
      const { jurisdiction, pack } = packOf(step)
      await engine.rules.rollBack({ jurisdiction, pack: pack.id })
      return undefined
    }
    case 'clock':
    case 'nothing':
      return undefined
    case 'suspend':
    case 'resume': {
      const place = PLACES[step.place]
      const hash = place?.packs[step.pack]?.hash ?? ''
      await engine.rules[step.kind](place?.jurisdiction ?? '', hash)
      return undefined
    }
  }
}

/** The message that would have carried the body; a third of the histories goes without. */
function messageOf(op: string, id: string, body: unknown, encoding: ReplyEncoding): SentMessage {
  const frame = { id, op, body }
  return encoding === 'json'
    ? { message: Buffer.from(JSON.stringify(frame)), encoding: 'json' }
    : { message: encode(frame), encoding: 'msgpack' }
}

/** The reply; a frame that was written elsewhere is the one that would be written here. */
function withoutFrame(id: string, reply: EngineReply, encoding: ReplyEncoding): EngineReply {
  if (reply.kind !== 'answer' || reply.frame === undefined) return reply
  const { frame, answer, repeat } = reply
  const written = writeFrame(answerFrame(id, repeat, answer), encoding)
  expect(Buffer.from(frame).equals(written), id).toBe(true)
  framesCompared += 1
  return { kind: 'answer', repeat, answer }
}

let framesCompared = 0
/** Bills that went to the workers in their messages. */
let messages = 0

test('with workers and without: the same replies and the same journal, to the byte', async () => {
  const pool = openPool({
    content: (hash) => {
      const bytes = contents.get(hash)
      if (bytes === undefined) throw new Error(`no content ${hash}`)
      return bytes
    },
    workers: 1,
    onError: (error) => {
      throw error
    },
  })
  if (pool === undefined) throw new Error('no pool')
  const counts = new Map<string, number>()
  const evaluator: Evaluator = {
    workers: pool.workers,
    evaluate: async (job) => {
      if (job.sent !== undefined) messages += 1
      const outcome = await pool.evaluate(job)
      counts.set(outcome.kind, (counts.get(outcome.kind) ?? 0) + 1)
      return outcome
    },
    // The pool is for all histories.
    close: async () => {},
  }
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const history = generateHistory(seed)
    const inline = await run(history, undefined)
    const pooled = await run(history, evaluator)
    expect(pooled.replies, `seed ${seed}`).toEqual(inline.replies)
    const bytes = (replies: readonly EngineReply[]) => Buffer.from(encode(replies)).toString('hex')
    expect(bytes(pooled.replies), `seed ${seed}`).toBe(bytes(inline.replies))
    expect(Buffer.concat(pooled.bytes).equals(Buffer.concat(inline.bytes)), `seed ${seed}`).toBe(
      true,
    )
  }
  await pool.close()
  // The histories are of bills that workers saw, and of some that they refused.
  expect([...counts.keys()].toSorted()).toEqual(['evaluated', 'refused'])
  expect(counts.get('evaluated')).toBeGreaterThan(250)
  expect(counts.get('refused')).toBeGreaterThan(5)
  expect(framesCompared).toBeGreaterThan(100)
  expect(messages).toBeGreaterThan(150)
})
