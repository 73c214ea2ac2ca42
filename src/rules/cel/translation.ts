import type { ASTNode } from '@marcbachmann/cel-js'

import { ExpressionRefused, unsupported, type Place } from './refusal.ts'
import type { FlagTerm, ListTerm, NumberTerm, NumberType, Term, TextTerm } from './term.ts'

/** What the translation of one expression knows; `translate` ties the parts of the translator together. */
export interface Translation {
  /** There is a current line, so `line.*` may be read. */
  readonly lines: boolean
  /** The pack runs for a policy, so `policy.*` may be read. */
  readonly policy: boolean
  /** Names that `inList` may use. */
  readonly lists: readonly string[]
  /** Variable of the surrounding `exists` or `all`. */
  readonly element?: string
  readonly translate: (node: ASTNode, context: Translation) => Term
}

export function typeMismatch(place: Place, why: string): ExpressionRefused {
  return new ExpressionRefused('EXPRESSION_TYPES_DIFFER', place, { why })
}

export function constantNumber(type: NumberType, value: number): NumberTerm {
  return { type, op: 'constant', value: value + 0 }
}

export function asFlag(node: ASTNode, context: Translation): FlagTerm {
  const term = context.translate(node, context)
  if (term.type === 'bool') return term
  throw typeMismatch(node, `bool ≠ ${term.type}`)
}

export function asNumber(node: ASTNode, context: Translation): NumberTerm {
  const term = context.translate(node, context)
  if (term.type === 'int' || term.type === 'money' || term.type === 'date') return term
  throw typeMismatch(node, `int ≠ ${term.type}`)
}

export function asText(node: ASTNode, context: Translation): TextTerm {
  const term = context.translate(node, context)
  if (term.type === 'string') return term
  throw typeMismatch(node, `string ≠ ${term.type}`)
}

export function asTextOrList(node: ASTNode, context: Translation): TextTerm | ListTerm {
  if (node.op === 'list') throw unsupported(node, node.input.slice(node.start, node.end))
  const term = context.translate(node, context)
  if (term.type === 'string' || term.type === 'strings') return term
  throw typeMismatch(node, `string ≠ ${term.type}`)
}

/** The text of a literal argument; anything computed is refused. */
export function literalText(node: ASTNode | undefined, of: ASTNode, name: string): string {
  if (node?.op === 'value' && typeof node.args === 'string') return node.args
  throw new ExpressionRefused('EXPRESSION_LITERAL_NEEDED', node ?? of, { function: name })
}
