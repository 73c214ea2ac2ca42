import type { Problem } from '../errors/problem.ts'
import { openRegistryFile, type RegistryFile } from '../files/registry-files.ts'
import { SpoolFailed, withSpool } from '../files/registry-spool.ts'
import type { RegistryKind } from '../registry/entries.ts'
import type { Write } from '../registry/entry-writer.ts'
import {
  importRegistry,
  reportProblems,
  type ImportMode,
  type ImportProgress,
  type ImportReport,
} from '../registry/import-registry.ts'
import type { Lookup } from '../registry/lookup.ts'
import type { Bilingual } from '../rules/pack.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { counted, inline, worded } from './language.ts'
import { problemData, problemTexts } from './problem-text.ts'
import { refusedWith, type OutputOptions } from './refused.ts'
import { barOf } from './render/bar.ts'
import { openErrorsFile, type ErrorsFile } from '../files/import-errors.ts'
import type { Terminal } from './terminal.ts'

export interface RegistryImportOptions extends OutputOptions {
  readonly file: string
  /** Folder of the ledger; what was checked waits there until the whole file has been. */
  readonly ledger: string
  readonly kind: RegistryKind
  readonly mode: ImportMode
  /** Where every problem is written as CSV. */
  readonly errors?: string
}

/** The register that is imported into. */
export interface RegistrySink {
  readonly write: Write
  /** Sees at once what `write` has written. */
  readonly lookup: Lookup
}

/** Opens the register for the time of `use`. */
export type WithSink = (use: (sink: RegistrySink) => Promise<ExitCode>) => Promise<ExitCode>

/**
 * `qingfen ledger import`: reads a file of the register into a sink, which is opened only when there is a file, and says what came
 * of it. Refused is also an import of mode `skip` that left rows out. Rejects only with what the sink rejects with.
 */
export async function registryImportCommand(
  options: RegistryImportOptions,
  terminal: Terminal,
  withSink: WithSink,
): Promise<ExitCode> {
  const opened = await openRegistryFile(options.file, options.kind)
  if (!opened.ok) return refusedWith(opened.problems, options, terminal)
  const errors = options.errors === undefined ? undefined : openErrorsFile(options.errors)
  if (errors?.ok === false) {
    await opened.value.close()
    return refusedWith(errors.problems, options, terminal)
  }
  try {
    return await withSink(async (sink) => {
      const report = await runImport(options, opened.value, terminal, sink, errors?.value)
      return answer(report, options, terminal)
    })
  } catch (error) {
    if (!(error instanceof SpoolFailed)) throw error
    return refusedWith([error.problem], options, terminal)
  } finally {
    terminal.status?.('')
    errors?.value.close()
    await opened.value.close()
  }
}

async function runImport(
  options: RegistryImportOptions,
  file: RegistryFile,
  terminal: Terminal,
  { lookup, write }: RegistrySink,
  errors: ErrorsFile | undefined,
): Promise<ImportReport> {
  const { kind, ledger, mode } = options
  const progress = progressOf(options, file, terminal)
  return withSpool(ledger, (spool) =>
    importRegistry({
      kind,
      mode,
      entries: file.entries,
      spool,
      lookup,
      write,
      ...(progress === undefined ? undefined : { progress }),
      ...(errors === undefined ? undefined : { onProblems: errors.add }),
    }),
  )
}

const STATUS_EVERY_MS = 100

/** A line of progress for who watches, at most ten times a second. */
function progressOf({ lang }: OutputOptions, file: RegistryFile, { status }: Terminal) {
  if (status === undefined) return undefined
  const begun = performance.now()
  let shown = Number.NEGATIVE_INFINITY
  return (progress: ImportProgress) => {
    const now = performance.now()
    if (now - shown < STATUS_EVERY_MS) return
    shown = now
    status(inline(progressText(progress, file, (now - begun) / 1_000), lang))
  }
}

/** What is done of what there is, and how fast; both phases of an import of mode `all` go from 0 to 100 %. */
export function progressText(
  { accepted, done, phase, rows, written }: ImportProgress,
  file: Pick<RegistryFile, 'position' | 'size'>,
  seconds: number,
): Bilingual {
  const [part, whole] = phase === 'read' ? [file.position(), file.size] : [done, accepted]
  const percent = whole === 0 ? '' : ` ${Math.floor((Math.min(part, whole) / whole) * 100)}%`
  const bar = whole === 0 ? '' : ` ${barOf(part / whole)}`
  const bars = `${bar}${percent}`
  if (phase === 'write') {
    const [zh, en] = [`写入${bars} ${grouped(written)} 项`, counted(written, 'entry', 'entries')]
    return { zh, en: `writing${bars} ${en}` }
  }
  const [count, rate] = [grouped(rows), grouped(Math.round(rows / Math.max(seconds, 0.001)))]
  return {
    zh: `读入${bars} ${count} 行，每秒 ${rate} 行`,
    en: `reading${bars} ${counted(rows, 'row')}, ${rate} rows/s`,
  }
}

function answer(
  report: ImportReport,
  options: RegistryImportOptions,
  terminal: Terminal,
): ExitCode {
  terminal.status?.('')
  const problems = reportProblems(report).map((item) => inFile(item, options.file))
  if (options.json) {
    const data = { ...report, problems: problems.map(problemData) }
    terminal.print(JSON.stringify(data, null, 2))
  } else {
    if (problems.length > 0) {
      terminal.complain(problemTexts(problems, options.lang, terminal.columns))
    }
    terminal.print(worded(summary(report, options.mode), options.lang).join('\n'))
  }
  return report.problemCount === 0 ? EXIT.ok : EXIT.refused
}

function inFile(item: Problem, file: string): Problem {
  return item.line === undefined ? item : { ...item, file }
}

function summary(report: ImportReport, mode: ImportMode): Bilingual {
  const rows = grouped(report.rows)
  if (mode === 'all' && report.problemCount > 0) {
    return {
      zh: `读了 ${rows} 行，有 ${grouped(report.problemCount)} 处错误：没有写入任何内容`,
      en: `${counted(report.rows, 'row')} read, ${counted(report.problemCount, 'problem')}: nothing was written`,
    }
  }
  const written = grouped(report.written)
  const [unchanged, refused] = [grouped(report.unchanged), grouped(report.refusedRows)]
  return {
    zh: `读了 ${rows} 行：写入 ${written} 项，与登记相同 ${unchanged} 项，略去 ${refused} 行`,
    en: `${counted(report.rows, 'row')} read: ${counted(report.written, 'entry', 'entries')} written, ${unchanged} as registered, ${counted(report.refusedRows, 'row')} left out`,
  }
}

function grouped(number: number): string {
  return number.toLocaleString('en')
}
