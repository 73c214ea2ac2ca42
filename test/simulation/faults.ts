import { Chance } from '../hostile/chance.ts'

/** Kinds of fault with how often each strikes at most, in a thousand occasions; 0: it is met, not drawn. */
const MOST = {
  requestLost: 150,
  requestDelayed: 100,
  requestDuplicated: 150,
  requestWhileDown: 0,
  replyLost: 150,
  replyDelayed: 100,
  replyDuplicated: 80,
  overtaken: 0,
  doubleClick: 250,
  contentChanged: 200,
  overload: 500,
  diskFull: 60,
  failedWritten: 40,
  failedNotWritten: 40,
  slowFlush: 100,
  crashBeforeWrite: 40,
  crashUnflushedLost: 40,
  crashUnflushedKept: 40,
  crashAfterFlush: 40,
  crashAnyTime: 500,
  gracefulClose: 500,
  clockBack: 400,
  clockForward: 400,
  platformRequestLost: 200,
  platformReplyLost: 200,
  platformLate: 150,
  platformRefuses: 150,
  platformDiffers: 80,
  platformSettledWhileDown: 0,
  bothAnswersLost: 0,
  workerDied: 100,
  workerHung: 60,
  workerSlow: 150,
  workersOutOfOrder: 0,
  poisonedBill: 120,
} as const

export type Fault = keyof typeof MOST

export const FAULTS = Object.keys(MOST) as readonly Fault[]

/** Which faults strike when: every seed has its own mixture, and leaves about a third of the kinds out. */
export class Faults {
  readonly #chance: Chance
  readonly #permille = new Map<Fault, number>()
  readonly counts = new Map<Fault, number>()
  /** After the storm nothing strikes any more. */
  areOver = false

  constructor(seed: number) {
    this.#chance = new Chance(seed)
    for (const fault of FAULTS) {
      const isLeftOut = this.#chance.below(3) === 0
      const permille = this.#chance.below(MOST[fault] + 1)
      this.#permille.set(fault, isLeftOut ? 0 : permille)
    }
  }

  /** Whether the fault strikes on this occasion; counted when it does. */
  strikes(fault: Fault): boolean {
    if (this.areOver) return false
    const struck = this.#chance.below(1000) < (this.#permille.get(fault) ?? 0)
    if (struck) this.met(fault)
    return struck
  }

  /** Counts a fault that came of others. */
  met(fault: Fault): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1)
  }
}
