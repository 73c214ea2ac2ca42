import { sentences } from '../../adjudication/sentences.ts'
import type { Settlement } from '../../adjudication/settlement.ts'
import type { Bilingual } from '../../rules/pack.ts'
import { worded, type ShownLanguage } from '../language.ts'
import { fit, wrap } from './columns.ts'

/** The explanation of a settlement, one numbered sentence for each step that is not left out. */
export function stepsText(
  settlement: Settlement,
  shown: ShownLanguage,
  columns: number,
  without: readonly string[] = [],
): readonly string[] {
  return sentences(settlement)
    .filter(({ step }) => !without.includes(settlement.explanation[step]?.step ?? ''))
    .flatMap((item, index) => sentenceLines(`${index + 1}.`, item, shown, columns))
}

const INDENT = 5

/** A sentence in each language shown, wrapped, behind its number. */
export function sentenceLines(
  number: string,
  text: Bilingual,
  shown: ShownLanguage,
  columns: number,
): readonly string[] {
  const lines = worded(text, shown).flatMap((sentence) => wrap(sentence, columns - INDENT - 2))
  return lines.map((line, index) => `${fit(index === 0 ? number : '', INDENT)}${line}`)
}
