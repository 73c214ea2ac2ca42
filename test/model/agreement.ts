import { expect } from 'vitest'
import { compareHistory, type Observer } from './compare.ts'
import { generateHistory } from './generate-history.ts'
import { describeDifference } from './shrink.ts'

/** Seeds of `npm test`; each file of tests takes a part, so that they run beside each other. */
export const SEEDS_PER_TEST = 500

/** Runs the histories of `SEEDS_PER_TEST` seeds from `first` on the engine and on the model, up to the first difference. */
export async function expectAgreement(first: number, observe?: Observer): Promise<void> {
  for (let seed = first; seed < first + SEEDS_PER_TEST; seed += 1) {
    const history = generateHistory(seed)
    const found = await compareHistory(history, observe)
    if (found !== undefined) expect.unreachable(await describeDifference(history, found))
  }
}

/** `count` first seeds, one for each test, from `from`. */
export function firstSeeds(from: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_none, index) => from + index * SEEDS_PER_TEST)
}
