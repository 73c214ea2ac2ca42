import { problem, type Problem } from '../errors/problem.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { LIMITS } from './limits.ts'

export type Details = Readonly<Record<string, string | number>>

/** What was found wrong (`problems`) or worth knowing (`warnings`) while one document is read. */
export interface Findings {
  readonly problems: Problem[]
  readonly warnings: Problem[]
}

export function newFindings(): Findings {
  return { problems: [], warnings: [] }
}

/** Adds a problem; past the limit one `PROBLEMS_TOO_MANY` closes the list. */
export function refuse(
  findings: Findings,
  code: ErrorCode,
  where: string,
  details: Details = {},
): void {
  const { problems } = findings
  if (problems.length < LIMITS.problems) problems.push(problem(code, where, details))
  else if (problems.length === LIMITS.problems) {
    problems.push(problem('PROBLEMS_TOO_MANY', '', { max: LIMITS.problems }))
  }
}

/** Adds problems reported by another reader, their places put under `where`. */
export function refuseAll(findings: Findings, items: readonly Problem[], where: string): void {
  for (const item of items) refuse(findings, item.code, placed(where, item.where), item.details)
}

/** Adds a warning; past the limit they are dropped, since they change nothing. */
export function warn(
  findings: Findings,
  code: ErrorCode,
  where: string,
  details: Details = {},
): void {
  if (findings.warnings.length < LIMITS.warnings) {
    findings.warnings.push(problem(code, where, details))
  }
}

/** `key` under `where`: `lines[3]` and `amount` give `lines[3].amount`. */
export function placed(where: string, key: string): string {
  if (where === '') return key
  if (key === '' || key.startsWith('[')) return `${where}${key}`
  return `${where}.${key}`
}

/** A refused value as it is repeated in a problem: short, on one line, without invisible characters. */
export function quoted(value: unknown): string {
  // Cut between characters, not through the middle of one.
  if (typeof value === 'string') return cleanText(value, LIMITS.quotedCharacters)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === undefined || value === null) return String(value)
  if (typeof value === 'object') return Array.isArray(value) ? '[…]' : '{…}'
  return typeof value
}

/** `text` for people: control, direction and zero-width characters and lone halves of characters taken out. */
export function cleanText(text: string, characters: number = LIMITS.nameCharacters): string {
  return text
    .slice(0, characters)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '')
    .trim()
}
