import { availableParallelism } from 'node:os'
import { assert } from '../assert.ts'
import type { Store } from '../engine/ports.ts'
import {
  verifyLedger,
  type LedgerVerification,
  type VerifyOptions,
} from '../engine/verification/verify-ledger.ts'
import { ThreadedSplitCheck, VerifyThreadEnded } from './threaded-split-check.ts'

/** Fewer requests are gone through before threads have started. */
const THREADED_REQUESTS_MIN = 5_000

/**
 * `verifyLedger` with a thread for every core but the one that goes through the journal, where there is enough to do: `requests` is
 * about how many the ledger has answered.
 */
export async function verifyOnThreads(
  store: Store,
  requests: number,
  options: Omit<VerifyOptions, 'splits'> = {},
): Promise<LedgerVerification> {
  return onThreads(threadsFor(store, requests), async (splits) =>
    verifyLedger(store, { ...options, ...(splits !== undefined && { splits }) }),
  )
}

function threadsFor(store: Store, requests: number): ThreadedSplitCheck | undefined {
  const threads = availableParallelism() - 1
  if (threads < 1 || requests < THREADED_REQUESTS_MIN) return undefined
  return new ThreadedSplitCheck((hash) => {
    const bytes = store.get('content', hash)
    assert(bytes !== undefined, 'the ledger has the content of every hash it names')
    return bytes
  }, threads)
}

/**
 * A verification on threads, which are stopped then. A machine that ends one of them says nothing about the ledger: all is done again
 * without. Rejects with what `verify` rejects with otherwise.
 */
export async function onThreads<T>(
  splits: ThreadedSplitCheck | undefined,
  verify: (splits?: ThreadedSplitCheck) => Promise<T>,
): Promise<T> {
  if (splits === undefined) return verify()
  try {
    return await verify(splits)
  } catch (error) {
    if (!(error instanceof VerifyThreadEnded)) throw error
    return await verify()
  } finally {
    await splits.stop()
  }
}
