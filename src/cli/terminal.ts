import { EXIT } from './exit-codes.ts'
import { harmless } from './render/harmless.ts'

/** Where a command writes; the process's streams, or a list in tests. */
export interface Terminal {
  /** Answers. Each call is a block of whole lines, without the last line end. */
  readonly print: (text: string) => void
  /** Problems and remarks. */
  readonly complain: (text: string) => void
  /** Width in columns. */
  readonly columns: number
}

/** Narrower than this a table would not hold an amount beside a name; wider lines are hard to read. */
const [COLUMNS_MIN, COLUMNS_MAX] = [40, 160]
/** Where the output is no terminal. */
const COLUMNS_DEFAULT = 100

/** The streams of this process; 100 columns where the output is no terminal. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosed)
  return {
    print: (text) => void process.stdout.write(`${harmless(text)}\n`),
    complain: (text) => void process.stderr.write(`${harmless(text)}\n`),
    columns: Math.max(
      COLUMNS_MIN,
      Math.min(process.stdout.columns ?? COLUMNS_DEFAULT, COLUMNS_MAX),
    ),
  }
}

/** A reader that has seen enough (`| head -1`) is no fault; a full disk is. */
function ignoreClosed(error: Error): void {
  if ('code' in error && error.code === 'EPIPE') return
  process.exitCode = EXIT.internal
}
