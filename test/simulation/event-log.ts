import { createHash } from 'node:crypto'

/** What happened, a line each, and one hash over all of it: two runs with equal hashes were the same run. */
export class EventLog {
  readonly #hash = createHash('sha256')
  readonly lines: string[] = []

  add(at: number, what: string): void {
    const line = `${at} ${what}`
    this.lines.push(line)
    this.#hash.update(line).update('\n')
  }

  hash(): string {
    return this.#hash.copy().digest('hex')
  }
}

/** Short name of a text: FNV-1a, 32 bits. */
export function brief(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
