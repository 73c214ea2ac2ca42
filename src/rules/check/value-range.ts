import {
  addRational,
  compareRational,
  divideRational,
  maxRational,
  minRational,
  multiplyRational,
  rational,
  subtractRational,
  type Rational,
} from '../../money/rational.ts'
import type { DecisionTable, Match, RulePack, Value } from '../pack.ts'
import type { Assigned, Assignment } from './assignment.ts'

/** Least and greatest a value can be, exact, money in fen; an end that is absent is open. */
export interface ValueRange {
  readonly low?: Rational
  readonly high?: Rational
}

const ZERO = rational(0n)
const ANYTHING: ValueRange = {}

/** What a value can be under an assignment of the facts that its tables ask for; other facts and counters are 0 or more. */
export function valueRange(value: Value, pack: RulePack, given: Assignment): ValueRange {
  switch (value.type) {
    case 'literal': {
      const exact = rational(BigInt(value.num), BigInt(value.den))
      return { low: exact, high: exact }
    }
    case 'parameter': {
      const parameter = pack.parameters[value.name]
      return parameter === undefined ? ANYTHING : valueRange(parameter, pack, given)
    }
    case 'fact':
      return ANYTHING
    case 'counter':
      return { low: ZERO }
    case 'table':
      return union(cellsOf(value.table, given).map((cell) => valueRange(cell, pack, given)))
    case 'formula':
      return value.args
        .map((arg) => valueRange(arg, pack, given))
        .reduce((left, right) => combined(value.op, left, right))
  }
}

/** Cells of the table that can be taken: one when all that it asks for is assigned. */
function cellsOf(table: DecisionTable, given: Assignment): readonly Value[] {
  const asked = table.by.map(({ source }) => given.get(source.trim()))
  const rows = table.rows.filter(({ matches }) =>
    matches.every((match, index) => mayMatch(match, asked[index])),
  )
  const decided = asked.every((value) => value !== undefined)
  const cells = rows.map(({ value }) => value)
  const open = !decided || cells.length === 0
  return open && table.otherwise !== undefined ? [...cells, table.otherwise] : cells
}

function mayMatch(match: Match, value: Assigned | undefined): boolean {
  if (value === undefined) return true
  switch (match.type) {
    case 'any':
      return true
    case 'anyOf':
      return match.values.some((one) => String(one) === String(value))
    case 'range':
      return (
        typeof value === 'number' &&
        value >= (match.from ?? -Infinity) &&
        value <= (match.to ?? Infinity)
      )
  }
}

function union(ranges: readonly ValueRange[]): ValueRange {
  const [first, ...rest] = ranges
  if (first === undefined) return ANYTHING
  return rest.reduce<ValueRange>(
    (all, one) => ends(both(all.low, one.low, minRational), both(all.high, one.high, maxRational)),
    first,
  )
}

function combined(
  op: Extract<Value, { type: 'formula' }>['op'],
  left: ValueRange,
  right: ValueRange,
): ValueRange {
  switch (op) {
    case 'add':
      return ends(both(left.low, right.low, addRational), both(left.high, right.high, addRational))
    case 'subtract':
      return ends(
        both(left.low, right.high, subtractRational),
        both(left.high, right.low, subtractRational),
      )
    case 'min':
      return ends(
        both(left.low, right.low, minRational),
        eitherEnd(left.high, right.high, minRational),
      )
    case 'max':
      return ends(
        eitherEnd(left.low, right.low, maxRational),
        both(left.high, right.high, maxRational),
      )
    case 'multiply':
      if (isNegative(left) || isNegative(right)) return ANYTHING
      return ends(
        both(left.low, right.low, multiplyRational),
        both(left.high, right.high, multiplyRational),
      )
    case 'divide':
      if (isNegative(left) || isNegative(right)) return ANYTHING
      return ends(both(left.low, right.high, quotient), both(left.high, right.low, quotient))
  }
}

function isNegative({ low }: ValueRange): boolean {
  return low === undefined || compareRational(low, ZERO) < 0
}

function quotient(left: Rational, right: Rational): Rational | undefined {
  const divided = divideRational(left, right)
  return divided.ok ? divided.value : undefined
}

function both(
  left: Rational | undefined,
  right: Rational | undefined,
  join: (left: Rational, right: Rational) => Rational | undefined,
): Rational | undefined {
  return left === undefined || right === undefined ? undefined : join(left, right)
}

function eitherEnd(
  left: Rational | undefined,
  right: Rational | undefined,
  join: (left: Rational, right: Rational) => Rational,
): Rational | undefined {
  return left === undefined || right === undefined ? (left ?? right) : join(left, right)
}

function ends(low: Rational | undefined, high: Rational | undefined): ValueRange {
  return { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) }
}

/** Whether every value of `left` is at least every value of `right`. */
export function alwaysAtLeast(left: ValueRange, right: ValueRange): boolean {
  if (left.low === undefined || right.high === undefined) return false
  return compareRational(left.low, right.high) >= 0
}

export function isAlwaysZero({ high }: ValueRange): boolean {
  return high !== undefined && compareRational(high, ZERO) <= 0
}
