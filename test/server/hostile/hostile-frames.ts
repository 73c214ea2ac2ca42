import { isUtf8 } from 'node:buffer'
import { encode, encodePlain } from '../../../src/protocol/codec.ts'
import { FRAME_OPERATIONS, type FrameOperation } from '../../../src/protocol/frames/operations.ts'
import { readRequestFrame } from '../../../src/protocol/frames/request-frame.ts'
import { REQUEST_SCHEMAS } from '../../../src/protocol/schemas/request-schemas.ts'
import type { SchemaNode } from '../../../src/rules/schema/schema-node.ts'
import type { Chance } from '../../hostile/chance.ts'
import { mutated, mutatedText } from '../../hostile/mutate.ts'
import { billOf } from '../../workers/town.ts'
import type { Message } from '../malformed-frames.ts'
import type { Subprotocol } from '../terminal-client.ts'
import { ATTACK_LIMITS } from './attack-town.ts'
import { sampleOf } from './sample.ts'

export interface HostileFrame extends Message {
  /** `reply`: one, with that id; `close`: a reply without an id and the end; `cut`: the end. */
  readonly expected: 'reply' | 'close' | 'cut'
  readonly id?: string
}

type Make = (subprotocol: Subprotocol, chance: Chance) => Message

/** One frame with something wrong about it, or only about who sends it. */
export function hostileFrame(subprotocol: Subprotocol, chance: Chance): HostileFrame {
  return judged(chance.oneOf(KINDS)(subprotocol, chance), subprotocol)
}

const FRAME_BYTES = ATTACK_LIMITS.frameBytes ?? 0

/** What a frame has coming, by what the protocol says of its bytes. */
function judged(message: Message, subprotocol: Subprotocol): HostileFrame {
  const { bytes, isBinary } = message
  // Text that is no UTF-8 is against the rules of the WebSocket itself.
  const isNoText = !isBinary && !isUtf8(bytes)
  if (isNoText || bytes.byteLength > 2 * FRAME_BYTES) return { ...message, expected: 'cut' }
  const isMsgpack = subprotocol === 'qingfen.v1.msgpack'
  if (bytes.byteLength > FRAME_BYTES || isBinary !== isMsgpack) {
    return { ...message, expected: 'close' }
  }
  const read = readRequestFrame(bytes, isMsgpack ? 'msgpack' : 'json')
  const id = read.ok ? read.frame.id : read.id
  return id === undefined
    ? { ...message, expected: 'close' }
    : { ...message, expected: 'reply', id }
}

function goodFrame(chance: Chance): { id: string; op: FrameOperation; body: unknown } {
  const op = chance.anyOf(FRAME_OPERATIONS) ?? 'ping'
  const schema = REQUEST_SCHEMAS[`request.${op}`] ?? {}
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, SchemaNode>>
  const body = sampleOf(properties['body'] ?? {}, chance) as Record<string, unknown>
  // Few ids: some frames are repeats of others, with the same body or with another.
  const id = `x${chance.below(2_000)}`
  const bill = billOf(`A${chance.below(20)}`, `V${chance.below(300)}`, 1 + chance.below(300))
  return { id, op, body: 'bill' in body ? { ...body, bill } : body }
}

const spoiltBody: Make = (subprotocol, chance) => {
  const { body, ...frame } = goodFrame(chance)
  return written({ ...frame, body: mutated(body, chance) }, subprotocol, chance)
}

const spoiltFrame: Make = (subprotocol, chance) =>
  written(mutated(goodFrame(chance), chance), subprotocol, chance)

/** Nothing is wrong with it, but for whom it comes from. */
const wellFormed: Make = (subprotocol, chance) => written(goodFrame(chance), subprotocol, chance)

const spoiltBytes: Make = (subprotocol, chance) => {
  const { bytes, isBinary } = wellFormed(subprotocol, chance)
  if (!isBinary) {
    const text = Buffer.from(bytes).toString()
    return { bytes: Buffer.from(mutatedText(text, chance).toWellFormed()), isBinary }
  }
  const at = chance.below(bytes.length)
  if (chance.below(3) === 0) return { bytes: bytes.slice(0, at), isBinary }
  const copy = Uint8Array.from(bytes)
  copy[at] = chance.below(256)
  return { bytes: copy, isBinary }
}

