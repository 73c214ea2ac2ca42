import { StoreFailed } from '../engine/store-failed.ts'
import { problem, type Problem } from '../errors/problem.ts'

/** A bug, or a file that could not be read, as it is answered: of the system and of the ledger only the code, since what they say names files and rows. */
export function defectProblem(error: unknown): Problem {
  return problem('DEFECT', '', { what: saidOf(error) })
}

function saidOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return codeOf(error) ?? error.message
}

/** Of the system, such as `ENOENT`, or of a store that failed. */
export function codeOf(error: Error): string | undefined {
  if (error instanceof StoreFailed) return error.problem.code
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** The file or folder of the server's own that it was about. */
export function placeOf(error: Error): string | undefined {
  const place = error instanceof StoreFailed ? error.problem.details['directory'] : undefined
  if (typeof place === 'string') return place
  return 'path' in error && typeof error.path === 'string' ? error.path : undefined
}
