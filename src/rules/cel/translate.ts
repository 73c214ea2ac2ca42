import type { ASTNode, BinaryOperator } from '@marcbachmann/cel-js'

import { translateCall, translateMethod } from './translate-call.ts'
import { resolveFact } from './resolve-fact.ts'
import { ExpressionRefused, unsupported } from './refusal.ts'
import type { FlagTerm, NumberTerm, NumberType, Relation, Term, TextTerm } from './term.ts'
import { asFlag, asNumber, constantNumber, typeMismatch, type Translation } from './translation.ts'

/** The parser's tree as a term of the pack language; throws `ExpressionRefused` at what packs may not say. */
export function translate(node: ASTNode, context: Translation): Term {
  switch (node.op) {
    case 'value':
      return translateLiteral(node)
    case 'id':
      if (node.args === context.element) return { type: 'string', op: 'element' }
      throw unsupported(node, node.args)
    case '.':
      return resolveFact(node, context)
    case 'call':
      return translateCall(node, node.args[0], node.args[1], context)
    case 'rcall':
      return translateMethod(node, node.args, context)
    case '?:':
      return translateChoice(node.args, context)
    case '!_':
      return { type: 'bool', op: 'not', of: asFlag(node.args, context) }
    case '-_':
      return translateNegation(node, node.args, context)
    case '&&':
    case '||':
      return {
        type: 'bool',
        op: node.op === '&&' ? 'and' : 'or',
        left: asFlag(node.args[0], context),
        right: asFlag(node.args[1], context),
      }
    case 'list':
    case 'map':
    case '.?':
    case '[]':
    case '[?]':
      throw unsupported(node, node.input.slice(node.start, node.end))
    case 'in':
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return translateBinary(node, node.op, node.args, context)
  }
}

function translateLiteral(node: ASTNode): Term {
  const value = node.args
  if (typeof value === 'boolean') return { type: 'bool', op: 'constant', value }
  if (typeof value === 'string') return { type: 'string', op: 'constant', value }
  if (typeof value === 'bigint') return integerLiteral(node, value)
  if (typeof value === 'number') throw new ExpressionRefused('EXPRESSION_DECIMAL', node)
  throw unsupported(node, node.input.slice(node.start, node.end))
}

function integerLiteral(node: ASTNode, value: bigint): NumberTerm {
  const whole = Number(value)
  if (!Number.isSafeInteger(whole)) {
    throw new ExpressionRefused('EXPRESSION_INTEGER_TOO_LARGE', node)
  }
  return constantNumber('int', whole)
}

function translateNegation(node: ASTNode, of: ASTNode, context: Translation): Term {
  const operand = asNumber(of, context)
  if (operand.type !== 'int') throw unsupported(node, `-${operand.type}`)
  if (operand.op === 'constant') return constantNumber('int', 0 - operand.value)
  return { type: 'int', op: '-', left: constantNumber('int', 0), right: operand }
}

function translateChoice(
  [test, first, second]: readonly [ASTNode, ASTNode, ASTNode],
  context: Translation,
): Term {
  const condition = asFlag(test, context)
  const whenTrue = context.translate(first, context)
  const whenFalse = context.translate(second, context)
  if (whenTrue.type === 'bool' && whenFalse.type === 'bool') {
    return { type: 'bool', op: 'choose', condition, whenTrue, whenFalse }
  }
  if (whenTrue.type === 'string' && whenFalse.type === 'string') {
    return { type: 'string', op: 'choose', condition, whenTrue, whenFalse }
  }
  if (isNumber(whenTrue) && isNumber(whenFalse) && whenTrue.type === whenFalse.type) {
    return { type: whenTrue.type, op: 'choose', condition, whenTrue, whenFalse }
  }
  if (whenTrue.type === whenFalse.type)
    throw unsupported(first, `? ${whenTrue.type} : ${whenTrue.type}`)
  throw typeMismatch(first, `${whenTrue.type} : ${whenFalse.type}`)
}

