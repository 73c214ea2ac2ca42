import { CATEGORY_COUNT } from '../category.ts'
import { EXPRESSION_LIMITS } from '../cel/limits.ts'
import type { Term } from '../cel/term.ts'
import type { RulePack } from '../pack.ts'
import { compileInto } from './compile-pack.ts'
import { packScope } from './pack-scope.ts'

/** What a benefit does to one cell of a line beside its conditions, in nodes: select, weigh, spread, relabel. */
const NODES_PER_CELL = 8

/**
 * What a pack may at most cost on a bill of `lines` lines, in nodes visited: expressions over lines count once a line,
 * the others once. An estimate from the pack alone; a pack with problems costs what could be compiled of it.
 */
export function packCost(pack: RulePack, lines: number): number {
  const scope = packScope(pack)
  compileInto(scope)
  const perCell = pack.benefits.length * CATEGORY_COUNT * NODES_PER_CELL
  return scope.expressions.reduce(
    (cost, { expression, lines: perLine }) =>
      cost + termCost(expression.term) * (perLine ? lines : 1),
    perCell * lines,
  )
}

/** Nodes that one evaluation visits at most. */
function termCost(term: Term): number {
  const own = term.op === 'matches' ? EXPRESSION_LIMITS.costPattern : 1
  const inner = Object.values(term).reduce<number>(
    (cost, part: unknown) => cost + (isTerm(part) ? termCost(part) : 0),
    own,
  )
  const repeated = term.op === 'exists' || term.op === 'all'
  return repeated ? inner * EXPRESSION_LIMITS.costListElements : inner
}

function isTerm(part: unknown): part is Term {
  return typeof part === 'object' && part !== null && 'op' in part
}
