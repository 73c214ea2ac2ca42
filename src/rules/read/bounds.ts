import { PACK_LIMITS } from '../limits.ts'
import type { Findings } from './findings.ts'
import { entriesOf, itemsOf, type SourceNode } from './source-node.ts'

/** Lists with a limit of their own, which may be far longer: codes, rows of a table. */
const LONG: readonly string[] = ['items', 'rows']

/**
 * Reports every list and map of a document with more entries than any pack needs, before the structure check and the
 * readers, whose work grows with them; true when there was one.
 */
export function refuseOversized(tree: SourceNode, findings: Findings): boolean {
  const before = findings.count
  refuseAbove(tree, PACK_LIMITS.entriesMax, findings)
  for (const { key, value } of entriesOf(tree)) {
    const max = key === 'benefits' ? PACK_LIMITS.benefitsMax : PACK_LIMITS.entriesMax
    refuseAbove(value, max, findings)
    // The bill of a case has the limits of bills.
    if (key !== 'cases') for (const inner of insideOf(value)) refuseInside(inner, '', findings)
  }
  return findings.count > before
}

function refuseInside(node: SourceNode, key: string, findings: Findings): void {
  if (node.kind === 'scalar') return
  if (node.kind === 'list' && !LONG.includes(key)) {
    refuseAbove(node, PACK_LIMITS.itemsMax, findings)
  }
  if (node.kind === 'list' && key === 'items') return
  if (node.kind === 'list') for (const item of node.items) refuseInside(item, '', findings)
  else for (const { key: own, value } of node.entries.values()) refuseInside(value, own, findings)
}

function refuseAbove(node: SourceNode, countMax: number, findings: Findings): void {
  if (node.kind === 'scalar') return
  const count = node.kind === 'list' ? node.items.length : node.entries.size
  if (count > countMax) findings.at(node, 'PACK_TOO_MANY', { count, countMax })
}

function insideOf(node: SourceNode): readonly SourceNode[] {
  return [...entriesOf(node).map(({ value }) => value), ...itemsOf(node)]
}
