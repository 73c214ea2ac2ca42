import { CATEGORIES, type Category } from '../category.ts'
import type { BaseItem, FirstShare, FloorGuarantee } from '../pack.ts'
import { present, readOptionalText, readWord } from './read-basics.ts'
import { readOptionalExpression, readValue } from './read-value.ts'
import type { Scope } from './scope.ts'
import { child, itemsOf, type SourceNode } from './source-node.ts'

/** `[inScope, preSelfPay: 50%, { category: ownPay, weight: 50%, lines: … }]`. */
export function readBase(node: SourceNode | undefined, scope: Scope): readonly BaseItem[] {
  const items = itemsOf(node).flatMap((item) =>
    readBaseItem(item, scope).map((read) => [read, item] as const),
  )
  const whole = new Set<Category>()
  for (const [{ category, lines }, item] of items) {
    if (whole.has(category)) scope.findings.at(item, 'PACK_BASE_REPEATED', { category })
    if (lines === undefined) whole.add(category)
  }
  return items.map(([read]) => read)
}

function readBaseItem(node: SourceNode, scope: Scope): readonly BaseItem[] {
  const word = readWord(node, CATEGORIES)
  if (word !== undefined) return [{ category: word }]
  const weighted = CATEGORIES.filter((category) => child(node, category) !== undefined)
  const categoryNode = child(node, 'category')
  if (categoryNode === undefined) {
    return weighted.map((category) => ({
      category,
      weight: readValue(child(node, category), 'rate', scope),
    }))
  }
  if (weighted.length > 0) {
    scope.findings.at(node, 'PACK_EITHER_OR', { keys: ['category', ...weighted].join(', ') })
  }
  const category = readWord(categoryNode, CATEGORIES)
  if (category === undefined) return []
  const weight = child(node, 'weight')
  return [
    {
      category,
      ...present('weight', weight && readValue(weight, 'rate', scope)),
      ...present('lines', readOptionalExpression(child(node, 'lines'), scope)),
    },
  ]
}

/** One share for everybody, or a list of shares with conditions. */
export function readFirstShares(node: SourceNode | undefined, scope: Scope): readonly FirstShare[] {
  if (node === undefined) return []
  if (node.kind !== 'list') return [{ rate: readValue(node, 'rate', scope) }]
  return node.items.map((item) => ({
    ...present('when', readOptionalExpression(child(item, 'when'), scope)),
    rate: readValue(child(item, 'rate'), 'rate', scope),
    ...present('clause', readOptionalText(child(item, 'clause'))),
  }))
}

/** Categories whose whole cost a floor guarantee is measured on when it names none. */
const FLOOR_BASE: readonly BaseItem[] = [
  { category: 'inScope' },
  { category: 'preSelfPay' },
  { category: 'overLimit' },
  { category: 'ownPay' },
]

export function readFloor(node: SourceNode | undefined, scope: Scope): FloorGuarantee | undefined {
  if (node === undefined) return undefined
  const base = child(node, 'base')
  return {
    rate: readValue(child(node, 'rate'), 'rate', scope),
    base: base === undefined ? FLOOR_BASE : readBase(base, scope),
    ...present('clause', readOptionalText(child(node, 'clause'))),
  }
}
