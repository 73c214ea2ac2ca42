import type { HttpResponse } from 'uWebSockets.js'
import { frameProblem } from '../../protocol/frames/reply-frame.ts'
import type { FrameBody } from '../../protocol/frames/request-frame.ts'
import type { Problem } from '../../errors/problem.ts'
import { statusOf } from './status.ts'

const MS = 1_000
const JSON_TYPE = 'application/json; charset=utf-8'

export interface Headers {
  readonly [name: string]: string
}

interface RefusedWith {
  readonly retryAfterMs?: number
  /** With QUOTE_CHANGED: the new split. */
  readonly split?: FrameBody
  readonly close?: boolean
}

/** What every answer says: it is somebody's business data, and no page. */
const ALWAYS: Headers = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'",
}

/** One HTTP answer. uWebSockets.js ends the process over a response that is used after it has ended: only this touches it. */
export class Responder {
  readonly #response: HttpResponse
  readonly #ended: (() => void)[] = []
  #isOver = false
  #writable: (() => void) | undefined

  constructor(response: HttpResponse) {
    this.#response = response
    response.onAborted(() => {
      this.#over()
      this.#writable?.()
    })
  }

  /** Answered, or the connection is gone. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Calls `work` once the answer is out or the connection gone. */
  onOver(work: () => void): void {
    if (this.#isOver) work()
    else this.#ended.push(work)
  }

  onData(take: (chunk: ArrayBuffer, isLast: boolean) => void): void {
    if (!this.#isOver) this.#response.onData(take)
  }

  json(status: string, value: unknown, headers: Headers = {}): void {
    const body = JSON.stringify(value)
    this.#head(status, { 'content-type': JSON_TYPE, ...headers }, () => this.#response.end(body))
  }

  text(status: string, contentType: string, body: string): void {
    this.#head(status, { 'content-type': contentType }, () => this.#response.end(body))
  }

  /** Closes the connection behind it when a body may still be on its way: nobody will read that. */
  refuse(
    problems: readonly Problem[],
    { retryAfterMs, split, close = false }: RefusedWith = {},
  ): void {
    const [first] = problems
    const status = statusOf(first?.code ?? 'DEFECT')
    const body = JSON.stringify({ problems: problems.map(frameProblem), split })
    const headers = {
      'content-type': JSON_TYPE,
      ...(status.startsWith('401') && { 'www-authenticate': 'Bearer' }),
      ...(retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / MS)) }),
    }
    this.#head(status, headers, () => this.#response.end(body, close))
  }

  /** Sends the chunks as the network takes them; gives up when the other end has gone, and cuts the connection when `chunks` throws. */
  async stream(
    headers: Headers,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<void> {
    let isBegun = false
    try {
      for await (const chunk of chunks) {
        if (this.#isOver) return
        if (!isBegun) this.#begin(headers)
        isBegun = true
        if (chunk.byteLength > 0) await this.#write(chunk)
      }
    } catch (error) {
      // What was sent cannot be taken back: a cut connection is how the reader learns that it has not all.
      if (isBegun && !this.#isOver) this.#response.close()
      throw error
    }
    if (this.#isOver) return
    if (!isBegun) this.#begin(headers)
    this.#over()
    this.#response.cork(() => this.#response.end())
  }

  /** Cuts the connection. */
  cut(): void {
    if (!this.#isOver) this.#response.close()
  }

  #begin(headers: Headers): void {
    this.#response.cork(() => {
      this.#writeHead('200 OK', headers)
    })
  }

  async #write(chunk: Uint8Array): Promise<void> {
    let isTaken = true
    const writable = new Promise<void>((resolve) => {
      this.#writable = resolve
      this.#response.onWritable(() => {
        resolve()
        return true
      })
    })
    this.#response.cork(() => {
      isTaken = this.#response.write(chunk)
    })
    if (!isTaken && !this.#isOver) await writable
  }

  #head(status: string, headers: Headers, end: () => void): void {
    if (this.#isOver) return
    this.#over()
    this.#response.cork(() => {
      this.#writeHead(status, headers)
      end()
    })
  }

  #writeHead(status: string, headers: Headers): void {
    this.#response.writeStatus(status)
    for (const [name, value] of Object.entries({ ...ALWAYS, ...headers })) {
      this.#response.writeHeader(name, value)
    }
  }

  #over(): void {
    this.#isOver = true
    for (const work of this.#ended.splice(0)) work()
  }
}
