import type { AuditEntry } from '../ledger/record.ts'
import type { Engine } from '../engine/open-engine.ts'
import type { Result } from '../errors/problem.ts'

/**
 * Who asked for what, written to the journal. What comes in one turn of the event loop is one record, which goes to the disk with the
 * requests of that turn. No answer leaves before its entry is on the disk.
 */
export class AuditLog {
  readonly #engine: Pick<Engine, 'audit'>
  #open: { readonly entries: AuditEntry[]; readonly written: Promise<Result<number>> } | undefined

  constructor(engine: Pick<Engine, 'audit'>) {
    this.#engine = engine
  }

  /** Resolves when the entry is on the disk, or cannot be. Call it before the engine is asked, so that both go together. */
  async note(entry: AuditEntry): Promise<Result<number>> {
    this.#open ??= this.#begin()
    this.#open.entries.push(entry)
    return this.#open.written
  }

  #begin(): { readonly entries: AuditEntry[]; readonly written: Promise<Result<number>> } {
    const entries: AuditEntry[] = []
    const written = new Promise<Result<number>>((resolve) => {
      setImmediate(() => {
        this.#open = undefined
        resolve(this.#engine.audit(entries))
      })
    })
    return { entries, written }
  }
}
