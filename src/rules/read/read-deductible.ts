import { CATEGORIES } from '../category.ts'
import { PACK_KINDS, SOCIAL_KINDS, type PackKind } from '../kind.ts'
import type { Deductible, DeductibleSource } from '../pack.ts'
import { readWord, readWords } from './read-basics.ts'
import { implicitCounter, readCounterUse } from './read-counter.ts'
import { readExpression, readValue } from './read-value.ts'
import type { Scope } from './scope.ts'
import { child, itemsOf, type SourceNode } from './source-node.ts'

/** `800.00`, short for `{ per: visit, amount: 800.00 }`, or the long form. */
export function readDeductible(
  node: SourceNode | undefined,
  benefitId: string,
  scope: Scope,
): Deductible | undefined {
  if (node === undefined) return undefined
  const wanted = { name: `${benefitId}.deductible`, unit: 'fen' } as const
  if (node.kind !== 'map') {
    return {
      amount: readValue(node, 'money', scope),
      counter: implicitCounter({ ...wanted, perDefault: { type: 'visit' } }, scope),
      taken: 'before',
      from: [],
      filledBy: [],
    }
  }
  return {
    amount: readValue(child(node, 'amount'), 'money', scope),
    counter: readCounterUse(node, wanted, scope),
    taken: readWord(child(node, 'taken'), ['before', 'afterRate']) ?? 'before',
    from: itemsOf(child(node, 'from')).flatMap((item) => readSource(item, scope)),
    filledBy: readFillers(child(node, 'filledBy')),
  }
}

function readSource(node: SourceNode, scope: Scope): readonly DeductibleSource[] {
  const category = readWord(node, CATEGORIES)
  if (category !== undefined) return [{ type: 'category', category }]
  const lines = child(node, 'lines')
  return lines === undefined ? [] : [{ type: 'lines', lines: readExpression(lines, scope) }]
}

/** `social` stands for every kind the national platform settles. */
function readFillers(node: SourceNode | undefined): readonly PackKind[] {
  const words = readWords(node, ['social', ...PACK_KINDS])
  return [...new Set(words.flatMap((word) => (word === 'social' ? SOCIAL_KINDS : [word])))]
}
