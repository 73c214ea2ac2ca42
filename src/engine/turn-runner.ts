import { assert } from '../assert.ts'
import { failureOf, problem, success, type Result } from '../errors/problem.ts'
import { requestRowKey } from '../ledger/rows.ts'
import { firstReply } from './later-answer.ts'
import type { EngineSettings } from './limits.ts'
import { notAfterOf } from './not-after.ts'
import { unresolved } from './operations/unresolved.ts'
import type { OverlayRows } from './overlay-rows.ts'
import type { Store } from './ports.ts'
import { RulesNotTried } from './rehearsal.ts'
import { preparedKeys, refusal, repeated, type Refused } from './replies.ts'
import { READ_ONLY, type EngineReply } from './request.ts'
import { runOperation } from './run-operation.ts'
import { runnableRequest } from './runnable-request.ts'
import { StoreFailed, thrownProblem } from './store-failed.ts'
import { RequestRefused, type TakenRequest, type Turn } from './turn.ts'
import type { Writer } from './writer.ts'

export interface TurnRunnerPorts {
  readonly writer: Writer
  readonly store: Store
  readonly settings: EngineSettings
  readonly onDefect: (error: unknown) => void
  /** Told of each request that was refused in its turn. */
  readonly refused: (turn: Turn, request: TakenRequest) => void
}

/** Runs requests, and work of the engine's own, in their turn, and makes replies of what comes of them. */
export class TurnRunner {
  readonly #ports: TurnRunnerPorts
  /** Of the turn that is being taken: contents that are not committed yet. */
  #turnRows: OverlayRows | undefined

  constructor(ports: TurnRunnerPorts) {
    this.#ports = ports
  }

  /** Bytes of a published content; what is not committed yet only in the turn that published it. */
  contentOf(hash: string): Uint8Array {
    const bytes = this.#turnRows?.contentOf(hash) ?? this.#ports.store.get('content', hash)
    assert(bytes !== undefined, 'the ledger has the content of every hash it names')
    return bytes
  }

  /** Rejects with `RulesNotTried`. */
  async reply(request: TakenRequest): Promise<EngineReply> {
    return new Promise((resolve, reject) => {
      let reply: EngineReply | RulesNotTried
      const together = packedWith(request)
      this.#ports.writer.add({
        ...(together !== undefined && { together }),
        run: (turn) => {
          reply = this.#turnReply(turn, request)
        },
        done: () => {
          if (reply instanceof RulesNotTried) reject(reply)
          else resolve(reply)
        },
        failed: (what) => {
          resolve({
            kind: 'refused',
            problems: [what],
            retryAfterMs: this.#ports.settings.retryAfterMs,
          })
        },
      })
    })
  }

  #turnReply(turn: Turn, taken: TakenRequest): EngineReply | RulesNotTried {
    let request = taken
    try {
      const runnable = runnableRequest(turn, taken)
      if (!runnable.ok) return refusal(runnable.problems)
      request = runnable.value
      const { operation, hospital, id } = request
      const row = READ_ONLY.has(operation)
        ? undefined
        : turn.rows.get('request', requestRowKey(hospital, id))
      if (row !== undefined) return repeated(turn.rows, row, request)
      this.#turnRows = turn.rows
      if (turn.at > notAfterOf(request.body)) return refusal([problem('EXPIRED', 'notAfter')])
      const { trial } = request
      const answer =
        operation === 'unresolved'
          ? unresolved(turn, request, preparedKeys(this.#ports.store))
          : runOperation(trial === undefined ? turn : { ...turn, tried: trial.rules }, request)
      return firstReply(answer)
    } catch (error) {
      turn.rows.drop()
      if (error instanceof RulesNotTried) return error
      if (error instanceof RequestRefused) this.#ports.refused(turn, request)
      return this.refusedBy(error)
    } finally {
      this.#turnRows = undefined
    }
  }

  /** Anything but a refusal is a bug: it stops the request, says so, and the batch goes on without it. */
  refusedBy(error: unknown): Refused {
    if (error instanceof RequestRefused) {
      const { problems, split } = error
      return { kind: 'refused', problems, ...(split !== undefined && { split }) }
    }
    if (!(error instanceof StoreFailed)) this.#ports.onDefect(error)
    return refusal([thrownProblem(error)])
  }

  /** Work of the engine's own or an operator's, in its turn. */
  async work<T>(work: (turn: Turn) => T): Promise<Result<T>> {
    return new Promise((resolve) => {
      let result: Result<T>
      this.#ports.writer.add({
        run: (turn) => {
          try {
            this.#turnRows = turn.rows
            result = success(work(turn))
          } catch (error) {
            turn.rows.drop()
            result = failureOf(this.refusedBy(error).problems)
          } finally {
            this.#turnRows = undefined
          }
        },
        done: () => {
          resolve(result)
        },
        failed: (what) => {
          resolve(failureOf([what]))
        },
      })
    })
  }
}

/** What the split of a request shares with those that a worker packed with it. */
function packedWith({ trial }: TakenRequest): Uint8Array | undefined {
  return trial?.speculation?.evaluated.split.written?.packed.dictionary
}
