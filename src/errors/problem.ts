import { ERROR_TRAITS, type ErrorCode } from './codes.ts'
import type { ErrorTrait } from './trait.ts'

/** One thing wrong with an input: a stable code, where it is, and the values its sentence names. */
export interface Problem {
  readonly code: ErrorCode
  /** Path into the input, e.g. `lines[3].amount` or `benefits[0].bands[1].rate`; '' for the whole. */
  readonly where: string
  readonly details: Readonly<Record<string, string | number>>
  /** Position in the source file, 1-based, where there is a file. */
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

/** Either a value or at least one problem; wrong input never becomes a default. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** A problem of `code` at the path `where`; `details` fill the `{names}` of its sentences. */
export function problem(
  code: ErrorCode,
  where: string,
  details: Readonly<Record<string, string | number>> = {},
): Problem {
  return { code, where, details }
}

/** What was asked for. */
export function success<T>(value: T): Result<T> {
  return { ok: true, value }
}

/** A refusal with at least one problem. */
export function failure<T = never>(...problems: readonly Problem[]): Result<T> {
  return { ok: false, problems }
}

/** As `failure` for a list, which may be longer than the arguments of a call can be. */
export function failureOf<T = never>(problems: readonly Problem[]): Result<T> {
  return { ok: false, problems }
}

/** Whether it is only worth knowing, and nothing to refuse. */
export function isNote({ code }: Problem): boolean {
  const trait: ErrorTrait = ERROR_TRAITS[code]
  return trait.note === true
}

export type Language = 'zh' | 'en'

/** What is wrong, in one sentence of `language`. */
export function describeProblem(item: Problem, language: Language): string {
  return fill(ERROR_TRAITS[item.code][language], wordedDetails(item, language))
}

/** What to do about it, in one sentence of `language`. */
export function adviseProblem(item: Problem, language: Language): string {
  const trait = ERROR_TRAITS[item.code]
  return fill(language === 'zh' ? trait.doZh : trait.doEn, wordedDetails(item, language))
}

/** The details with the words of `language` for values that have some. */
function wordedDetails({ code, details }: Problem, language: Language): Problem['details'] {
  const { words }: ErrorTrait = ERROR_TRAITS[code]
  if (words === undefined) return details
  const worded = Object.entries(details).map(([name, value]): [string, string | number] => [
    name,
    words[name]?.[value]?.[language] ?? value,
  ])
  return Object.fromEntries(worded)
}

function fill(template: string, details: Readonly<Record<string, string | number>>): string {
  return withoutEmptyHint(template, details).replace(/\{(\w+)\}/g, (hole, name: string) =>
    String(details[name] ?? hole),
  )
}

/** The part of a sentence that names the nearest word, left out where no word is near. */
function withoutEmptyHint(template: string, details: Problem['details']): string {
  if (details['nearest'] !== '' || !template.includes('{nearest}')) return template
  const parts = template.split(/(?<=[？?；;，])/).filter((part) => !part.includes('{nearest}'))
  return parts
    .join('')
    .trim()
    .replace(/[；;，]$/, '')
}
