import { assert } from '../../assert.ts'
import type { TypedExpression, ExpectedResult } from '../cel/check.ts'
import { compileFlag, compileNumber, compileText, type ClosureContext } from '../cel/closures.ts'
import type { Reader } from '../cel/reader.ts'
import type { CompiledCondition, CompiledText } from '../compiled.ts'
import type { Expression } from '../pack.ts'
import { typedExpression, type PackScope } from './pack-scope.ts'

/** Stands where something could not be compiled; a pack with problems is never handed out, so it never runs. */
export function notCompiled(): never {
  assert(false, 'a pack with problems is not run')
}

/** Where an expression stands: once a line, or once for a layer. */
export type Place = 'line' | 'bill'

export function compileCondition(
  expression: Expression,
  scope: PackScope,
  place: Place,
): CompiledCondition {
  const typed = typedExpression(expression, scope, place === 'line', 'bool')
  if (typed === undefined) return notCompiled
  assert(typed.term.type === 'bool', 'a condition is of type bool')
  return compileFlag(typed.term, closureContext(typed, scope))
}

export function compileTextExpression(
  expression: Expression,
  scope: PackScope,
  place: Place,
): CompiledText {
  const typed = typedExpression(expression, scope, place === 'line', 'string')
  if (typed === undefined) return notCompiled
  assert(typed.term.type === 'string', 'a key is of type string')
  return compileText(typed.term, closureContext(typed, scope))
}

/** An expression of int or money type, as `result` says, outside lines. */
export function compileNumberExpression(
  expression: Expression,
  scope: PackScope,
  result: ExpectedResult,
): Reader<number> {
  const typed = typedExpression(expression, scope, false, result)
  if (typed === undefined) return notCompiled
  return numberReader(typed, scope)
}

export function numberReader(typed: TypedExpression, scope: PackScope): Reader<number> {
  const { term } = typed
  assert(term.type === 'int' || term.type === 'money', 'a number is an int or money')
  return compileNumber(term, closureContext(typed, scope))
}

export function closureContext(typed: TypedExpression, scope: PackScope): ClosureContext {
  return { lists: scope.lists, where: typed.where }
}
