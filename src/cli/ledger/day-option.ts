import { parseEpochDay } from '../../catalog/epoch-day.ts'
import { failure, problem, success, type Result } from '../../errors/problem.ts'

/** The day an option states, days since 1970-01-01; undefined when it was left out. */
export function dayOption(option: string, text: string | undefined): Result<number | undefined> {
  if (text === undefined) return success(undefined)
  const day = parseEpochDay(text)
  if (day !== undefined) return success(day)
  return failure(problem('CLI_USAGE', '', { why: `${option} ${text}: 2024-01-31` }))
}
