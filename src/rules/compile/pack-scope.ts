import type { Rational } from '../../money/rational.ts'
import type { Rate } from '../../money/rate.ts'
import type { Problem, Result } from '../../errors/problem.ts'
import { checkExpression, type ExpectedResult, type TypedExpression } from '../cel/check.ts'
import { compileLists, type ListTests } from '../cel/code-lists.ts'
import type { Reader } from '../cel/reader.ts'
import type { Expression, RulePack } from '../pack.ts'

/** What the compilation of one pack shares: its lists, its parameters once compiled, and what was found wrong. */
export interface PackScope {
  readonly pack: RulePack
  readonly lists: ListTests
  readonly listNames: readonly string[]
  /** Grows as the pack is compiled. */
  readonly problems: Problem[]
  /** Every expression compiled so far and whether it runs once a line; the static cost is summed over it. */
  readonly expressions: { readonly expression: TypedExpression; readonly lines: boolean }[]
  /** Parameters by `unit:name`, each compiled once however often it is used. */
  readonly amounts: Map<string, Reader<number>>
  readonly rates: Map<string, Reader<Rate>>
  readonly exacts: Map<string, Reader<Rational>>
}

export function packScope(pack: RulePack): PackScope {
  return {
    pack,
    lists: compileLists(pack.lists),
    listNames: pack.lists.map((list) => list.name),
    problems: [],
    expressions: [],
    amounts: new Map(),
    rates: new Map(),
    exacts: new Map(),
  }
}

/** The value of `result`, or undefined after its problems were noted. */
function accept<T>(scope: PackScope, result: Result<T>): T | undefined {
  if (result.ok) return result.value
  scope.problems.push(...result.problems)
  return undefined
}

/** Checks an expression in the light of the pack; undefined after its problem was noted. */
export function typedExpression(
  expression: Expression,
  scope: PackScope,
  lines: boolean,
  result: ExpectedResult,
): TypedExpression | undefined {
  const policy = scope.pack.requiresPolicy
  const checked = checkExpression(expression, { lines, policy, lists: scope.listNames, result })
  const typed = accept(scope, checked)
  if (typed !== undefined) scope.expressions.push({ expression: typed, lines })
  return typed
}
