import { readFileSync } from 'node:fs'
import { failure, problem, success, type Result } from '../errors/problem.ts'

/** The UTF-8 text of a file; refuses `CLI_FILE_UNREADABLE` and `CLI_FILE_NOT_UTF8`. */
export function readText(file: string): Result<string> {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (error) {
    return failure({ ...problem('CLI_FILE_UNREADABLE', '', { file, why: reasonOf(error) }), file })
  }
  try {
    return success(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return failure({ ...problem('CLI_FILE_NOT_UTF8', '', { file }), file })
  }
}

/** The system's own code (`ENOENT`) where there is one. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) throw error
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
