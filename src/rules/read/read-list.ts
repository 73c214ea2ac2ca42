import type { ErrorCode } from '../../errors/codes.ts'
import { PACK_LIMITS } from '../limits.ts'
import type { CodeList } from '../pack.ts'
import { readCsvColumn, readLines } from './csv-column.ts'
import type { Findings } from './findings.ts'
import { readText, readWord } from './read-basics.ts'
import { child, entriesOf, itemsOf, scalarText, type SourceNode } from './source-node.ts'

/** Text of a list file by its path beside the pack, or why it is not read; undefined when there is none. */
export type ListReader = (path: string) => string | ListRefusal | undefined

export type ListRefusal =
  { readonly refused: 'outside' } | { readonly refused: 'tooLarge'; readonly bytes: number }

/** The lists of a pack in the order of their names, each item once and in the order given. */
export function readLists(
  node: SourceNode | undefined,
  readFile: ListReader,
  findings: Findings,
): readonly CodeList[] {
  const entries = entriesOf(node).toSorted((left, right) => (left.key < right.key ? -1 : 1))
  return entries.map(({ key, value }) => {
    const items = readItems(value, readFile, findings)
    const count = items.length
    const countMax = PACK_LIMITS.listItemsMax
    if (count > countMax) findings.at(value, 'PACK_TOO_MANY', { count, countMax })
    return {
      name: key,
      match: readWord(child(value, 'match'), ['exact', 'prefix']) ?? 'exact',
      items,
    }
  })
}

function readItems(node: SourceNode, readFile: ListReader, findings: Findings): readonly string[] {
  const [items, file] = [child(node, 'items'), child(node, 'file')]
  if ((items === undefined) === (file === undefined)) {
    findings.at(node, 'PACK_EITHER_OR', { keys: 'items, file' })
    return []
  }
  if (file !== undefined) return readFileItems(node, file, readFile, findings)
  const column = child(node, 'column')
  if (column !== undefined) findings.at(column, 'PACK_COLUMN_WITHOUT_FILE')
  return [...new Set(itemsOf(items).flatMap((item) => scalarText(item)?.trim() ?? []))]
}

/** A path that stays below the pack's own folder. */
const INSIDE = /^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\\:]+$/

function readFileItems(
  node: SourceNode,
  fileNode: SourceNode,
  readFile: ListReader,
  findings: Findings,
): readonly string[] {
  const file = readText(fileNode)
  if (!INSIDE.test(file)) {
    findings.at(fileNode, 'PACK_LIST_PATH', { file })
    return []
  }
  const text = readFile(file)
  if (typeof text !== 'string') {
    findings.at(fileNode, ...listRefusal(file, text))
    return []
  }
  const columnNode = child(node, 'column')
  const items =
    columnNode === undefined ? readLines(text) : columnItems(text, file, columnNode, findings)
  if (items?.length === 0) findings.at(fileNode, 'PACK_LIST_FILE_EMPTY', { file })
  return items ?? []
}

function listRefusal(
  file: string,
  found: ListRefusal | undefined,
): readonly [ErrorCode, Readonly<Record<string, string | number>>] {
  if (found === undefined) return ['PACK_LIST_FILE_MISSING', { file }]
  if (found.refused === 'outside') return ['PACK_LIST_PATH', { file }]
  return ['PACK_TOO_LARGE', { bytes: found.bytes, bytesMax: PACK_LIMITS.listBytesMax }]
}

function columnItems(
  text: string,
  file: string,
  columnNode: SourceNode,
  findings: Findings,
): readonly string[] | undefined {
  const column = readText(columnNode)
  const reading = readCsvColumn(text, column)
  switch (reading.outcome) {
    case 'read':
      return reading.items
    case 'malformed':
      findings.at(columnNode, 'PACK_LIST_FILE_MALFORMED', { file })
      return undefined
    case 'columnMissing': {
      const known = reading.columns.slice(0, 40).join(', ')
      const nearest = findings.nearest(column, reading.columns)
      findings.at(columnNode, 'PACK_LIST_COLUMN_MISSING', { file, column, nearest, known })
      return undefined
    }
  }
}
