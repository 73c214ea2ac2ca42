import { WebSocket } from 'ws'
import { decodeForeign, encodePlain } from '../../../src/protocol/codec.ts'
import { closeCodeOf } from '../../../src/protocol/frames/close-code.ts'
import type { Chance } from '../../hostile/chance.ts'
import type { Received, Subprotocol } from '../terminal-client.ts'
import {
  isProperCode,
  overLines,
  within,
  type AttackTown,
  type Barrage,
  type Outcomes,
} from './attack-town.ts'
import { hostileFrame, type HostileFrame } from './hostile-frames.ts'

const SUBPROTOCOLS = ['qingfen.v1.json', 'qingfen.v1.msgpack'] as const
/** Terminals come twice as often: there is most to spoil in what they may ask for. */
const SENDERS = ['terminal-H', 'terminal-H', 'operator', 'insurer', 'auditor'] as const
/** Fewer than a connection may have in flight. */
const VOLLEY = 24
const GOOD_EVERY = 8
/** Connections at once. */
const LINES = 6
const DEADLINE_MS = 30_000
const CUT_CODES: readonly number[] = [1006, 1007, 1009]

/** Sends `count` frames over several connections at once; what became of them is noted in `outcomes`. */
export async function frameBarrage(
  town: AttackTown,
  barrage: Barrage,
  outcomes: Outcomes,
): Promise<void> {
  await overLines(barrage, LINES, async (chance, left) => {
    for (let sent = 0; sent < left;) sent += await attack(town, chance, left - sent, outcomes)
  })
}

/** One connection, until a frame ends it or `most` are sent; gives how many were. */
async function attack(
  town: AttackTown,
  chance: Chance,
  most: number,
  outcomes: Outcomes,
): Promise<number> {
  const subprotocol = chance.oneOf(SUBPROTOCOLS)
  const line = await Line.open(town.port, subprotocol)
  if (chance.below(12) === 0) {
    await beforeHello(line, hostileFrame(subprotocol, chance), outcomes)
    return 1
  }
  await line.hello(town.credential(chance.oneOf(SENDERS)))
  let sent = 0
  for (let isOpen = true; isOpen && sent < most;) {
    const volley: HostileFrame[] = []
    let last: HostileFrame | undefined
    while (last === undefined && volley.length < VOLLEY && sent < most) {
      const frame = hostileFrame(subprotocol, chance)
      if (frame.expected === 'reply') volley.push(frame)
      else last = frame
      sent += 1
    }
    isOpen = await answered(line, volley, outcomes)
    if (isOpen && last !== undefined) {
      await ended(line, last, outcomes)
      isOpen = false
    }
    if (chance.below(GOOD_EVERY) === 0) await town.settleGood()
  }
  line.socket.terminate()
  return sent
}

/** Each frame has one reply, with its own id; whether the connection is still there. */
async function answered(
  line: Line,
  volley: readonly HostileFrame[],
  outcomes: Outcomes,
): Promise<boolean> {
  for (const { bytes, isBinary } of volley) line.socket.send(bytes, { binary: isBinary })
  const isDone = await within(line.has(volley.length), DEADLINE_MS)
  const replies = line.take()
  outcomes.total += volley.length
  for (const reply of replies) noteReply(reply, outcomes)
  const [sentIds, gotIds] = [volley, replies].map((list) =>
    list.map(({ id }) => String(id)).toSorted((a, b) => (a < b ? -1 : 1)),
  )
  if (isDone === true && JSON.stringify(sentIds) === JSON.stringify(gotIds)) return true
  const silent = volley.find(({ id }) => !replies.some((reply) => reply.id === id)) ?? volley[0]
  const how = line.ending === undefined ? 'no answer' : `closed ${JSON.stringify(line.ending)}`
  outcomes.fault(how, silent?.bytes ?? new Uint8Array())
  return false
}

