import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { failure, problem, success, type Result } from '../../errors/problem.ts'

/** Bytes of what the verification says at most: counts by code and the first differences. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024
const WHY_CHARACTERS = 400

/** A verification that runs in a process of its own, so that the server goes on whatever it takes. */
export interface RunningVerification {
  readonly ended: Promise<Result<Readonly<Record<string, unknown>>>>
  readonly kill: () => void
}

/** Verifies the ledger in the folder `copy`, which nobody has open. Refuses `MAINTENANCE_FAILED`. */
export function verifyCopy(copy: string): RunningVerification {
  const child = spawn(process.execPath, [programFile(), 'ledger', 'verify', copy, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return { ended: endOf(child), kill: () => child.kill('SIGKILL') }
}

/** Node 20 runs no TypeScript: from the sources (tests) it is the built program, as of `workerFile`. */
function programFile(): string {
  const isSource = import.meta.url.endsWith('.ts')
  const path = isSource ? '../../../dist/src/cli/main.js' : '../../cli/main.js'
  return fileURLToPath(new URL(path, import.meta.url))
}

async function endOf(child: ChildProcess): Promise<Result<Readonly<Record<string, unknown>>>> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= ANSWER_BYTES_MAX) chunks.push(chunk)
      else child.kill('SIGKILL')
    })
    child.once('error', (error) => {
      resolve(failed(error.message))
    })
    child.once('close', (code, signal) => {
      resolve(answerOf(Buffer.concat(chunks).toString('utf8'), `${code ?? signal}`))
    })
  })
}

function answerOf(text: string, ended: string): Result<Readonly<Record<string, unknown>>> {
  try {
    const answer: unknown = JSON.parse(text)
    // Without findings it is a refusal: the copy could not be opened at all.
    if (typeof answer === 'object' && answer !== null && 'findings' in answer) {
      return success(answer as Readonly<Record<string, unknown>>)
    }
    return failed(text.slice(0, WHY_CHARACTERS))
  } catch {
    // Cut off, or nothing at all: how the process ended says more.
  }
  return failed(ended)
}

function failed(why: string): Result<never> {
  return failure(problem('MAINTENANCE_FAILED', '', { why }))
}
