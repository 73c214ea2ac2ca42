import { READ_ONLY, type EngineReply, type EngineRequest } from '../../src/engine/request.ts'
import type { LedgerRecord } from '../../src/ledger/record.ts'
import { requestRowKey } from '../../src/ledger/rows.ts'
import { dayOfIso } from '../model/days.ts'
import type { Tree } from '../model/model-split.ts'
import { textOf, type Books } from './books.ts'
import type { World } from './world.ts'

/** A request as a client first sent it. */
export interface SentRequest {
  readonly operation: EngineRequest['operation']
  readonly hospital: string
  readonly requestId: string
  readonly body: Tree
}

/** What is known of one (hospital, request id). */
interface Known {
  /** With the engine now. */
  open: number
  /** The engine went away, or said that it does not know: it may be in the journal. */
  isUncertain: boolean
  /** What it was answered first, and the content that was. */
  answered?: { readonly request: SentRequest; readonly content: string; readonly text: string }
  /** Contents that were refused for good, since the last one was sent. */
  refusals: number
}

/**
 * Sees every request that reaches an engine and every reply that leaves one, and holds them against each other and against what has
 * been flushed.
 */
export class Witness {
  readonly #world: World
  readonly #books: Books
  readonly #known = new Map<string, Known>()
  readonly codes = new Map<string, number>()

  constructor(world: World, books: Books) {
    this.#world = world
    this.#books = books
  }

  /** Writing requests with an answer. */
  answered(): readonly { readonly request: SentRequest; readonly text: string }[] {
    return [...this.#known.values()].flatMap(({ answered }) => (answered ? [answered] : []))
  }

  submitted(request: SentRequest): void {
    const { bill } = request.body
    if (isObject(bill)) this.#world.poisonings.sent(bill)
    if (READ_ONLY.has(request.operation)) return
    const known = this.#knownOf(request)
    known.open += 1
  }

  /** The engine is gone with everything it had not answered. */
  engineGone(): void {
    for (const known of this.#known.values()) {
      if (known.open > 0) known.isUncertain = true
      known.open = 0
    }
  }

  replied(request: SentRequest, reply: EngineReply): void {
    const code = reply.kind === 'answer' ? (reply.repeat ? 'repeat' : 'ok') : codeOf(reply)
    const name = `${request.operation} ${code}`
    this.codes.set(name, (this.codes.get(name) ?? 0) + 1)
    if (code === 'DEFECT') this.#world.violated(`${name} ${JSON.stringify(reply)}`)
    const { bill } = request.body
    if (reply.kind === 'answer' && isObject(bill) && this.#world.poisonings.has(bill)) {
      this.#world.violated(`${name} ${request.requestId} has brought a worker down and was run`)
    }
    if (READ_ONLY.has(request.operation)) return this.#read(request, reply)
    const known = this.#knownOf(request)
    known.open -= 1
    if (reply.kind === 'answer') this.#answer(request, known, reply.answer)
    else this.#refusal(request, known, code)
  }

  /** A record that was flushed: somebody must have asked for it, and not been told that it was refused. */
  recorded({ seq, request }: LedgerRecord): void {
    if (request === undefined) return
    const known = this.#known.get(requestRowKey(request.hospital, request.id))
    const mayBe = known !== undefined && (known.open > 0 || known.isUncertain)
    if (!mayBe)
      this.#world.violated(`record ${seq} of request ${request.id}, which nobody waits for`)
  }

  #knownOf({ hospital, requestId }: SentRequest): Known {
    const key = requestRowKey(hospital, requestId)
    const known = this.#known.get(key) ?? { open: 0, isUncertain: false, refusals: 0 }
    this.#known.set(key, known)
    return known
  }

  #answer(request: SentRequest, known: Known, answer: Tree): void {
    const { hospital, requestId, body, operation } = request
    const name = `${operation} ${hospital} ${requestId}`
    const text = JSON.stringify(answer)
    const content = JSON.stringify(body)
    const first = known.answered
    if (first !== undefined) {
      const isSame = first.text === text
      this.#world.require(isSame, () => `${name} is answered otherwise:\n${first.text}\n${text}`)
      this.#world.require(first.content === content, () => `${name} is answered for two contents`)
      return
    }
    known.answered = { request, content, text }
    const row = this.#books.requests.get(requestRowKey(hospital, requestId))
    if (row === undefined) {
      this.#world.violated(`${name} is answered and not on the disk`)
      return
    }
    this.#compareRecord(name, row.seq, answer)
  }

  /** The answer says what the record says. */
  #compareRecord(name: string, seq: number, answer: Tree): void {
    const record = this.#books.records[seq - 1]
    if (record === undefined) return
    const split =
      record.kind === 'confirmed' ? this.#books.splits.get(record.settlement)?.split : record
    const said: Tree | undefined =
      split?.kind === 'settlement' || split?.kind === 'prepared'
        ? { ...split.answer, settlement: idOf(split.seq), at: record.at, day: record.day }
        : record.reply
    for (const [key, value] of Object.entries(said ?? { reply: 'none' })) {
      if (JSON.stringify(value) !== JSON.stringify(answer[key])) {
        this.#world.violated(`${name}: ${key} is not that of record ${seq}`)
      }
    }
  }

  #refusal(request: SentRequest, known: Known, code: string): void {
    known.refusals += 1
    if (code === 'OUTCOME_UNKNOWN') known.isUncertain = true
    const { hospital, requestId } = request
    const isCertain = known.open === 0 && !known.isUncertain && known.answered === undefined
    if (isCertain && this.#books.requests.has(requestRowKey(hospital, requestId))) {
      this.#world.violated(`${request.operation} ${requestId} was refused (${code}) and is posted`)
    }
    if (code === 'REQUEST_DIFFERS' && known.answered?.content === JSON.stringify(request.body)) {
      this.#world.violated(`${requestId} differs from itself`)
    }
  }

  /** What is shown is on the disk. */
  #read({ operation, hospital, body }: SentRequest, reply: EngineReply): void {
    if (reply.kind !== 'answer') return
    const { answer } = reply
    if (operation === 'find' || operation === 'unresolved') {
      const list = answer['settlements'] as readonly Tree[]
      for (const { settlement } of list) {
        const seq = Number(String(settlement).slice(1))
        const known = this.#books.splits.get(seq)
        if (known === undefined || (hospital !== '' && known.split.hospital !== hospital)) {
          this.#world.violated(`${operation} shows ${String(settlement)}`)
        }
      }
    }
    if (operation === 'dayTotals') {
      const key = `${dayOfIso(String(body['day']))} ${hospital}`
      const text = textOf(answer as unknown as Parameters<typeof textOf>[0])
      const past = this.#books.pastTotals.get(key) ?? new Set(['0 0 0 0 0'])
      if (!past.has(text)) this.#world.violated(`totals of ${key} were never ${text}`)
    }
  }
}

export function codeOf(reply: Extract<EngineReply, { readonly kind: 'refused' }>): string {
  return reply.problems[0]?.code ?? 'nothing'
}

/** `S000000000042` for 42. */
export function idOf(seq: number): string {
  return `S${String(seq).padStart(12, '0')}`
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
