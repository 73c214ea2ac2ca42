import type { Bilingual } from '../rules/pack.ts'

export type SettingValue = string | number | boolean

export type SettingKind =
  | { readonly type: 'text' }
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  | { readonly type: 'switch' }
  /** Whole; `word` may stand for it. */
  | { readonly type: 'number'; readonly min: number; readonly max: number; readonly word?: string }

/** One setting of the server: in the file at its dotted name, in the environment as `variableOf(name)`. */
export interface Setting {
  readonly name: string
  readonly kind: SettingKind
  /** Absent: not set unless somebody sets it. */
  readonly standard?: SettingValue
  readonly text: Bilingual
}

export const VARIABLE_PREFIX = 'QINGFEN_'

/** `limits.frameBytes` is `QINGFEN_LIMITS_FRAME_BYTES`. */
export function variableOf(name: string): string {
  const words = name.replaceAll('.', '_').replaceAll(/([a-z])([A-Z])/g, '$1_$2')
  return VARIABLE_PREFIX + words.toUpperCase()
}

/** What a value has to be, as refusals and the documentation say it. */
export function expectedOf(kind: SettingKind): string {
  switch (kind.type) {
    case 'text':
      return '1–1000 characters'
    case 'choice':
      return kind.choices.join(' | ')
    case 'switch':
      return 'true | false'
    case 'number':
      return `${kind.word === undefined ? '' : `${kind.word} | `}${kind.min}–${kind.max}`
  }
}

const TEXT_MAX = 1000

/** The value that a plain scalar is; undefined when it is none of this kind. `isQuoted`: written as text on purpose. */
export function valueOf(
  kind: SettingKind,
  text: string,
  isQuoted: boolean,
): SettingValue | undefined {
  switch (kind.type) {
    case 'text':
      return text.trim() !== '' && text.length <= TEXT_MAX && !/\p{Cc}/u.test(text)
        ? text
        : undefined
    case 'choice':
      return kind.choices.includes(text) ? text : undefined
    case 'switch':
      return !isQuoted && (text === 'true' || text === 'false') ? text === 'true' : undefined
    case 'number':
      return text === kind.word ? text : isQuoted ? undefined : numberOf(kind, text)
  }
}

function numberOf(
  { min, max }: Extract<SettingKind, { type: 'number' }>,
  text: string,
): number | undefined {
  if (!/^(?:0|[1-9]\d{0,15})$/.test(text)) return undefined
  const value = Number(text)
  return value >= min && value <= max ? value : undefined
}
