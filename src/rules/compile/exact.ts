import { problem } from '../../errors/problem.ts'
import {
  addUnreduced,
  divideRational,
  maxRational,
  minRational,
  rational,
  type Rational,
} from '../../money/rational.ts'
import { nearestWord } from '../read/nearest.ts'
import { constantReader, type Reader } from '../cel/reader.ts'
import { ValueUndefined, type CompiledCounter } from '../compiled.ts'
import type { CounterDefinition, Expression, Value } from '../pack.ts'
import {
  compileNumberExpression,
  compileTextExpression,
  notCompiled,
  type Place,
} from './conditions.ts'
import type { PackScope } from './pack-scope.ts'
import { compileTable } from './tables.ts'
import { counterFits, expectedResult, noteWrongUnit, type Unit } from './units.ts'

type Formula = Extract<Value, { type: 'formula' }>

/** The value of what depends on no bill; undefined when it depends on one, or is not defined. */
export function constantOf(value: Value, scope: PackScope): Rational | undefined {
  switch (value.type) {
    case 'literal':
      return rational(BigInt(value.num), BigInt(value.den))
    case 'parameter': {
      const parameter = parameterValue(value.name, scope)
      return parameter === undefined ? undefined : constantOf(parameter, scope)
    }
    case 'formula': {
      const args = value.args.map((arg) => constantOf(arg, scope))
      const known = args.filter((arg) => arg !== undefined)
      return known.length === args.length ? applyFormula(value.op, known) : undefined
    }
    case 'fact':
    case 'counter':
    case 'table':
      return undefined
  }
}

function parameterValue(name: string, scope: PackScope): Value | undefined {
  return Object.hasOwn(scope.pack.parameters, name) ? scope.pack.parameters[name] : undefined
}

/** The value of a parameter; undefined after the problem was noted. */
export function knownParameter(name: string, scope: PackScope, where: string): Value | undefined {
  const value = parameterValue(name, scope)
  if (value !== undefined) return value
  const nearest = nearestWord(name, Object.keys(scope.pack.parameters))
  scope.problems.push(problem('VALUE_PARAMETER_UNKNOWN', where, { name, nearest }))
  return undefined
}

/** Exact result of a formula; undefined when it divides by zero. */
function applyFormula(op: Formula['op'], args: readonly Rational[]): Rational | undefined {
  const [first, ...rest] = args
  if (first === undefined) return undefined
  if (op !== 'divide') {
    const { num, den } = rest.reduce(OPERATIONS[op], first)
    return rational(num, den)
  }
  return rest.reduce<Rational | undefined>((quotient, divisor) => {
    const result = quotient === undefined ? undefined : divideRational(quotient, divisor)
    return result?.ok === true ? result.value : undefined
  }, first)
}

/** None reduces: that is done once, with the last. */
const OPERATIONS = {
  add: addUnreduced,
  subtract: (left: Rational, right: Rational) =>
    addUnreduced(left, { num: -right.num, den: right.den }),
  multiply: (left: Rational, right: Rational) => ({
    num: left.num * right.num,
    den: left.den * right.den,
  }),
  min: minRational,
  max: maxRational,
} as const

/** A value as an exact fraction (money in fen), not rounded: what formulas compute with. */
export function compileExact(
  value: Value,
  unit: Unit,
  scope: PackScope,
  where: string,
): Reader<Rational> {
  const constant = constantOf(value, scope)
  if (constant !== undefined) return constantReader(constant)
  switch (value.type) {
    case 'literal':
      return notCompiled
    case 'parameter': {
      const known = knownParameter(value.name, scope, where)
      if (known === undefined) return notCompiled
      const compile = () => compileExact(known, unit, scope, `parameters.${value.name}`)
      return compiledOnce(scope.exacts, `${unit}:${value.name}`, compile)
    }
    case 'fact':
      return widened(compileFact(value.expression, unit, scope))
    case 'counter':
      return widened(compileCounterValue(value.counter, unit, scope, where))
    case 'table':
      return compileTable(value.table, scope, (cell, at) => compileExact(cell, unit, scope, at))
    case 'formula':
      return compileFormula(value, unit, scope, where)
  }
}

function widened(read: Reader<number>): Reader<Rational> {
  return (frame) => ({ num: BigInt(read(frame)), den: 1n })
}

/** Compiles a parameter at its first use and hands out the same closure at every other. */
export function compiledOnce<T>(
  compiled: Map<string, Reader<T>>,
  key: string,
  compile: () => Reader<T>,
): Reader<T> {
  const known = compiled.get(key)
  if (known !== undefined) return known
  const reader = compile()
  compiled.set(key, reader)
  return reader
}

function compileFormula(
  formula: Formula,
  unit: Unit,
  scope: PackScope,
  where: string,
): Reader<Rational> {
  const { op } = formula
  const inner = op === 'multiply' || op === 'divide' ? 'factor' : unit
  const args = formula.args.map((arg, index) =>
    compileExact(arg, inner, scope, `${where}.${op}[${index}]`),
  )
  if (alwaysDividesByZero(formula, scope)) {
    scope.problems.push(problem('VALUE_DIVIDES_BY_ZERO', where))
    return notCompiled
  }
  return (frame) => {
    const result = applyFormula(
      op,
      args.map((arg) => arg(frame)),
    )
    if (result === undefined) throw new ValueUndefined(where, 'divisionByZero')
    return result
  }
}

function alwaysDividesByZero({ op, args }: Formula, scope: PackScope): boolean {
  return op === 'divide' && args.slice(1).some((arg) => constantOf(arg, scope)?.num === 0n)
}

/** A fact, or what a CEL expression computes from facts, in the unit of its place. */
export function compileFact(expression: Expression, unit: Unit, scope: PackScope): Reader<number> {
  const result = expectedResult(unit)
  if (result !== undefined) return compileNumberExpression(expression, scope, result)
  noteWrongUnit(scope, expression.where, unit, 'int | money')
  return notCompiled
}

/** What a declared counter holds before the benefit. */
export function compileCounterValue(
  name: string,
  unit: Unit,
  scope: PackScope,
  where: string,
): Reader<number> {
  const { counters } = scope.pack
  const definition = Object.hasOwn(counters, name) ? counters[name] : undefined
  if (definition === undefined) {
    const nearest = nearestWord(name, Object.keys(counters))
    scope.problems.push(problem('VALUE_COUNTER_UNKNOWN', where, { name, nearest }))
    return notCompiled
  }
  if (!counterFits(definition, unit)) {
    noteWrongUnit(scope, where, unit, definition.unit)
    return notCompiled
  }
  const counter = compileCounter(definition, scope, 'bill')
  return (frame) => frame.readCounter(counter, frame)
}

/**
 * The same text, stored with one byte a character where that is possible: what is cut out of a file with Chinese in it
 * keeps two, and every key made with it would too.
 */
function compactText(text: string): string {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0)
  return codes.some((code) => code > 0xff) ? text : String.fromCharCode(...codes)
}

/** `line`: the counter is kept by line, so its key may read `line.*`. */
export function compileCounter(
  definition: CounterDefinition,
  scope: PackScope,
  place: Place,
): CompiledCounter {
  const { key } = definition
  return {
    definition,
    head: compactText(`${definition.owner}:`),
    id: compactText(definition.id),
    key: key === undefined ? undefined : compileTextExpression(key, scope, place),
  }
}
