import { barOf } from '../render/bar.ts'
import type { Bilingual } from '../../rules/pack.ts'
import { inline, type ShownLanguage } from '../language.ts'
import type { Terminal } from '../terminal.ts'

const SHOWN_EVERY_MS = 100

/** A line of progress for who watches, at most ten times a second. */
export class ProgressLine {
  readonly #terminal: Terminal
  readonly #shown: ShownLanguage
  #last = Number.NEGATIVE_INFINITY

  constructor(terminal: Terminal, shown: ShownLanguage) {
    this.#terminal = terminal
    this.#shown = shown
  }

  show(what: Bilingual, done: number, total: number): void {
    const { status } = this.#terminal
    if (status === undefined) return
    const now = performance.now()
    if (now - this.#last < SHOWN_EVERY_MS) return
    this.#last = now
    const share = total === 0 ? 1 : done / total
    const numbers = `${barOf(share)} ${Math.floor(share * 100)}% ${done.toLocaleString('en')}`
    status(`${inline(what, this.#shown)} ${numbers}`)
  }

  clear(): void {
    this.#terminal.status?.('')
  }
}
