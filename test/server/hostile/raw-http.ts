import { connect, type Socket } from 'node:net'
import { within } from './attack-town.ts'

/** One HTTP answer, as it was read off the wire. */
export interface RawReply {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
  /** Its length was stated and came; otherwise the end of the connection ended it. */
  readonly isWhole: boolean
}

/** A connection that writes any bytes at all, and reads what HTTP answers come. */
export class RawHttp {
  readonly closed: Promise<void>
  isClosed = false
  readonly #socket: Socket
  #unread = Buffer.alloc(0)
  #wake: () => void = () => undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (data) => {
      this.#unread = Buffer.concat([this.#unread, data])
      this.#wake()
    })
    // A connection that the server resets is closed, which is one of the ways to end.
    socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.isClosed = true
        resolve()
        this.#wake()
      })
    })
  }

  static async open(port: number): Promise<RawHttp> {
    const socket = connect({ port, host: '127.0.0.1' })
    const line = new RawHttp(socket)
    await Promise.race([
      new Promise<void>((resolve) => socket.once('connect', resolve)),
      line.closed,
    ])
    return line
  }

  write(bytes: Uint8Array | string): void {
    if (!this.isClosed) this.#socket.write(bytes)
  }

  /** Nothing more will come from here. */
  end(): void {
    this.#socket.end()
  }

  cut(): void {
    this.#socket.destroy()
  }

  /** The next answer; undefined when the connection ends, or `ms` pass, without one. */
  async reply(ms: number): Promise<RawReply | undefined> {
    return within(this.#reply(), ms)
  }

  async #reply(): Promise<RawReply | undefined> {
    for (;;) {
      const read = readReply(this.#unread, this.isClosed)
      if (read !== undefined) {
        this.#unread = this.#unread.subarray(read.bytes)
        return read.reply
      }
      if (this.isClosed) return undefined
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** What came and is no HTTP answer. */
  get rest(): Buffer {
    return this.#unread
  }
}

const HEAD_END = '\r\n\r\n'

interface Read {
  readonly reply: RawReply
  readonly bytes: number
}

function readReply(bytes: Buffer, isEnd: boolean): Read | undefined {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd < 0) return undefined
  const [first = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n')
  const status = Number(/^HTTP\/1\.1 ([1-5][0-9]{2}) /.exec(first)?.[1] ?? Number.NaN)
  const headers = new Map(
    lines.map((line): [string, string] => {
      const at = line.indexOf(':')
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
    }),
  )
  const from = headEnd + HEAD_END.length
  const stated = headers.get('content-length')
  const head = { status, headers }
  if (headers.get('transfer-encoding') === 'chunked') {
    const chunks = readChunks(bytes, from)
    if (chunks === undefined) return undefined
    return { reply: { ...head, body: chunks.body, isWhole: true }, bytes: chunks.end }
  }
  if (stated !== undefined) {
    const end = from + Number(stated)
    if (bytes.length < end) return undefined
    return { reply: { ...head, body: bytes.subarray(from, end), isWhole: true }, bytes: end }
  }
  if (!isEnd) return undefined
  return { reply: { ...head, body: bytes.subarray(from), isWhole: false }, bytes: bytes.length }
}

function readChunks(
  bytes: Buffer,
  from: number,
): { readonly body: Buffer; readonly end: number } | undefined {
  const parts: Buffer[] = []
  for (let at = from; ;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16)
    const begin = lineEnd + 2
    if (bytes.length < begin + size + 2) return undefined
    parts.push(bytes.subarray(begin, begin + size))
    at = begin + size + 2
    if (size === 0) return { body: Buffer.concat(parts), end: at }
  }
}
