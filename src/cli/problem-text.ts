import { ERROR_TRAITS } from '../errors/codes.ts'
import { adviseProblem, describeProblem, type Problem } from '../errors/problem.ts'
import type { ShownLanguage } from './language.ts'

/** `file:line:column code where`, then what is wrong and what to do, each language on lines of its own. */
export function problemText(item: Problem, shown: ShownLanguage): string {
  const heading = [placeOf(item), item.code, item.where].filter((part) => part !== '').join(' ')
  const languages = shown === 'both' ? (['zh', 'en'] as const) : [shown]
  const sentences = languages.map(
    (language) => `  ${describeProblem(item, language)}\n    → ${adviseProblem(item, language)}`,
  )
  return [heading, ...sentences].join('\n')
}

export function problemTexts(items: readonly Problem[], shown: ShownLanguage): string {
  return items.map((item) => problemText(item, shown)).join('\n')
}

function placeOf({ file, line, column }: Problem): string {
  if (file === undefined) return ''
  return [file, line, column].filter((part) => part !== undefined).join(':')
}

/** The problem with its number and its sentences, for programs. */
export function problemData(item: Problem): object {
  const { wire, retryable } = ERROR_TRAITS[item.code]
  return {
    ...item,
    wire,
    retryable,
    zh: describeProblem(item, 'zh'),
    en: describeProblem(item, 'en'),
    doZh: adviseProblem(item, 'zh'),
    doEn: adviseProblem(item, 'en'),
  }
}
