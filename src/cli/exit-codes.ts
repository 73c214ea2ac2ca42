/** What the process says to its caller; printed in every help text. */
export const EXIT = {
  /** Done, and nothing was wrong. */
  ok: 0,
  /** Refused, failed, or differences found. */
  refused: 1,
  /** The command was not understood. */
  usage: 2,
  /** A broken invariant: a fault of this program. */
  internal: 3,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The codes in words, as help texts list them. */
export const EXIT_HELP: readonly {
  readonly code: ExitCode
  readonly zh: string
  readonly en: string
}[] = [
  { code: EXIT.ok, zh: '成功', en: 'done' },
  {
    code: EXIT.refused,
    zh: '被拒绝、未通过或有差异',
    en: 'refused, failed, or differences found',
  },
  { code: EXIT.usage, zh: '命令写法不对', en: 'wrong usage' },
  {
    code: EXIT.internal,
    zh: '程序内部错误',
    en: 'internal error (a broken invariant; please report it)',
  },
]
