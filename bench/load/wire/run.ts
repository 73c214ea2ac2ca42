import { assert } from '../../../src/assert.ts'
import type { Fleet } from './fleet.ts'
import type { FrameTemplates } from './frame-templates.ts'
import { latenciesOf, type Latencies } from './latencies.ts'
import { replyHead } from './reply-head.ts'
import { nothingTold, tellReply, type Told } from './told.ts'

/** What comes of a run, after its clock has stopped. */
export interface RunResult {
  readonly sent: number
  readonly answered: number
  readonly refused: number
  /** From the first frame to the last reply. */
  readonly seconds: number
  /** Of the answers. */
  readonly latency: Latencies
  readonly told: Told
  /** Bytes of one reply, in the mean. */
  readonly replyBytes: number
}

/** Nothing is answered for so long: replies are missing. */
const SILENCE_MS = 60_000

export interface RunFrames {
  readonly fleet: Fleet
  readonly frames: FrameTemplates
  /** Number of the first request. */
  readonly from: number
  readonly count: number
}

/** The replies of one run of numbered requests, kept as they come and looked at when the clock has stopped. */
export class RunReplies {
  readonly #run: RunFrames
  /** When each request should have left, ms. */
  readonly #due: Float64Array
  readonly #took: Float64Array
  readonly #replies: (Buffer | undefined)[]
  #left: number
  #last = performance.now()

  constructor(run: RunFrames) {
    this.#run = run
    this.#due = new Float64Array(run.count)
    this.#took = new Float64Array(run.count)
    this.#replies = Array.from({ length: run.count })
    this.#left = run.count
  }

  sent(index: number, due: number): void {
    this.#due[index - this.#run.from] = due
  }

  received(reply: Buffer): void {
    const place = replyHead(reply).index - this.#run.from
    assert(place >= 0 && place < this.#run.count, 'a reply belongs to its run')
    assert(this.#replies[place] === undefined, 'a request is replied to once')
    this.#last = performance.now()
    this.#took[place] = this.#last - (this.#due[place] ?? 0)
    this.#replies[place] = reply
    this.#left -= 1
  }

  get isDone(): boolean {
    return this.#left === 0
  }

  /** Throws when a connection is lost, or nothing has come for a minute. */
  assertHeard(): void {
    const { lost } = this.#run.fleet
    assert(lost === undefined, `every terminal stays connected: ${lost}`)
    const silent = performance.now() - this.#last > SILENCE_MS
    assert(!silent, `all replies are received: ${this.#left} of ${this.#run.count} are missing`)
  }

  /** `isSettling`: each answer is a settlement and its arithmetic is checked; otherwise replies are only counted. */
  result(begun: number, isSettling: boolean): RunResult {
    const { from, count, frames } = this.#run
    assert(this.isDone, 'all replies are received')
    const told = nothingTold()
    const answered: number[] = []
    let bytes = 0
    for (const [place, reply] of this.#replies.entries()) {
      assert(reply !== undefined, 'all replies are received')
      bytes += reply.length
      if (!replyHead(reply).isAnswer) continue
      answered.push(this.#took[place] ?? 0)
      if (isSettling) tellReply(told, reply, frames.totalAt(from + place))
    }
    return {
      sent: count,
      answered: answered.length,
      refused: count - answered.length,
      seconds: (this.#last - begun) / 1000,
      latency: latenciesOf(Float64Array.from(answered)),
      told,
      replyBytes: Math.round(bytes / count),
    }
  }
}
