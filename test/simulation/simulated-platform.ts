import { yuan } from '../model/generate-bill.ts'
import type { Tree } from '../model/model-split.ts'
import type { World } from './world.ts'

/** What the platform holds of a settlement of ours. */
export type PlatformState =
  | { readonly kind: 'none' }
  | { readonly kind: 'settled'; readonly setlinfo: Tree; readonly isOther: boolean }
  | { readonly kind: 'refused' }

export type PlatformCall =
  | { readonly kind: 'settle'; readonly settlement: string; readonly setlinfo: Tree }
  | { readonly kind: 'query'; readonly settlement: string }
  /** Refused from now on, unless it is settled already: after that a late `settle` does nothing. */
  | { readonly kind: 'close'; readonly settlement: string }

const LOST_AFTER_MS = 5_000
const LATE_MS = 60_000

/** The national platform: settles what it is sent, once for each of our settlements, and remembers. */
export class SimulatedPlatform {
  readonly #world: World
  readonly #states = new Map<string, PlatformState>()
  readonly #isLedgerDown: () => boolean
  #settled = 0

  constructor(world: World, isLedgerDown: () => boolean) {
    this.#world = world
    this.#isLedgerDown = isLedgerDown
  }

  stateOf(settlement: string): PlatformState {
    return this.#states.get(settlement) ?? { kind: 'none' }
  }

  /** Undefined: no answer came; it may have been done, or be done later. */
  async ask(call: PlatformCall): Promise<PlatformState | undefined> {
    const { faults, time, delays } = this.#world
    if (faults.strikes('platformRequestLost')) {
      await time.sleep(LOST_AFTER_MS)
      return undefined
    }
    const isLate = call.kind === 'settle' && faults.strikes('platformLate')
    const isLost = faults.strikes('platformReplyLost')
    return new Promise((resolve) => {
      time.after(5 + delays.below(100) + (isLate ? LATE_MS : 0), () => {
        const state = this.#handle(call)
        if (!isLost && !isLate) time.after(5 + delays.below(100), () => resolve(state))
      })
      if (isLost || isLate) time.after(LOST_AFTER_MS, () => resolve(undefined))
    })
  }

  #handle(call: PlatformCall): PlatformState {
    const { settlement } = call
    const state = this.stateOf(settlement)
    if (state.kind !== 'none' || call.kind === 'query') return state
    const now = call.kind === 'close' ? ({ kind: 'refused' } as const) : this.#settle(call.setlinfo)
    this.#states.set(settlement, now)
    this.#world.say(`platform: ${settlement} ${now.kind}`)
    if (now.kind === 'settled' && this.#isLedgerDown()) {
      this.#world.faults.met('platformSettledWhileDown')
    }
    return now
  }

  #settle(setlinfo: Tree): PlatformState {
    const { faults } = this.#world
    if (faults.strikes('platformRefuses')) return { kind: 'refused' }
    const isOther = faults.strikes('platformDiffers')
    this.#settled += 1
    const fund = Math.round(Number(setlinfo['hifp_pay'] ?? 0) * 100) + (isOther ? 1 : 0)
    const setlId = setlinfo['setl_id'] ?? `NP${this.#settled}`
    return {
      kind: 'settled',
      isOther,
      setlinfo: { ...setlinfo, hifp_pay: yuan(fund), setl_id: setlId },
    }
  }
}
