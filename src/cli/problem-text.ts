import { ERROR_TRAITS } from '../errors/codes.ts'
import { adviseProblem, describeProblem, isNote, type Problem } from '../errors/problem.ts'
import { inline, type ShownLanguage } from './language.ts'
import { wrap } from './render/columns.ts'

/**
 * `file:line:column code where`, then what is wrong and what to do, each language on lines of its own, then a small
 * bill that shows it where there is one; broken to fit `columns`.
 */
function problemText(item: Problem, shown: ShownLanguage, columns: number): string {
  const kind = isNote(item) ? inline({ zh: '提示', en: 'note' }, shown) : ''
  const heading = [placeOf(item), kind, item.code, item.where].filter((part) => part !== '')
  const languages = shown === 'both' ? (['zh', 'en'] as const) : [shown]
  return [
    heading.join(' '),
    ...languages.flatMap((language) => [
      ...hanging('  ', describeProblem(item, language), columns),
      ...hanging('    → ', adviseProblem(item, language), columns),
    ]),
    ...sampleLines(item, shown, columns),
  ].join('\n')
}

export function problemTexts(
  items: readonly Problem[],
  shown: ShownLanguage,
  columns: number,
): string {
  return items.map((item) => problemText(item, shown, columns)).join('\n')
}

/** The bill is named in words of packs, the same in every language; a sentence that has it already is enough. */
function sampleLines(item: Problem, shown: ShownLanguage, columns: number): readonly string[] {
  const { sample } = item.details
  if (sample === undefined || ERROR_TRAITS[item.code].en.includes('{sample}')) return []
  const label = inline({ zh: '例如', en: 'for example' }, shown)
  return hanging('  ', `${label}: ${sample}`, columns)
}

/** `text` after `lead`, its further lines indented as far. */
function hanging(lead: string, text: string, columns: number): readonly string[] {
  const indent = ' '.repeat(lead.length)
  return wrap(text, columns - lead.length).map(
    (line, index) => (index === 0 ? lead : indent) + line,
  )
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
