import { isObject } from './section.ts'

/** The lines of a bill document, under our name or the national one; none where they are no list. */
export function statedLines(document: Readonly<Record<string, unknown>>): readonly unknown[] {
  const lines = document['lines'] ?? document['feedetail']
  return Array.isArray(lines) ? (lines as readonly unknown[]) : []
}

/** The id of the line that stands at `index` of its bill: as it is stated, else its place, as the reader of bills gives it. */
export function lineIdAt(line: unknown, index: number): string {
  return statedId(line) ?? String(index + 1)
}

/** null and "" are not stated. */
function statedId(line: unknown): string | undefined {
  if (!isObject(line)) return undefined
  for (const key of ['id', 'feedetl_sn']) {
    const id = line[key]
    if (typeof id === 'number') return String(id)
    if (typeof id === 'string' && id !== '') return id
  }
  return undefined
}
