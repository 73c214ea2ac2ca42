import type { Bilingual } from '../rules/pack.ts'

export const SHOWN_LANGUAGES = ['zh', 'en', 'both'] as const

/** `both`: Chinese first, English after it. */
export type ShownLanguage = (typeof SHOWN_LANGUAGES)[number]

/** The wording in each language shown, in order. */
export function worded(text: Bilingual, shown: ShownLanguage): readonly string[] {
  if (shown === 'zh') return [text.zh]
  if (shown === 'en') return [text.en]
  return text.zh === text.en ? [text.zh] : [text.zh, text.en]
}

/** On one line. */
export function inline(text: Bilingual, shown: ShownLanguage): string {
  return worded(text, shown).join(' ')
}

/** A number with its English noun. */
export function counted(number: number, one: string, several = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : several}`
}
