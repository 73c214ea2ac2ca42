import { spawn, type ChildProcess } from 'node:child_process'

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly printed: string
}

/** A process and what it prints. */
export class Child {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
  #printed = ''
  #wake: () => void = () => undefined

  constructor(command: string, args: readonly string[]) {
    this.process = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] })
    this.process.stdout?.on('data', (piece: Buffer) => {
      this.#printed += piece.toString()
      this.#wake()
    })
    this.ended = new Promise((resolve, reject) => {
      this.process.on('error', reject)
      this.process.on('close', (code, signal) => {
        this.#wake()
        resolve({ code, signal, printed: this.#printed })
      })
    })
  }

  get lines(): readonly string[] {
    return this.#printed.split('\n').slice(0, -1)
  }

  /** Waits for `count` lines, or for its end. */
  async printed(count: number): Promise<readonly string[]> {
    while (
      this.lines.length < count &&
      this.process.exitCode === null &&
      this.process.signalCode === null
    ) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.lines
  }

  say(line: string): void {
    this.process.stdin?.write(`${line}\n`)
  }
}
