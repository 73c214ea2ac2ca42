import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { builtProgram } from '../built-program.ts'

const QINGFEN = builtProgram('src/cli/main')

/** Exit code, or the signal that ended it. */
type Exit = readonly [code: number | null, signal: NodeJS.Signals | null]

export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string }

/** A real `qingfen serve`. */
export class ServedProcess {
  readonly port: number
  /** Everything it wrote, both streams. */
  readonly output: readonly string[]
  readonly #child: ChildProcess
  readonly #exited: Promise<Exit>

  private constructor(
    child: ChildProcess,
    port: number,
    output: readonly string[],
    exited: Promise<Exit>,
  ) {
    this.#child = child
    this.port = port
    this.output = output
    this.#exited = exited
  }

  /** When it listens. Fails when it ends before. */
  static async start(config: string): Promise<ServedProcess> {
    const child = spawn(process.execPath, [QINGFEN, 'serve', '--config', config], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const exited = once(child, 'exit').then(([code, signal]) => [code, signal] as Exit)
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    const output: string[] = []
    const port = await new Promise<number>((resolve, reject) => {
      for (const input of [child.stdout, child.stderr]) {
        createInterface({ input }).on('line', (line) => {
          output.push(line)
          const found = /"event":"server\.listening","port":(\d+)/.exec(line)
          if (found !== null) resolve(Number(found[1]))
        })
      }
      void exited.then(() => {
        reject(new Error(`it ended: ${output.join('\n')}`))
      })
    })
    return new ServedProcess(child, port, output, exited)
  }

  /** How it ended. */
  get ended(): Promise<Exit> {
    return this.#exited
  }

  log(): readonly LogLine[] {
    return this.output.map((line) => JSON.parse(line) as LogLine)
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }
}
