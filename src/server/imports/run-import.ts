import type { Engine } from '../../engine/open-engine.ts'
import { StoreFailed } from '../../engine/store-failed.ts'
import { problem } from '../../errors/problem.ts'
import { openErrorsFile } from '../../files/import-errors.ts'
import { openRegistryFile } from '../../files/registry-files.ts'
import { SpoolFailed, withSpool } from '../../files/registry-spool.ts'
import type { RosterRule } from '../../registry/check-items.ts'
import { importRegistry, type ImportReport } from '../../registry/import-registry.ts'
import { AccessEnded, type IsAllowed } from '../access-ended.ts'
import type { ImportFolder } from './import-folder.ts'
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
  /** Entries on the disk. */
  written: number
  isWriting: boolean
}

/**
 * Reads the file of an import into the register; the journal keeps how it ended. Ends at the next slice when its sender may no longer:
 * what is written of a file of mode `skip` stays. One of mode `all` ends so until its first entry is written; from then on it is
 * completed, since a part of it would be neither all nor nothing, and all of it was checked while its sender might. Throws `StoreFailed`.
 */
export async function runImport(request: ImportRequest, ports: RunPorts): Promise<ImportEnd> {
  const advance = { rows: 0, written: 0, isWriting: false }
  try {
    return await ran(request, ports, advance)
  } catch (error) {
    if (!(error instanceof AccessEnded)) throw error
    const { rows, written } = advance
    await ports.cutOff()
    const ended = problem('IMPORT_ACCESS_ENDED', '', { rows, written })
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
    return await ended(request, report, ports)
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
  const { id, kind } = request
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
      const written = await engine.registry(`import ${id}`, entries)
      const [failed] = written.ok ? [] : written.problems
      if (failed !== undefined) throw new StoreFailed(failed)
      advance.written += entries.length
    },
  }
}

async function ended(
  request: ImportRequest,
  report: ImportReport,
  { engine }: RunPorts,
): Promise<ImportEnd> {
  const counts = countsOf(report)
  if (request.mode === 'all' && report.problemCount > 0) {
    return { status: 'refused', report: counts }
  }
  const { id, fingerprint } = request
  // Which rows were wrong is in the file of errors; the journal has no more of them than how many.
  const answer = { ...request, status: 'done', report: { ...counts, problems: [] } }
  const written = await engine.registry(`import ${id}`, [], { id, fingerprint, answer })
  if (!written.ok) return { status: 'failed', problems: toldProblems(written.problems) }
  return { status: 'done', report: counts }
}