/** A frame that cannot be answered by its id ends the connection, with the code of the refusal. */
async function ended(line: Line, frame: HostileFrame, outcomes: Outcomes): Promise<void> {
  line.socket.send(frame.bytes, { binary: frame.isBinary })
  const ending = await within(line.closed, DEADLINE_MS)
  outcomes.total += 1
  const [reply] = line.take()
  if (frame.expected === 'cut') {
    outcomes.note('cut')
    if (ending !== undefined && CUT_CODES.includes(ending.code)) return
    outcomes.fault(`not cut ${JSON.stringify(ending)}`, frame.bytes)
    return
  }
  if (reply !== undefined) noteReply(reply, outcomes)
  // The reason is that of the frame as a whole; what was wrong with it is in the reply.
  const reason = ending?.reason ?? ''
  const isCoded = isProperCode(reason) && ending?.code === closeCodeOf(reason)
  if (isCoded && reply?.id === null && reply.ok === false) return
  outcomes.fault(`not closed ${JSON.stringify([ending, reply])}`, frame.bytes)
}

/** Nobody has said who they are: whatever comes is answered with a code, and is the end. */
async function beforeHello(line: Line, frame: HostileFrame, outcomes: Outcomes): Promise<void> {
  if (frame.expected !== 'reply') {
    await ended(line, frame, outcomes)
    return
  }
  line.socket.send(frame.bytes, { binary: frame.isBinary })
  const ending = await within(line.closed, DEADLINE_MS)
  outcomes.total += 1
  const replies = line.take()
  for (const reply of replies) noteReply(reply, outcomes)
  const isRefused = replies.length === 1 && replies[0]?.ok === false
  if (isRefused && isProperCode(ending?.reason ?? '')) return
  outcomes.fault(`before hello ${JSON.stringify([ending, replies])}`, frame.bytes)
}

function noteReply(reply: Received, outcomes: Outcomes): void {
  if (reply.ok === true) outcomes.note('answered')
  const codes = (reply.problems ?? []).map(({ code }) => code)
  for (const code of new Set(codes)) outcomes.note(code)
  const isProper = reply.ok === true || (codes.length > 0 && codes.every(isProperCode))
  if (!isProper) outcomes.fault('improper reply', Buffer.from(JSON.stringify(reply)))
}

/** One WebSocket, and the replies that came over it. */
class Line {
  readonly socket: WebSocket
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  ending: { readonly code: number; readonly reason: string } | undefined
  readonly #replies: Received[] = []
  #wake: () => void = () => undefined

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data: Buffer, isBinary) => {
      const tree = (isBinary ? decodeForeign(data) : JSON.parse(data.toString())) as Received
      // An event answers nothing.
      if (tree.event === undefined) this.#replies.push(tree)
      this.#wake()
    })
    socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.ending = { code, reason: reason.toString() }
        resolve(this.ending)
        this.#wake()
      })
    })
  }

  static async open(port: number, subprotocol: Subprotocol): Promise<Line> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/terminal`, [subprotocol])
    const line = new Line(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return line
  }

  async hello(credential: string): Promise<void> {
    const frame = JSON.stringify({ id: 'hello', op: 'hello', body: { credential } })
    const isJson = this.socket.protocol === 'qingfen.v1.json'
    this.socket.send(isJson ? frame : helloOf(credential), { binary: !isJson })
    await within(this.has(1), DEADLINE_MS)
    const [reply] = this.take()
    if (reply?.ok !== true) throw new Error(`hello: ${JSON.stringify([reply, this.ending])}`)
  }

  /** True when `count` replies are there, false when the connection has ended before. */
  async has(count: number): Promise<boolean> {
    while (this.#replies.length < count && this.ending === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#replies.length >= count
  }

  take(): readonly Received[] {
    return this.#replies.splice(0)
  }
}

function helloOf(credential: string): Uint8Array {
  return encodePlain({ id: 'hello', op: 'hello', body: { credential } })
}
