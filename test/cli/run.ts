import { runCommandLine } from '../../src/cli/program.ts'

export interface Run {
  readonly code: number
  readonly printed: string
  readonly complained: string
}

/** One command line, with what it wrote. */
export function run(...args: readonly string[]): Run {
  const [printed, complained]: [string[], string[]] = [[], []]
  const code = runCommandLine(args, {
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
    columns: 100,
  })
  return { code, printed: printed.join('\n'), complained: complained.join('\n') }
}
