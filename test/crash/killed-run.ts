import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { assert } from '../../src/assert.ts'
import type { EngineReply, EngineRequest } from '../../src/engine/request.ts'

/** What a client sent, and what it was told before the process died. */
export interface Exchange {
  readonly request: EngineRequest
  /** Absent: the process died first. */
  readonly reply?: EngineReply
}

export interface Work {
  readonly directory: string
  readonly seed: number
  /** Where the clock of the child begins, ms. */
  readonly start: number
  /**
   * It is killed after so many answers (or one that this picks), and so many ms more: by a clock alone a busy machine would have
   * answered nothing.
   */
  readonly answers: number | ((reply: EngineReply) => boolean)
  readonly milliseconds: number
}

/** Bytes in a block of `ulimit -f`, as POSIX has it. */
const FILE_BLOCK = 512

/** A child that has loaded its modules and waits for work: starting one takes longer than the work. */
export class WaitingChild {
  readonly #process: ChildProcess

  /** `fileBytesMax`: no file may become larger. */
  constructor(program: string, fileBytesMax?: number) {
    const limited = `ulimit -f ${Math.ceil((fileBytesMax ?? 0) / FILE_BLOCK)}; exec "$0" "$@"`
    const node = [process.execPath, program] as const
    const [command, ...args] =
      fileBytesMax === undefined ? node : (['sh', '-c', limited, ...node] as const)
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  }

  /** Has it work, kills it, and gives what it was asked and what it answered, each once. */
  async killedAtWork(work: Work): Promise<readonly Exchange[]> {
    const { directory, seed, start, answers, milliseconds } = work
    const run = this.#process
    const exited = once(run, 'exit')
    run.stdin?.write(`${JSON.stringify([directory, seed, start])}\n`)
    const seen = new Exchanges()
    assert(run.stdout !== null, 'the child has a standard output')
    for await (const line of createInterface({ input: run.stdout })) {
      const reply = seen.read(line)
      if (reply === undefined) continue
      const isLast = typeof answers === 'number' ? seen.replies === answers : answers(reply)
      if (isLast) setTimeout(() => run.kill('SIGKILL'), milliseconds)
    }
    const [, signal] = (await exited) as [number | null, string | null]
    assert(signal === 'SIGKILL', 'the child ran until it was killed')
    return seen.all
  }

  stop(): void {
    this.#process.kill('SIGKILL')
  }
}

type Line =
  readonly ['sent', EngineRequest] | readonly ['told', id: string, hospital: string, EngineReply]

/** Put together line by line; a line that was cut in the middle was not received. */
class Exchanges {
  readonly #exchanges = new Map<string, Exchange>()

  /** Replies received. */
  replies = 0

  get all(): readonly Exchange[] {
    return [...this.#exchanges.values()]
  }

  /** The reply that the line is, if it is one. */
  read(line: string): EngineReply | undefined {
    const parsed = parsedLine(line)
    if (parsed === undefined) return undefined
    if (parsed[0] === 'sent') {
      const [, request] = parsed
      const key = keyOf(request.hospital, request.requestId)
      if (!this.#exchanges.has(key)) this.#exchanges.set(key, { request })
      return undefined
    }
    const [, id, hospital, reply] = parsed
    const key = keyOf(hospital, id)
    const known = this.#exchanges.get(key)
    assert(known !== undefined, 'what was answered had been sent')
    // Of one that was sent twice the answer counts, not that a later one was refused.
    if (known.reply?.kind !== 'answer') this.#exchanges.set(key, { ...known, reply })
    this.replies += 1
    return reply
  }
}

function parsedLine(line: string): Line | undefined {
  if (!line.startsWith('[')) return undefined
  try {
    return JSON.parse(line) as Line
  } catch (error) {
    assert(error instanceof SyntaxError, 'a cut line is no JSON')
    return undefined
  }
}

/** Hospital ␀ request id. */
export function keyOf(hospital: string, requestId: string): string {
  return `${hospital}\u0000${requestId}`
}
