import { problem, type Problem } from '../errors/problem.ts'
import { ItemChecker, type Accepted, type RosterRule } from './check-items.ts'
import type { RegistryKind } from './entries.ts'
import { EntryWriter, type Write } from './entry-writer.ts'
import { REGISTRY_LIMITS } from './limits.ts'
import type { Lookup } from './lookup.ts'
import { packItems, unpackItems, type PackedItems } from './packed-items.ts'
import type { SourceBatch } from './source.ts'

/** `all`: nothing is written unless every row is right. `skip`: what is wrong is left out. */
export const IMPORT_MODES = ['all', 'skip'] as const

export type ImportMode = (typeof IMPORT_MODES)[number]

/** Somewhere outside the memory for what was checked, until the whole file has been. */
export interface Spool {
  readonly add: (items: PackedItems) => Promise<void>
  /** Everything added, in order. */
  readonly read: () => AsyncIterable<PackedItems>
}

export interface RegistryImport {
  /** `policy`: a roster, which adds policies to persons. */
  readonly kind: RegistryKind
  readonly mode: ImportMode
  readonly entries: AsyncIterable<SourceBatch>
  /** Sees at once what `write` has written. */
  readonly lookup: Lookup
  readonly write: Write
  /** Used by the mode `all` only. */
  readonly spool: Spool
  /** What rows of a roster have to keep to beside being right. */
  readonly roster?: RosterRule
  /** Entries handed over to be written at a time; default `REGISTRY_LIMITS.batch`. */
  readonly batch?: number
  readonly progress?: (progress: ImportProgress) => void
  /** Gets every problem, in the order of the lines, those too that the report only counts. */
  readonly onProblems?: (problems: readonly Problem[]) => void
}

export interface ImportProgress {
  readonly phase: 'read' | 'write'
  /** Rows read so far, and those of the whole file once they are known. */
  readonly rows: number
  /** Entries written so far, as the report counts them. */
  readonly written: number
  /** Items written so far, or found to be registered just so, of those accepted. */
  readonly done: number
  readonly accepted: number
}

export interface ImportReport {
  readonly rows: number
  /** Rows left out: wrong themselves, or of an item with a wrong row. */
  readonly refusedRows: number
  /** Entries written: new versions, who holds a policy among them. */
  readonly written: number
  /** Entries that the register has just so. */
  readonly unchanged: number
  /** The first `REGISTRY_LIMITS.listed`. */
  readonly problems: readonly Problem[]
  /** All of them. */
  readonly problemCount: number
  /** The file could not be read to its end; the last problem says why. */
  readonly isCut: boolean
}

/** Reads, checks and writes one file. A rejection of `write` ends it; what was written before stays. */
export async function importRegistry(options: RegistryImport): Promise<ImportReport> {
  return new Import(options).run()
}

class Import {
  private readonly options: RegistryImport
  private readonly checker: ItemChecker
  private readonly writer: EntryWriter
  private readonly problems: Problem[] = []
  private rows = 0
  private refusedRows = 0
  private problemCount = 0
  private accepted = 0
  private isCut = false

  constructor(options: RegistryImport) {
    this.options = options
    const { batch, kind, lookup, roster, write } = options
    this.checker = new ItemChecker(kind, lookup, roster)
    this.writer = new EntryWriter(lookup, write, batch)
  }

  async run(): Promise<ImportReport> {
    const { entries, mode, spool } = this.options
    for await (const batch of entries) {
      const accepted = this.check(batch)
      this.tell('read')
      if (mode === 'skip') await this.writer.add(accepted)
      else if (this.problemCount === 0) await spool.add(packItems(accepted))
      if (this.isCut) break
    }
    if (mode === 'all' && this.problemCount === 0) {
      for await (const packed of spool.read()) {
        await this.writer.add(unpackItems(packed))
        this.tell('write')
      }
    }
    await this.writer.flush()
    const { isCut, problemCount, problems, refusedRows, rows } = this
    const { unchanged, written } = this.writer
    return { rows, refusedRows, written, unchanged, problems, problemCount, isCut }
  }

  private check(batch: SourceBatch): readonly Accepted[] {
    const { accepted, problems, refusedRows, rows } = this.checker.check(batch)
    this.rows += rows
    this.refusedRows += refusedRows
    this.accepted += accepted.length
    this.note(problems)
    if (batch.stopped !== undefined) {
      this.isCut = true
      this.note(batch.stopped)
    }
    return accepted
  }

  private note(problems: readonly Problem[]): void {
    if (problems.length === 0) return
    const room = REGISTRY_LIMITS.listed - this.problems.length
    this.problems.push(...problems.slice(0, Math.max(0, room)))
    this.problemCount += problems.length
    this.options.onProblems?.(problems)
  }

  private tell(phase: ImportProgress['phase']): void {
    const { accepted, rows } = this
    const { done, written } = this.writer
    this.options.progress?.({ phase, rows, written, done, accepted })
  }
}

/** Everything a report says that is to be read as problems: those listed, then how many are not. */
export function reportProblems({ problemCount, problems }: ImportReport): readonly Problem[] {
  const rest = problemCount - problems.length
  const details = { problems: problemCount, listed: problems.length }
  return rest === 0 ? problems : [...problems, problem('REGISTER_PROBLEMS_CUT', '', details)]
}
