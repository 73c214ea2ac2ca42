import { problem } from '../errors/problem.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { problemTexts } from './problem-text.ts'
import { reasonOf } from './read-text.ts'
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

/** Lines handed over at once. */
const LINES_A_WRITE = 500

/** Prints lines as they come, no faster than they leave. */
export async function printInBlocks(lines: Iterable<string>, terminal: Terminal): Promise<void> {
  let block: string[] = []
  for (const line of lines) {
    block.push(line)
    if (block.length < LINES_A_WRITE) continue
    terminal.print(block.join('\n'))
    block = []
    await terminal.written?.()
  }
  if (block.length > 0) terminal.print(block.join('\n'))
  await terminal.written?.()
}

/** Narrower than this a table would not hold an amount beside a name; wider lines are hard to read. */
const [COLUMNS_MIN, COLUMNS_MAX] = [40, 160]
/** Where the output is no terminal. */
const COLUMNS_DEFAULT = 100

/** The streams of this process; 100 columns where the output is no terminal. */
export function processTerminal(): Terminal {
  const columns = Math.max(
    COLUMNS_MIN,
    Math.min(process.stdout.columns ?? COLUMNS_DEFAULT, COLUMNS_MAX),
  )
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: Error) => outputLost(stream, error, columns))
  }
  return {
    print: (text) => void process.stdout.write(`${harmless(text)}\n`),
    complain: (text) => void process.stderr.write(`${harmless(text)}\n`),
    columns,
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

/** Streams of which it was said; each of the lines still to come fails too. */
const lost = new Set<NodeJS.WriteStream>()

/**
 * A reader that has seen enough (`| head -1`) is no failure; a full disk is, and whoever reads the file later must not take it
 * for whole.
 */
function outputLost(stream: NodeJS.WriteStream, error: Error, columns: number): void {
  const why = reasonOf(error)
  if (why === 'EPIPE' || lost.has(stream)) return
  lost.add(stream)
  process.exitCode = EXIT.refused
  if (stream === process.stderr) return
  const item = problem('CLI_FILE_UNWRITABLE', '', { file: 'stdout', why })
  process.stderr.write(`${harmless(problemTexts([item], 'both', columns))}\n`)
}

/** Ends the process with `code` when everything is done, unless its output could not be written: then that is what its caller has to know. */
export function endWith(code: ExitCode): void {
  process.exitCode ??= code
}
