import { runCommandLine } from '../../src/cli/program.ts'

export interface Run {
  readonly code: number
  readonly printed: string
  readonly complained: string
}

/** One command line at 100 columns, with what it wrote. */
export async function run(...args: readonly string[]): Promise<Run> {
  return runAt(100, ...args)
}

export async function runAt(columns: number, ...args: readonly string[]): Promise<Run> {
  const [printed, complained]: [string[], string[]] = [[], []]
  const code = await runCommandLine(args, {
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
    columns,
  })
  return { code, printed: printed.join('\n'), complained: complained.join('\n') }
}
