import type { Engine } from '../../engine/open-engine.ts'
import type { Store } from '../../engine/ports.ts'
import { StoreFailed } from '../../engine/store-failed.ts'
import { problem } from '../../errors/problem.ts'
import { openErrorsFile } from '../../files/import-errors.ts'
import { openRegistryFile } from '../../files/registry-files.ts'
import { SpoolFailed, withSpool } from '../../files/registry-spool.ts'
import type { RosterRule } from '../../registry/check-items.ts'
import { importRegistry, type ImportReport } from '../../registry/import-registry.ts'
import { AccessEnded, type IsAllowed } from '../access-ended.ts'
import type { ImportFolder } from './import-folder.ts'
import { lastMark, markAnswer } from './import-marks.ts'
import { inSlices } from './in-slices.ts'
import {
  countsOf,
  toldProblems,
  withoutFolder,
  type ImportAdvance,
  type ImportRequest,
  type ImportState,
} from './import-state.ts'

export type ImportEnd = Pick<ImportState, 'status' | 'report' | 'problems'>

export interface RunPorts {
  readonly engine: Engine
  readonly store: Store
  readonly folder: ImportFolder
  readonly rule?: RosterRule
  /** Whether its sender still may: asked after every slice and before every record. */
  readonly isAllowed: IsAllowed
  readonly cutOff: () => Promise<unknown>
  readonly isStopping: () => boolean
  readonly progress: (progress: ImportAdvance) => void
}

/** Entries of one record: requests of terminals wait for no more than that. */
const BATCH = 256

/** How far an import has come. */
interface Advance {
  rows: number
  /** Entries on the disk; of mode `all`, those of earlier tries too. */
  written: number
  /** Records with a mark. */
  marks: number
  isWriting: boolean
}

/**
 * Reads the file of an import into the register; the journal keeps how it ended. Ends at the next slice when its sender may no longer:
 * what is written of a file of mode `skip` stays. One of mode `all` ends so until this try writes its first entry; from then on it is
 * completed, since a part of it would be neither all nor nothing, and all of it was checked while its sender might. Throws `StoreFailed`.
 */
export async function runImport(request: ImportRequest, ports: RunPorts): Promise<ImportEnd> {
  const mark = lastMark(ports.store, request.id)
  const [written, marks] = [mark?.written ?? 0, mark?.number ?? 0]
  const advance: Advance = { rows: 0, written, marks, isWriting: false }
  try {
    return await ran(request, ports, advance)
  } catch (error) {
    if (!(error instanceof AccessEnded)) throw error
    await ports.cutOff()
    const details = { rows: advance.rows, written: advance.written }
    const ended = problem('IMPORT_ACCESS_ENDED', '', details)
    return { status: 'failed', problems: toldProblems([ended]) }
  }
}

async function ran(request: ImportRequest, ports: RunPorts, advance: Advance): Promise<ImportEnd> {
  // It may have waited.
  if (!ports.isAllowed()) throw new AccessEnded()
  const { folder } = ports
  const { id, kind, format } = request
  const opened = await openRegistryFile(folder.bodyOf(id, format), kind)
  if (!opened.ok) return { status: 'failed', problems: toldProblems(opened.problems) }
  const errors = openErrorsFile(folder.errorsOf(id))
  try {
    if (!errors.ok) return { status: 'failed', problems: toldProblems(errors.problems) }
    const report = await withSpool(folder.of(id), (spool) =>
      importRegistry({
        ...sink(request, ports, advance),
        mode: request.mode,
        entries: inSlices(opened.value.entries),
        spool,
        batch: BATCH,
        onProblems: (problems) => {
          errors.value.add(problems.map(withoutFolder))
        },
        progress: (progress) => {
          if (ports.isStopping()) throw new StoreFailed(problem('ENGINE_STOPPING', ''))
          advance.rows = progress.rows
          checkAccess(request, ports, advance)
          const { position, size } = opened.value
          ports.progress({ ...progress, bytes: position(), size })
        },
      }),
    )
    return await ended(request, { report, written: advance.written }, ports)
  } catch (error) {
    if (error instanceof SpoolFailed)
      return { status: 'failed', problems: toldProblems([error.problem]) }
    throw error
  } finally {
    if (errors.ok) errors.value.close()
    await opened.value.close()
  }
}

function checkAccess(
  { mode }: ImportRequest,
  { isAllowed }: RunPorts,
  { isWriting }: Advance,
): void {
  const isCommitted = mode === 'all' && isWriting
  if (!isCommitted && !isAllowed()) throw new AccessEnded()
}

function sink(request: ImportRequest, ports: RunPorts, advance: Advance) {
  const { id, kind, mode } = request
  const { engine, rule, isStopping } = ports
  return {
    kind,
    ...(rule !== undefined && { roster: rule }),
    lookup: (of: Parameters<Engine['registered']>[0], entry: string) =>
      engine.registered(of, entry),
    write: async (entries: Parameters<Engine['registry']>[1]) => {
      if (isStopping()) throw new StoreFailed(problem('ENGINE_STOPPING', ''))
      checkAccess(request, ports, advance)
      advance.isWriting = true
      const written = advance.written + entries.length
      const number = advance.marks + 1
      const mark = mode === 'all' ? markAnswer({ request, number, written }) : undefined
      const done = await engine.registry(`import ${id}`, entries, mark)
      const [failed] = done.ok ? [] : done.problems
      if (failed !== undefined) throw new StoreFailed(failed)
      advance.written = written
      advance.marks = number
    },
  }
}

async function ended(
  request: ImportRequest,
  { report, written }: { readonly report: ImportReport; readonly written: number },
  { engine }: RunPorts,
): Promise<ImportEnd> {
  const counts = countsOf(report)
  if (request.mode === 'all' && report.problemCount > 0) {
    // An earlier try has written a part: the same file has to be able to go on.
    return written === 0
      ? { status: 'refused', report: counts }
      : { status: 'failed', report: { ...counts, written } }
  }
  const { id, fingerprint } = request
  // Which rows were wrong is in the file of errors; the journal has no more of them than how many.
  const answer = { ...request, status: 'done', report: { ...counts, problems: [] } }
  const kept = await engine.registry(`import ${id}`, [], { id, fingerprint, answer })
  if (!kept.ok) return { status: 'failed', problems: toldProblems(kept.problems) }
  return { status: 'done', report: counts }
}
