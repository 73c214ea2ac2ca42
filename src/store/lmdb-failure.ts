import { constants } from 'node:os'

/** Numbers of lmdb's errors and of the system's that mean: no space. */
const NO_SPACE: ReadonlySet<number> = new Set([
  -30792, // MDB_MAP_FULL
  constants.errno.ENOSPC,
  constants.errno.EDQUOT,
  constants.errno.EFBIG,
])

export interface LmdbFailure {
  readonly why: string
  readonly noSpace: boolean
}

/** What made a commit fail: lmdb hides it behind a promise that is rejected at the same moment. */
export async function failureOf(error: unknown): Promise<LmdbFailure> {
  const cause = await causeOf(error)
  const why = cause instanceof Error ? cause.message : String(cause)
  const number = cause instanceof Error && 'code' in cause ? Number(cause.code) : 0
  return { why, noSpace: NO_SPACE.has(number) }
}

async function causeOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error
  try {
    await error.commitError
    return error
  } catch (cause) {
    return cause
  }
}
