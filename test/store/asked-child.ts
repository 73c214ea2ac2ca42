import { Child } from './child.ts'

/**
 * A process that answers each line with a line, started when it is first asked and again after a question that was its end: lmdb
 * maps its file, so that a damaged one may take the whole process down, and no test may be in it then.
 */
export class AskedChild {
  readonly #start: () => Child
  #child: Child | undefined
  #answers = 0

  /** `start` starts a process that prints `ready` first. */
  constructor(start: () => Child) {
    this.#start = start
  }

  /** Its answer; `found crash SIGNAL` when there was none. */
  async ask(line: string): Promise<string> {
    const child = this.#child ?? (await this.#ready())
    child.say(line)
    const lines = await child.printed(this.#answers + 1)
    const answer = lines[this.#answers]
    this.#answers += 1
    if (answer !== undefined) return answer
    const { signal, code } = await child.ended
    this.#child = undefined
    return `found crash ${signal ?? code}`
  }

  async stop(): Promise<void> {
    this.#child?.process.stdin?.end()
    await this.#child?.ended
  }

  async #ready(): Promise<Child> {
    const child = this.#start()
    const [ready] = await child.printed(1)
    if (ready !== 'ready') throw new Error(`the process did not start: ${ready}`)
    this.#child = child
    this.#answers = 1
    return child
  }
}
