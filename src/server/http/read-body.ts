import { problem, success, type Problem, type Result } from '../../errors/problem.ts'
import type { HeldBytes } from '../byte-room.ts'
import type { Responder } from './responder.ts'

export interface BodyBounds {
  readonly maxBytes: number
  /** As the request states it; absent: it comes in chunks. */
  readonly statedBytes: number | undefined
  readonly bodyMs: number
  readonly held: HeldBytes
}

/**
 * The whole body. To be called before the handler of the request returns. Its bytes count as held until `held` gives them back.
 * Refuses `BODY_TOO_LARGE`, `BODY_LATE`, `OVERLOADED`; undefined when the connection has gone.
 */
export async function readBody(
  responder: Responder,
  { maxBytes, statedBytes, bodyMs, held }: BodyBounds,
): Promise<Result<Uint8Array> | undefined> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = []
    let size = 0
    let isDone = false
    const end = (result: Result<Uint8Array> | undefined) => {
      isDone = true
      clearTimeout(timer)
      resolve(result)
    }
    const refuse = (why: Problem) => {
      chunks.length = 0
      end({ ok: false, problems: [why] })
    }
    const tooLarge = () => problem('BODY_TOO_LARGE', '', { max: maxBytes })
    const timer = setTimeout(() => {
      refuse(problem('BODY_LATE', '', { ms: bodyMs }))
    }, bodyMs)
    responder.onOver(() => {
      end(undefined)
    })
    responder.onData((chunk, isLast) => {
      if (isDone) return
      const bytes = chunk.byteLength
      if (size + bytes > maxBytes) return refuse(tooLarge())
      const max = held.take(bytes)
      if (max !== undefined) return refuse(problem('OVERLOADED', '', { max }))
      size += bytes
      // The buffer is uWebSockets.js's own and gone after this call.
      if (bytes > 0) chunks.push(new Uint8Array(chunk.slice(0)))
      if (isLast) end(success(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    })
    if ((statedBytes ?? 0) > maxBytes) refuse(tooLarge())
  })
}