function translateBinary(
  node: ASTNode,
  op: BinaryOperator,
  operands: readonly [ASTNode, ASTNode],
  context: Translation,
): Term {
  switch (op) {
    case 'in':
      return translateMembership(operands, context)
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(node, op, ...both(operands, context))
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return combine(node, op, ...both(operands, context))
  }
}

function both(
  [left, right]: readonly [ASTNode, ASTNode],
  context: Translation,
): readonly [Term, Term] {
  return [context.translate(left, context), context.translate(right, context)]
}

function compare(node: ASTNode, relation: Relation, left: Term, right: Term): FlagTerm {
  if (isNumber(left) && isNumber(right) && left.type === right.type) {
    return { type: 'bool', op: 'compareNumbers', relation, left, right }
  }
  if (left.type === 'string' && right.type === 'string') {
    return { type: 'bool', op: 'compareTexts', relation, left, right }
  }
  if (left.type === 'bool' && right.type === 'bool') {
    if (relation !== '==' && relation !== '!=') throw unsupported(node, `bool ${relation} bool`)
    return { type: 'bool', op: 'compareFlags', relation, left, right }
  }
  if (left.type === right.type) throw unsupported(node, `${left.type} ${relation} ${right.type}`)
  throw typeMismatch(node, `${left.type} ${relation} ${right.type}`)
}

type Arithmetic = '+' | '-' | '*' | '/' | '%'

function combine(node: ASTNode, op: Arithmetic, left: Term, right: Term): NumberTerm | TextTerm {
  if (left.type === 'string' && right.type === 'string' && op === '+') {
    return { type: 'string', op: 'join', left, right }
  }
  if (isNumber(left) && isNumber(right)) {
    const type = arithmeticType(op, left.type, right.type)
    if (type !== undefined) return { type, op, left, right }
  }
  throw typeMismatch(node, `${left.type} ${op} ${right.type}`)
}

function arithmeticType(
  op: Arithmetic,
  left: NumberType,
  right: NumberType,
): NumberType | undefined {
  if (left === 'int' && right === 'int') return 'int'
  if (left === 'money' && right === 'money') return op === '+' || op === '-' ? 'money' : undefined
  const pair = left === 'money' ? right : right === 'money' ? left : undefined
  return pair === 'int' && op === '*' ? 'money' : undefined
}

/** `x in list`: a list fact, or a list of literals. */
function translateMembership(
  [itemNode, listNode]: readonly [ASTNode, ASTNode],
  context: Translation,
): FlagTerm {
  const item = context.translate(itemNode, context)
  if (listNode.op !== 'list') {
    const list = context.translate(listNode, context)
    if (item.type === 'string' && list.type === 'strings') {
      return { type: 'bool', op: 'inFact', item, list }
    }
    throw typeMismatch(listNode, `${item.type} in ${list.type}`)
  }
  const elements = listNode.args.map((element) => context.translate(element, context))
  const among = amongLiterals(item, elements)
  if (among !== undefined) return among
  const differing = elements.find((element) => element.type !== item.type)
  if (differing !== undefined) throw typeMismatch(listNode, `${item.type} in [${differing.type}]`)
  throw unsupported(listNode, listNode.input.slice(listNode.start, listNode.end))
}

/** Undefined unless there are elements and all of them are literals of the item's type. */
function amongLiterals(item: Term, elements: readonly Term[]): FlagTerm | undefined {
  if (elements.length === 0) return undefined
  if (item.type === 'string') {
    const values = elements.flatMap((each) =>
      each.type === 'string' && each.op === 'constant' ? [each.value] : [],
    )
    if (values.length === elements.length) return { type: 'bool', op: 'amongTexts', item, values }
  }
  if (isNumber(item)) {
    const values = elements.flatMap((each) =>
      each.type === item.type && each.op === 'constant' ? [each.value] : [],
    )
    if (values.length === elements.length) return { type: 'bool', op: 'amongNumbers', item, values }
  }
  return undefined
}

function isNumber(term: Term): term is NumberTerm {
  return term.type === 'int' || term.type === 'money' || term.type === 'date'
}
