import type { EngineReply } from './request.ts'
import type { Answer } from './turn.ts'

/** An answer that is made when somebody looks at it, with the frame that tells it, if one is written already. */
export class LaterAnswer {
  readonly #make: () => Answer
  readonly frame: Uint8Array | undefined
  #made: Answer | undefined

  constructor(make: () => Answer, frame: Uint8Array | undefined) {
    this.#make = make
    this.frame = frame
  }

  get answer(): Answer {
    return (this.#made ??= this.#make())
  }
}

/** The reply to a request that was not answered before. */
export function firstReply(answer: Answer | LaterAnswer): EngineReply {
  if (!(answer instanceof LaterAnswer)) return { kind: 'answer', repeat: false, answer }
  const { frame } = answer
  return {
    kind: 'answer',
    repeat: false,
    ...(frame !== undefined && { frame }),
    get answer() {
      return answer.answer
    },
  }
}
