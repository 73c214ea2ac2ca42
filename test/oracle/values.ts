import type { CodeList, Expression, Match, RulePack, Value } from '../../src/rules/pack.ts'
import { evaluate, Refused, type Facts } from './conditions.ts'
import { compare, exact, minus, over, plus, round, times, type Exact } from './exact.ts'

/** What a value of one pack is evaluated against. */
export interface ValueContext {
  readonly pack: RulePack
  readonly facts: Facts
  /** What a declared counter holds now, in its unit. */
  readonly counter: (name: string) => number
}

export function truth(condition: Expression | undefined, context: ValueContext): boolean {
  return condition === undefined || read(condition, context) === true
}

export function text(expression: Expression, context: ValueContext): string {
  return String(read(expression, context))
}

function read(expression: Expression, context: ValueContext): string | boolean | bigint {
  return evaluate(expression, context.facts, listsOf(context.pack))
}

function listsOf(pack: RulePack): readonly CodeList[] {
  return pack.lists
}

/** Fen: rounded once, half away from zero; below zero is zero. */
export function money(value: Value, context: ValueContext): number {
  return Math.max(0, round(number(value, context)))
}

/** A whole number of days or times. */
export function whole(value: Value, context: ValueContext): number {
  return Math.max(0, round(number(value, context)))
}

/** A rate; outside 0..1 the bill is refused. */
export function rate(value: Value, context: ValueContext): Exact {
  const result = factor(value, context)
  if (compare(result, exact(1)) > 0) throw new Refused('VALUE_UNDEFINED', context.pack.id)
  return result
}

/** What a rate is multiplied by: below zero the bill is refused. */
export function factor(value: Value, context: ValueContext): Exact {
  const result = number(value, context)
  if (compare(result, exact(0)) < 0) throw new Refused('VALUE_UNDEFINED', context.pack.id)
  return result
}

function number(value: Value, context: ValueContext): Exact {
  switch (value.type) {
    case 'literal':
      return exact(value.num, value.den)
    case 'parameter':
      return parameter(value.name, context)
    case 'fact':
      return exact(BigInt(read(value.expression, context)))
    case 'counter':
      return exact(context.counter(value.counter))
    case 'table':
      return number(matchingRow(value, context), context)
    case 'formula':
      return formula(
        value.op,
        value.args.map((arg) => number(arg, context)),
        context,
      )
  }
}

function parameter(name: string, context: ValueContext): Exact {
  const value = context.pack.parameters[name]
  if (value === undefined) throw new Error(`no parameter ${name}`)
  return number(value, context)
}

function matchingRow(value: Value & { type: 'table' }, context: ValueContext): Value {
  const keys = value.table.by.map((expression) => read(expression, context))
  const rows = value.table.rows.filter((row) =>
    row.matches.every((match, dimension) => matches(match, keys[dimension])),
  )
  if (rows.length > 1) throw new Error(`${value.table.where}: two rows match`)
  const found = rows[0]?.value ?? value.table.otherwise
  if (found === undefined) throw new Refused('VALUE_UNDEFINED', value.table.where)
  return found
}

function matches(match: Match, key: string | boolean | bigint | undefined): boolean {
  switch (match.type) {
    case 'any':
      return true
    case 'anyOf':
      return match.values.some((value) =>
        typeof value === 'number' ? BigInt(value) === key : value === key,
      )
    case 'range': {
      const number = BigInt(key ?? '')
      return (
        (match.from === undefined || number >= BigInt(match.from)) &&
        (match.to === undefined || number <= BigInt(match.to))
      )
    }
  }
}

function formula(op: string, args: readonly Exact[], context: ValueContext): Exact {
  const [first, ...rest] = args
  if (first === undefined) throw new Error('a formula has arguments')
  return rest.reduce((so, next) => apply(op, so, next, context), first)
}

function apply(op: string, a: Exact, b: Exact, context: ValueContext): Exact {
  switch (op) {
    case 'add':
      return plus(a, b)
    case 'subtract':
      return minus(a, b)
    case 'multiply':
      return times(a, b)
    case 'divide':
      if (b.num === 0n) throw new Refused('VALUE_UNDEFINED', `${context.pack.id}: divided by zero`)
      return over(a, b)
    case 'min':
      return compare(a, b) <= 0 ? a : b
    case 'max':
      return compare(a, b) >= 0 ? a : b
    default:
      throw new Error(`no formula ${op}`)
  }
}
