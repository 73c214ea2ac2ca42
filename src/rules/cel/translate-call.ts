import type { ASTNode } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'

import { readEpochDay } from '../read/calendar.ts'
import { parseYuan } from '../../money/fen.ts'
import { nearestWord } from '../read/nearest.ts'
import { EXPRESSION_LIMITS } from './limits.ts'
import { ExpressionRefused, unsupported } from './refusal.ts'
import { factReference } from './resolve-fact.ts'
import type { FlagTerm, NumberTerm, Term } from './term.ts'
import {
  asFlag,
  asNumber,
  asText,
  asTextOrList,
  constantNumber,
  literalText,
  typeMismatch,
  type Translation,
} from './translation.ts'

/** Names of the functions that packs may call, for suggestions. */
const FUNCTIONS = ['yuan', 'date', 'daysBetween', 'year', 'inList', 'has', 'size', 'string']

/** `name(args…)`. */
export function translateCall(
  node: ASTNode,
  name: string,
  args: readonly ASTNode[],
  context: Translation,
): Term {
  const [first, second] = args
  if (first === undefined) throw unknownFunction(node, name)
  switch (name) {
    case 'yuan':
      return yuan(node, literalText(first, node, 'yuan'))
    case 'date':
      return date(node, literalText(first, node, 'date'))
    case 'has':
      if (first.op !== '.') throw unsupported(first, first.input.slice(first.start, first.end))
      return { type: 'bool', op: 'stated', fact: factReference(first, context) }
    case 'inList':
      return inList(asTextOrList(first, context), second, node, context)
    case 'size':
      return { type: 'int', op: 'size', of: asTextOrList(first, context) }
    case 'year':
      return { type: 'int', op: 'year', of: typedNumber(first, 'date', context) }
    case 'string':
      return { type: 'string', op: 'textOf', of: typedNumber(first, 'int', context) }
    case 'daysBetween':
      return {
        type: 'int',
        op: '-',
        left: typedNumber(second ?? first, 'date', context),
        right: typedNumber(first, 'date', context),
      }
    default:
      throw unknownFunction(node, name)
  }
}

function unknownFunction(node: ASTNode, name: string): ExpressionRefused {
  const nearest = nearestWord(name, FUNCTIONS)
  return new ExpressionRefused('EXPRESSION_NAME_UNKNOWN', node, { name, nearest })
}

function typedNumber(node: ASTNode, type: 'int' | 'date', context: Translation): NumberTerm {
  const term = asNumber(node, context)
  if (term.type === type) return term
  throw typeMismatch(node, `${type} ≠ ${term.type}`)
}

function yuan(node: ASTNode, text: string): NumberTerm {
  const amount = parseYuan(text)
  if (!amount.ok) throw malformed(node, 'yuan', text)
  return constantNumber('money', amount.value)
}

function date(node: ASTNode, text: string): NumberTerm {
  const day = readEpochDay(text)
  if (day === undefined) throw malformed(node, 'date', text)
  return constantNumber('date', day)
}

function malformed(node: ASTNode, name: string, text: string): ExpressionRefused {
  return new ExpressionRefused('EXPRESSION_LITERAL_MALFORMED', node, { function: name, text })
}

function inList(
  item: ReturnType<typeof asTextOrList>,
  nameNode: ASTNode | undefined,
  node: ASTNode,
  context: Translation,
): FlagTerm {
  const list = literalText(nameNode, node, 'inList')
  if (!context.lists.includes(list)) {
    const nearest = nearestWord(list, context.lists)
    throw new ExpressionRefused('EXPRESSION_LIST_UNKNOWN', nameNode ?? node, { list, nearest })
  }
  return { type: 'bool', op: 'inList', item, list }
}

/** `receiver.name(args…)`. */
export function translateMethod(
  node: ASTNode,
  [name, receiver, args]: readonly [string, ASTNode, readonly ASTNode[]],
  context: Translation,
): Term {
  const [first] = args
  switch (name) {
    case 'size':
      return { type: 'int', op: 'size', of: asTextOrList(receiver, context) }
    case 'startsWith':
    case 'endsWith':
    case 'contains':
      return {
        type: 'bool',
        op: name,
        text: asText(receiver, context),
        part: asText(first ?? receiver, context),
      }
    case 'matches':
      return matches(node, receiver, first, context)
    case 'exists':
    case 'all':
      return quantifier(node, name, receiver, args, context)
    case 'exists_one':
    case 'map':
    case 'filter':
      throw new ExpressionRefused('EXPRESSION_COMPREHENSION', node, { macro: name })
    default:
      throw unsupported(node, `${name}()`)
  }
}

function matches(
  node: ASTNode,
  receiver: ASTNode,
  patternNode: ASTNode | undefined,
  context: Translation,
): FlagTerm {
  const pattern = literalText(patternNode, node, 'matches')
  const why = patternTooLarge(pattern)
  if (why !== undefined)
    throw new ExpressionRefused('EXPRESSION_PATTERN', patternNode ?? node, { why })
  try {
    RE2JS.compile(pattern)
  } catch (error) {
    const why = error instanceof Error ? error.message : 'RE2'
    throw new ExpressionRefused('EXPRESSION_PATTERN', patternNode ?? node, { why })
  }
  return { type: 'bool', op: 'matches', text: asText(receiver, context), pattern }
}

/**
 * Matching is linear in the text but also in the pattern, and `{1,1000}` writes a pattern out a thousand times: seen
 * before it is compiled.
 */
function patternTooLarge(pattern: string): string | undefined {
  const { patternCharacters, patternRepeats } = EXPRESSION_LIMITS
  if (pattern.length > patternCharacters) return `more than ${patternCharacters} characters`
  const repeats = [...pattern.matchAll(/\{([0-9]*),?([0-9]*)\}/g)]
  const times = repeats.reduce((sum, [, from, to]) => sum + Math.max(Number(from), Number(to)), 0)
  return times > patternRepeats ? `{n} adds up to more than ${patternRepeats}` : undefined
}

function quantifier(
  node: ASTNode,
  op: 'exists' | 'all',
  receiver: ASTNode,
  args: readonly ASTNode[],
  context: Translation,
): FlagTerm {
  const [variable, predicate] = args
  const refused = new ExpressionRefused('EXPRESSION_COMPREHENSION', node, { macro: op })
  if (context.element !== undefined || receiver.op !== '.') throw refused
  const list = context.translate(receiver, context)
  if (list.type !== 'strings' || variable?.op !== 'id' || predicate === undefined) throw refused
  const inside = { ...context, element: variable.args }
  return { type: 'bool', op, list, predicate: asFlag(predicate, inside) }
}
