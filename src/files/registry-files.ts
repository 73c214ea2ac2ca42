import { isUtf8 } from 'node:buffer'
import { open, type FileHandle } from 'node:fs/promises'
import { readCsvParts } from '../csv.ts'
import { failure, problem, success, type Problem, type Result } from '../errors/problem.ts'
import { csvItems } from '../registry/csv-items.ts'
import type { RegistryKind } from '../registry/entries.ts'
import { jsonItems } from '../registry/json-items.ts'
import { REGISTRY_LIMITS } from '../registry/limits.ts'
import type { SourceBatch } from '../registry/source.ts'
import { XlsxRefused } from './xlsx/xlsx-refused.ts'
import { xlsxRows } from './xlsx/xlsx-rows.ts'

/** A file of the register, opened; to be read once. */
export interface RegistryFile {
  /** Bytes; 0 where the file does not say, as a pipe. */
  readonly size: number
  /** Bytes read so far. */
  readonly position: () => number
  /** Its items in order; one chunk of the file is held at a time. */
  readonly entries: AsyncIterable<SourceBatch>
  readonly close: () => Promise<void>
}

const CHUNK = 64 * 1024

type Format = 'csv' | 'json' | 'xlsx'

const FORMATS: Readonly<Record<string, Format>> = {
  csv: 'csv',
  ndjson: 'json',
  jsonl: 'json',
  xlsx: 'xlsx',
}

/**
 * Opens a `.csv`, `.ndjson`, `.jsonl` or `.xlsx` file. Refuses `REGISTER_FILE_FORMAT` for another name, `REGISTER_FILE_UNREADABLE`;
 * while it is read, as the last batch, `REGISTER_FILE_UNREADABLE`, `REGISTER_NOT_UTF8` and what a workbook is refused with.
 */
export async function openRegistryFile(
  path: string,
  kind: RegistryKind,
): Promise<Result<RegistryFile>> {
  const format = FORMATS[/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '']
  if (format === undefined) return failure(problem('REGISTER_FILE_FORMAT', '', { file: path }))
  try {
    const handle = await open(path, 'r')
    const stat = await handle.stat()
    if (stat.isDirectory()) {
      await handle.close()
      return failure(problem('REGISTER_FILE_UNREADABLE', '', { file: path, why: 'EISDIR' }))
    }
    const chunks = new Chunks(handle)
    return success({
      size: stat.isFile() ? stat.size : 0,
      position: () => chunks.position,
      close: () => handle.close(),
      entries: batches(path, () => itemsOf(format, path, kind, chunks)),
    })
  } catch (error) {
    return failure(unreadable(path, error))
  }
}

function itemsOf(
  format: Format,
  path: string,
  kind: RegistryKind,
  chunks: Chunks,
): AsyncIterable<SourceBatch> {
  switch (format) {
    case 'csv':
      return csvItems(kind, readCsvParts(chunks.read(), REGISTRY_LIMITS.row))
    case 'json':
      return jsonItems(chunks.read())
    case 'xlsx':
      // It is packed: where in the file its rows come from says nothing of how many are left.
      return csvItems(kind, xlsxRows(path))
  }
}

/** The text of a file in chunks that end between characters. */
class Chunks {
  position = 0
  private readonly handle: FileHandle

  constructor(handle: FileHandle) {
    this.handle = handle
  }

  async *read(): AsyncGenerator<Uint8Array> {
    let begun: Uint8Array = new Uint8Array()
    for (;;) {
      // A new one each time: what was handed over may still be in use.
      const buffer = Buffer.allocUnsafe(CHUNK)
      buffer.set(begun)
      const { bytesRead } = await this.handle.read(buffer, begun.length, CHUNK - begun.length)
      const end = begun.length + bytesRead
      const whole = bytesRead === 0 ? end : characterEnd(buffer, end)
      const chunk = buffer.subarray(0, whole)
      if (!isUtf8(chunk)) throw new NotUtf8(this.position)
      this.position += bytesRead
      if (whole > 0) yield chunk
      if (bytesRead === 0) return
      begun = buffer.subarray(whole, end)
    }
  }
}

/** Where the last whole character ends, at most three bytes before `end`. */
function characterEnd(bytes: Uint8Array, end: number): number {
  for (let start = end - 1; start >= Math.max(0, end - 3); start -= 1) {
    const byte = bytes[start] ?? 0
    if (byte < 0x80) return end
    if (byte < 0xc0) continue
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
    return start + length > end ? start : end
  }
  return end
}

class NotUtf8 extends Error {
  readonly position: number

  constructor(position: number) {
    super('not UTF-8')
    this.position = position
  }
}

async function* batches(
  file: string,
  items: () => AsyncIterable<SourceBatch>,
): AsyncGenerator<SourceBatch> {
  try {
    yield* items()
  } catch (error) {
    const found = stoppedBy(file, error)
    yield {
      items: [],
      refused: [],
      stopped: [found],
      locate: ({ line }, field) => ({ line, field }),
    }
  }
}

function stoppedBy(file: string, error: unknown): Problem {
  if (error instanceof XlsxRefused) return error.problem(file)
  if (!(error instanceof NotUtf8)) return unreadable(file, error)
  return problem('REGISTER_NOT_UTF8', '', { file, position: error.position })
}

function unreadable(file: string, error: unknown): Problem {
  const isSystem = error instanceof Error && 'code' in error && 'syscall' in error
  if (!isSystem) throw error
  return problem('REGISTER_FILE_UNREADABLE', '', { file, why: String(error.code) })
}
