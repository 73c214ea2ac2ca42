import { makeReady } from '../scripts/ready.mjs'

/** Once before all tests: threads and processes that they start run what is built, which has to be of these sources. */
export function setup(): void {
  makeReady()
}
