import { VerifyThreadEnded, type ThreadedSplitCheck } from './threaded-split-check.ts'

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
