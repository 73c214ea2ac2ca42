import { failure, problem, success, type Result } from '../errors/problem.ts'
import { decodeUtf8, readBounded } from '../files/read-bounded.ts'
import { LIMITS } from '../protocol/limits.ts'

/** The UTF-8 text of a file; refuses `CLI_FILE_UNREADABLE`, `CLI_FILE_NOT_UTF8` and `TEXT_TOO_LARGE`. */
export function readText(file: string): Result<string> {
  try {
    const read = readBounded(file, LIMITS.textBytes)
    if ('size' in read) {
      const details = { size: read.size, max: LIMITS.textBytes }
      return failure({ ...problem('TEXT_TOO_LARGE', '', details), file })
    }
    const text = decodeUtf8(read.bytes)
    if (text !== undefined) return success(text)
    return failure({ ...problem('CLI_FILE_NOT_UTF8', '', { file }), file })
  } catch (error) {
    return failure({ ...problem('CLI_FILE_UNREADABLE', '', { file, why: reasonOf(error) }), file })
  }
}

/** The system's own code (`ENOENT`) where there is one. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) throw error
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
