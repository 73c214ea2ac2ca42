import { setImmediate as nextTurn } from 'node:timers/promises'

/** For how long long work keeps others waiting, ms. */
const SLICE_MS = 4

/** Lets everybody else have a turn, when long work has had one for long enough; says whether it has. Call it between its parts. */
export function yielding(): () => Promise<boolean> {
  let begun = performance.now()
  return async () => {
    if (performance.now() - begun < SLICE_MS) return false
    await nextTurn()
    begun = performance.now()
    return true
  }
}
