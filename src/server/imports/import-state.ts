import { basename } from 'node:path'
import { success, failure, problem, type Problem, type Result } from '../../errors/problem.ts'
import { sha256Hex } from '../../ledger/hash.ts'
import { frameProblem } from '../../protocol/frames/reply-frame.ts'
import type { RegistryKind } from '../../registry/entries.ts'
import type { ImportMode, ImportReport } from '../../registry/import-registry.ts'

/** File types of a body, and the ending of a file's name that says the same. */
export const IMPORT_TYPES = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
} as const

export type ImportFormat = (typeof IMPORT_TYPES)[keyof typeof IMPORT_TYPES]

/** Bytes of one file. */
export const IMPORT_BYTES_MAX = 64 * 1024 * 1024

/** What an import is: the same for every repeat of its request. */
export interface ImportRequest {
  /** Of principal and idempotency key. */
  readonly id: string
  readonly principal: string
  readonly kind: RegistryKind
  readonly mode: ImportMode
  readonly format: ImportFormat
  /** Of content, kind, mode and format. */
  readonly fingerprint: string
}

/**
 * `refused`: of mode `all`, nothing was written. `failed` and `interrupted`: what was written stays; the same request continues. With
 * a report `failed` is of mode `all` and found wrong when it was to be continued.
 */
export type ImportStatus = 'waiting' | 'running' | 'done' | 'refused' | 'failed' | 'interrupted'

export interface ImportCounts extends Omit<ImportReport, 'problems'> {
  /** The first ones. */
  readonly problems: readonly unknown[]
}

export interface ImportState extends ImportRequest {
  readonly status: ImportStatus
  readonly progress?: ImportAdvance
  readonly report?: ImportCounts
  /** Why it failed. */
  readonly problems?: readonly unknown[]
}

export interface ImportAdvance {
  readonly phase: 'read' | 'write'
  readonly rows: number
  /** Entries. */
  readonly written: number
  /** Items: persons, or rows of anything else. */
  readonly done: number
  readonly accepted: number
  /** Bytes read, of all of the file. */
  readonly bytes: number
  readonly size: number
}

const KEY = /^[!-~]{1,64}$/
/** The header `idempotency-key`. */
export const KEY_SCHEMA = { type: 'string', pattern: KEY.source }
const ID_DIGITS = 32

/** Refuses `IDEMPOTENCY_KEY_WRONG`. */
export function importRequest(
  of: Omit<ImportRequest, 'id' | 'fingerprint'>,
  key: string,
  body: Uint8Array,
): Result<ImportRequest> {
  if (!KEY.test(key)) return failure(problem('IDEMPOTENCY_KEY_WRONG', 'idempotency-key'))
  const { principal, kind, mode, format } = of
  const id = sha256Hex(Buffer.from(`${principal}\n${key}`)).slice(0, ID_DIGITS)
  const head = Buffer.from(`${kind}\n${mode}\n${format}\n`)
  const fingerprint = sha256Hex(Buffer.concat([head, body])).slice(0, ID_DIGITS)
  return success({ id, principal, kind, mode, format, fingerprint })
}

/** A report as it is answered and kept: what is wrong where, without what the rows say; that is in the file of errors. */
export function countsOf(report: ImportReport): ImportCounts {
  const problems = report.problems.map(({ code, line, column, where }) => ({
    code,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    field: where,
  }))
  return { ...report, problems }
}

export function toldProblems(problems: readonly Problem[]): readonly unknown[] {
  return problems.map((found) => frameProblem(withoutFolder(found)))
}

/** Where the server keeps its files is nobody's business. */
export function withoutFolder(found: Problem): Problem {
  const { file, folder, ...rest } = found.details
  const named = typeof file === 'string' ? { file: basename(file) } : {}
  return { ...found, details: { ...rest, ...named, ...(folder !== undefined && { folder: '…' }) } }
}

/** What its sender is shown. */
export function shownImport(state: ImportState): Readonly<Record<string, unknown>> {
  const { id, kind, mode, format, status, progress, report, problems } = state
  return {
    id,
    kind,
    mode,
    format,
    status,
    ...(progress !== undefined && { progress }),
    ...(report !== undefined && { report }),
    ...(problems !== undefined && { problems }),
    hasErrors: (report?.problemCount ?? 0) > 0,
  }
}
