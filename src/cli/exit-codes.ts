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

export const EXIT_HELP = `
退出码 Exit codes:
  0  成功 done
  1  被拒绝、未通过或有差异 refused, failed, or differences found
  2  命令写法不对 wrong usage
  3  程序内部错误 internal error (a broken invariant; please report it)`