/** Headers of MessagePack that state more than comes. */
const LENGTHS = [0xdd, 0xdf, 0xdb, 0xc6, 0xc9].flatMap((head) => [
  [head, 0xff, 0xff, 0xff, 0xff],
  [head, 0x7f, 0xff, 0xff, 0xff],
  [head, 0x00, 0xff, 0xff, 0xff],
])

const hugeLength: Make = (subprotocol, chance) => {
  const { bytes, isBinary } = wellFormed(subprotocol, chance)
  const at = chance.below(bytes.length)
  const claim = isBinary ? (chance.anyOf(LENGTHS) ?? []) : Buffer.from('9'.repeat(400))
  return {
    bytes: Buffer.concat([bytes.slice(0, at), Buffer.from(claim), bytes.slice(at)]),
    isBinary,
  }
}

const deep: Make = (subprotocol, chance) => {
  if (chance.below(3) !== 0) return spoiltBody(subprotocol, chance)
  // Between the two, whether it can be read depends on how much of the stack is in use.
  const depth = chance.below(2) === 0 ? 10 + chance.below(300) : 50_000 + chance.below(10_000)
  const isBinary = subprotocol === 'qingfen.v1.msgpack'
  if (isBinary) {
    const head = encodePlain({ id: 'deep', op: 'quote' })
    head[0] = 0x83
    const body = Buffer.concat([
      encodePlain('body'),
      Buffer.alloc(depth, 0x91),
      Buffer.from([0xc0]),
    ])
    return { bytes: Buffer.concat([head, body]), isBinary }
  }
  const text = `{"id":"deep","op":"quote","body":{"bill":${'['.repeat(depth)}${']'.repeat(depth)}}}`
  return { bytes: Buffer.from(text), isBinary }
}

const PROTOTYPES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']

const prototypeKeys: Make = (subprotocol, chance) => {
  const key = chance.anyOf(PROTOTYPES) ?? ''
  const text = JSON.stringify(goodFrame(chance))
  const at = text.indexOf('{', chance.below(text.length)) + 1
  const put = `${text.slice(0, at)}"${key}":{"polluted":true,"prototype":{"polluted":1}},${text.slice(at)}`
  if (subprotocol === 'qingfen.v1.json') return { bytes: Buffer.from(put), isBinary: false }
  try {
    return { bytes: encodePlain(JSON.parse(put)), isBinary: true }
  } catch {
    return { bytes: encodePlain({ id: key, op: key, body: { [key]: key } }), isBinary: true }
  }
}

const oversized: Make = (subprotocol, chance) => {
  if (chance.below(8) !== 0) return spoiltFrame(subprotocol, chance)
  const pad = 'x'.repeat(FRAME_BYTES + chance.below(2 * FRAME_BYTES))
  return written({ id: 'large', op: 'quote', body: { bill: pad } }, subprotocol, chance)
}

const otherEncoding: Make = (subprotocol, chance) => {
  if (chance.below(4) !== 0) return spoiltBody(subprotocol, chance)
  const { bytes, isBinary } = wellFormed(subprotocol, chance)
  return { bytes, isBinary: !isBinary }
}

const KINDS: readonly [Make, ...Make[]] = [
  spoiltBody,
  spoiltBody,
  spoiltBody,
  spoiltFrame,
  spoiltFrame,
  wellFormed,
  spoiltBytes,
  hugeLength,
  deep,
  prototypeKeys,
  oversized,
  otherEncoding,
]

function written(tree: unknown, subprotocol: Subprotocol, chance: Chance): Message {
  if (subprotocol === 'qingfen.v1.json') {
    return { bytes: Buffer.from(JSON.stringify(tree) ?? 'null'), isBinary: false }
  }
  return { bytes: chance.below(2) === 0 ? encodePlain(tree) : encode(tree), isBinary: true }
}
