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
  /** Writes the one line below that is rewritten while something runs, '' takes it away; absent where nobody watches. */
  readonly status?: (text: string) => void
  /** Resolves when what was printed has left; absent where it leaves at once. */
  readonly written?: () => Promise<void>
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
    written: printedOut,
    ...(process.stderr.isTTY ? { status: writeStatus } : undefined),
  }
}

/** Waits while a pipe is full; a pipe that nobody reads any more is never empty. */
async function printedOut(): Promise<void> {
  const { stdout } = process
  if (!stdout.writableNeedDrain || stdout.destroyed) return
  await new Promise<void>((resolve) => {
    const done = () => {
      stdout.off('drain', done).off('close', done)
      resolve()
    }
    stdout.on('drain', done).on('close', done)
  })
}

/** Back to the first column, the text, and nothing of what stood behind it. */
function writeStatus(text: string): void {
  process.stderr.write(`\r${harmless(text)}\u001B[K`)
}

/** A reader that has seen enough (`| head -1`) is no fault; a full disk is. */
function ignoreClosed(error: Error): void {
  if ('code' in error && error.code === 'EPIPE') return
  process.exitCode = EXIT.internal
}
