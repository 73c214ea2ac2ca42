import { problem } from '../errors/problem.ts'
import { parseJsonLine } from './parse-json-line.ts'
import { REGISTRY_LIMITS } from './limits.ts'
import type { Place, RefusedRows, SourceBatch, SourceItem } from './source.ts'

/** The items of an NDJSON file: one object a line, empty lines left out. No chunk ends inside a character. */
export async function* jsonItems(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SourceBatch> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let begun = ''
  let line = 1
  for await (const chunk of chunks) {
    const lines = (begun + decoder.decode(chunk)).split('\n')
    begun = lines.pop() ?? ''
    const batch = batchOf(lines, line)
    yield batch
    if (batch.stopped !== undefined) return
    line += lines.length
    if (begun.length > REGISTRY_LIMITS.row) break
  }
  yield batchOf([begun], line)
}

function batchOf(lines: readonly string[], first: number): SourceBatch {
  const items: SourceItem[] = []
  const refused: RefusedRows[] = []
  for (const [index, text] of lines.entries()) {
    const line = first + index
    if (text.length > REGISTRY_LIMITS.row) {
      const details = { from: line, line, max: REGISTRY_LIMITS.row }
      const stopped = [{ ...problem('REGISTER_ROW_TOO_LONG', '', details), line }]
      return { items, refused, locate, stopped }
    }
    if (text.trim() === '') continue
    const read = parseJsonLine(text)
    if (read.ok) items.push({ tree: read.value, line, rows: 1 })
    else refused.push({ rows: 1, problems: read.problems.map((item) => ({ ...item, line })) })
  }
  return { items, refused, locate }
}

function locate({ line }: SourceItem, field: string): Place {
  return { line, field }
}
