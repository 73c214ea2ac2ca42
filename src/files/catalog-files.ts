import { closeSync, fstatSync, openSync, readSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Catalog } from '../catalog/catalog.ts'
import { compileCatalog } from '../catalog/compile.ts'
import type { CatalogRow } from '../catalog/entry.ts'
import { parseCatalogManifest } from '../catalog/manifest.ts'
import { openCatalog } from '../catalog/open.ts'
import { parseCatalogCsv } from '../catalog/parse-csv.ts'
import { parseCatalogJson } from '../catalog/parse-json.ts'
import { parseCatalogRows, type RowDefaults } from '../catalog/parse-rows.ts'
import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import { decodeUtf8, readBounded } from './read-bounded.ts'

/** A compiled catalogue: the block to hand to other threads and a reader over it. */
export interface LoadedCatalog {
  readonly buffer: SharedArrayBuffer
  readonly catalog: Catalog
}

/**
 * The catalogue of one or several manifests (`catalog.json`), compiled. Every problem names its file; nothing is
 * loaded if any row of any file is wrong.
 */
export function loadCatalogManifests(manifestPaths: readonly string[]): Result<LoadedCatalog> {
  const rows: CatalogRow[] = []
  const problems: Problem[] = []
  for (const path of manifestPaths) {
    const read = readManifestRows(path)
    if (read.ok) for (const row of read.value) rows.push(row)
    else problems.push(...read.problems)
  }
  if (problems.length > 0) return failureOf(problems)
  const compiled = compileCatalog(rows)
  return compiled.ok ? opened(compiled.value) : compiled
}

/** The entries of all files of one manifest, not yet compiled. */
function readManifestRows(manifestPath: string): Result<CatalogRow[]> {
  const text = readText(manifestPath)
  if (!text.ok) return text
  const manifest = parseCatalogManifest(text.value)
  if (!manifest.ok) return inFile(manifest, manifestPath)
  const rows: CatalogRow[] = []
  const problems: Problem[] = []
  for (const file of manifest.value.files) {
    const read = readCatalogRows(join(dirname(manifestPath), file), manifest.value.defaults)
    if (read.ok) for (const row of read.value) rows.push(row)
    else problems.push(...read.problems)
  }
  return problems.length === 0 ? success(rows) : failureOf(problems)
}

/** The entries of one CSV or JSON file, by its ending. */
function readCatalogRows(path: string, defaults: RowDefaults): Result<CatalogRow[]> {
  const text = readText(path)
  if (!text.ok) return text
  const table = path.endsWith('.json') ? parseCatalogJson(text.value) : parseCatalogCsv(text.value)
  if (!table.ok) return inFile(table, path)
  return inFile(parseCatalogRows(table.value, defaults), path)
}

/** Saves a compiled catalogue; a reader of `path` sees the old file or the new one, never half of it. */
export function saveCompiledCatalog(path: string, buffer: SharedArrayBuffer): Result<undefined> {
  const partial = `${path}.partial`
  try {
    writeFileSync(partial, new Uint8Array(buffer))
    renameSync(partial, path)
    return success(undefined)
  } catch (error) {
    return failure(unreadable(path, error))
  }
}

/** Opens a compiled catalogue saved by `saveCompiledCatalog`; refuses as `openCatalog` does. */
export function loadCompiledCatalog(path: string): Result<LoadedCatalog> {
  const buffer = readShared(path)
  return buffer.ok ? inFile(opened(buffer.value), path) : buffer
}

function opened(buffer: SharedArrayBuffer): Result<LoadedCatalog> {
  const catalog = openCatalog(buffer)
  return catalog.ok ? success({ buffer, catalog: catalog.value }) : catalog
}

/** Straight into shared memory: the file is held once, not twice. */
function readShared(path: string): Result<SharedArrayBuffer> {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = new Uint8Array(new SharedArrayBuffer(fstatSync(file).size))
      let filled = 0
      for (let read = 1; read > 0 && filled < bytes.length; filled += read) {
        read = readSync(file, bytes, filled, bytes.length - filled, filled)
      }
      return success(bytes.buffer)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    return failure(unreadable(path, error))
  }
}

/** Some ten times the national catalogue with all its codes. */
const BYTES_MAX = 256 * 1024 * 1024

function readText(path: string): Result<string> {
  try {
    const read = readBounded(path, BYTES_MAX)
    if ('size' in read) return failure(unreadable(path, `${read.size} > ${BYTES_MAX} bytes`))
    const text = decodeUtf8(read.bytes)
    return text === undefined ? failure(unreadable(path, 'UTF-8')) : success(text)
  } catch (error) {
    return failure(unreadable(path, error))
  }
}

function unreadable(file: string, error: unknown): Problem {
  const why = error instanceof Error ? error.message : String(error)
  return { ...problem('CATALOG_FILE_UNREADABLE', '', { file, why }), file }
}

function inFile<T>(result: Result<T>, file: string): Result<T> {
  return result.ok ? result : failureOf(result.problems.map((item) => ({ ...item, file })))
}
