import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { assert } from '../../../src/assert.ts'
import { processFile } from './process-file.ts'

interface Asked {
  readonly number: number
  readonly name: string
  readonly value: unknown
}

type Replied =
  | { readonly number: number; readonly ok: true; readonly value: unknown }
  | { readonly number: number; readonly ok: false; readonly what: string }

type Handler = (value: never) => unknown

/** What a process does when it is asked, by name. */
export type Handlers = Readonly<Record<string, Handler>>

/** A process of the benchmarks, asked for one thing after the other. `H`: its handlers. */
export class Child<H extends Handlers> {
  readonly #process: ChildProcess
  /** All that have not ended. */
  static readonly running = new Set<Child<Handlers>>()
  readonly #waiting = new Map<number, (reply: Replied) => void>()
  #number = 0

  constructor(name: string, execArgv: readonly string[] = []) {
    this.#process = fork(processFile(name), [], {
      serialization: 'advanced',
      execArgv: [...execArgv],
    })
    Child.running.add(this as unknown as Child<Handlers>)
    this.#process.on('message', (reply) => {
      const { number } = reply as Replied
      this.#waiting.get(number)?.(reply as Replied)
      this.#waiting.delete(number)
    })
    this.#process.on('exit', () => {
      Child.running.delete(this as unknown as Child<Handlers>)
      for (const [number, settle] of this.#waiting) {
        settle({ number, ok: false, what: `the process ${name} has ended` })
      }
    })
  }

  get pid(): number {
    const { pid } = this.#process
    assert(pid !== undefined, 'the process runs')
    return pid
  }

  /** Throws what the process throws, as a text. */
  async ask<N extends keyof H & string>(
    name: N,
    value: Parameters<H[N]>[0],
  ): Promise<Awaited<ReturnType<H[N]>>> {
    this.#number += 1
    const asked: Asked = { number: this.#number, name, value }
    const reply = await new Promise<Replied>((resolve) => {
      this.#waiting.set(asked.number, resolve)
      this.#process.send(asked)
    })
    if (!reply.ok) throw new Error(reply.what)
    return reply.value as Awaited<ReturnType<H[N]>>
  }

  /** Lets it end by itself, which it does when nobody can ask it any more. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exit = once(this.#process, 'exit')
    this.#process.disconnect()
    await exit
  }
}

/** The side of the process. */
export function serveParent(handlers: Handlers): void {
  process.on('message', (message) => {
    const { number, name, value } = message as Asked
    void answer(number, async () => handlers[name]?.(value as never))
  })
  // Whoever asked is gone.
  process.on('disconnect', () => process.exit(0))
}

async function answer(number: number, work: () => Promise<unknown>): Promise<void> {
  let reply: Replied
  try {
    reply = { number, ok: true, value: await work() }
  } catch (error) {
    reply = {
      number,
      ok: false,
      what: error instanceof Error ? (error.stack ?? '') : String(error),
    }
  }
  process.send?.(reply)
}
