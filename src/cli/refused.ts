import type { Problem } from '../errors/problem.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { ShownLanguage } from './language.ts'
import { problemData, problemTexts } from './problem-text.ts'
import type { Terminal } from './terminal.ts'

export interface OutputOptions {
  readonly json: boolean
  readonly lang: ShownLanguage
}

/** Prints problems: as JSON where the answer would stand, for people beside it. A value of the command line that no option takes is wrong usage. */
export function refusedWith(
  problems: readonly Problem[],
  { json, lang }: OutputOptions,
  terminal: Terminal,
): ExitCode {
  if (json) terminal.print(JSON.stringify({ problems: problems.map(problemData) }, null, 2))
  else terminal.complain(problemTexts(problems, lang, terminal.columns))
  return problems.some(({ code }) => code === 'CLI_USAGE') ? EXIT.usage : EXIT.refused
}
