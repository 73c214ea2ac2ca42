import { failure, failureOf, problem, success, type Result } from '../errors/problem.ts'
import { readBookFile, type BookFile, type BookFormat } from '../files/reconciliation-files.ts'
import { compareBooks } from '../reconciliation/compare-books.ts'
import { compareNational } from '../reconciliation/compare-national.ts'
import type { NationalRow } from '../reconciliation/national-row.ts'
import { platformBook } from '../reconciliation/platform-result.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { refusedWith, type OutputOptions } from './refused.ts'
import { reconciliationJson } from './render/reconciliation-data.ts'
import { bookView, nationalView, type ReconciliationView } from './render/reconciliation-view.ts'
import { reconciliationText } from './render/reconciliation-text.ts'
import { printInBlocks, type Terminal } from './terminal.ts'

export interface ReconcileOptions extends OutputOptions {
  /** Absent: told by the files. */
  readonly format?: BookFormat
}

/**
 * `qingfen ledger reconcile OURS THEIRS`: every difference between two books with its name, where it is, what it comes from
 * and what to do. Exit code 0 only when they are level.
 */
export async function reconcileCommand(
  [ours, theirs]: readonly [string, string],
  options: ReconcileOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const view = viewOf(ours, theirs, options.format)
  if (!view.ok) return refusedWith(view.problems, options, terminal)
  if (options.json) await printInBlocks(reconciliationJson(view.value), terminal)
  else terminal.print(reconciliationText(view.value, options.lang, terminal.columns))
  return view.value.discrepancies.length === 0 ? EXIT.ok : EXIT.refused
}

function viewOf(
  ours: string,
  theirs: string,
  format: BookFormat | undefined,
): Result<ReconciliationView> {
  const left = readBookFile(ours, format)
  const right = readBookFile(theirs, format)
  if (!left.ok || !right.ok) {
    return failureOf([left, right].flatMap((read) => (read.ok ? [] : read.problems)))
  }
  if (left.value.format === 'result') {
    return failure({ ...problem('RECONCILE_SIDES_SWAPPED', '', { file: ours }), file: ours })
  }
  return compared(left.value, right.value, { ours, theirs })
}

interface Names {
  readonly ours: string
  readonly theirs: string
}

/** An empty book has the format of the other. */
function compared(left: BookFile, right: BookFile, names: Names): Result<ReconciliationView> {
  if (left.format !== 'export' && right.format !== 'export') {
    const ours = left.format === '3202' ? left.rows : []
    return success(nationalView(compareNational(ours, platformRows(right, ours)), names))
  }
  if ([left, right].every(({ format }) => format === 'export' || format === 'empty')) {
    const rowsOf = (file: BookFile) => (file.format === 'export' ? file.rows : [])
    return success(bookView(compareBooks(rowsOf(left), rowsOf(right)), names))
  }
  const details = { ...names, oursFormat: left.format, theirsFormat: right.format }
  return failure(problem('RECONCILE_FORMATS_DIFFER', '', details))
}

function platformRows(file: BookFile, ours: readonly NationalRow[]): readonly NationalRow[] {
  if (file.format === 'result') return platformBook(ours, file.rows)
  return file.format === '3202' ? file.rows : []
}
