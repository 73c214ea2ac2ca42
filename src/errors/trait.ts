/** The same in Chinese and English. */
interface Bilingual {
  readonly zh: string
  readonly en: string
}

/**
 * One row of the error table.
 *
 * `zh`/`en` say what is wrong, `doZh`/`doEn` what to do; `{name}` is filled from the problem's details.
 * `wire` is the number sent to terminals: never renumbered, never reused.
 */
export interface ErrorTrait {
  readonly wire: number
  readonly retryable: boolean
  readonly zh: string
  readonly en: string
  readonly doZh: string
  readonly doEn: string
  /** What the values of a detail are called in each language, where they are words of a closed set; the detail itself stays as it is. */
  readonly words?: Readonly<Record<string, Readonly<Record<string, Bilingual>>>>
  /** Worth knowing, nothing to refuse: a check that says only this passes. */
  readonly note?: true
  /** Nothing gives it any more; it stays, so that neither name nor number is used again. */
  readonly retired?: true
}
