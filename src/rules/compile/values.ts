import { problem } from '../../errors/problem.ts'
import { formatRate, applyRatio, type Rate } from '../../money/rate.ts'
import { rational, roundToFen, multiplyRational, type Rational } from '../../money/rational.ts'
import { constantReader, type Reader } from '../cel/reader.ts'
import { ValueUndefined, type CompiledAmount, type CompiledRate } from '../compiled.ts'
import type { Value } from '../pack.ts'
import { notCompiled } from './conditions.ts'
import {
  compileCounterValue,
  compileExact,
  compileFact,
  compiledOnce,
  constantOf,
  knownParameter,
} from './exact.ts'
import type { PackScope } from './pack-scope.ts'
import { compileTable } from './tables.ts'
import { noteWrongUnit } from './units.ts'

type Formula = Extract<Value, { type: 'formula' }>

/** Amounts below this many fen are computed in plain numbers; the rest goes through exact fractions. */
const PLAIN_FEN_MAX = 2 ** 52

/**
 * A value as whole fen, or as a whole number of days, times or units: exact throughout, rounded once at the end,
 * half away from zero, and never below 0. The closure throws `ValueUndefined` where the value has none.
 */
export function compileAmount(
  value: Value,
  kind: 'money' | 'number',
  scope: PackScope,
  where: string,
): CompiledAmount {
  const constant = constantOf(value, scope)
  if (constant !== undefined) return constantAmount(constant, kind, scope, where)
  switch (value.type) {
    case 'literal':
      return notCompiled
    case 'parameter': {
      const known = knownParameter(value.name, scope, where)
      if (known === undefined) return notCompiled
      const compile = () => compileAmount(known, kind, scope, `parameters.${value.name}`)
      return compiledOnce(scope.amounts, `${kind}:${value.name}`, compile)
    }
    case 'fact':
      return notNegative(compileFact(value.expression, kind, scope))
    case 'counter':
      return notNegative(compileCounterValue(value.counter, kind, scope, where))
    case 'table':
      return compileTable(value.table, scope, (cell, at) => compileAmount(cell, kind, scope, at))
    case 'formula':
      return (
        compileScaled(value, scope, where) ??
        rounded(compileExact(value, kind, scope, where), where)
      )
  }
}

function constantAmount(
  value: Rational,
  kind: 'money' | 'number',
  scope: PackScope,
  where: string,
): CompiledAmount {
  if (kind === 'number' && value.den !== 1n) {
    const details = { value: `${value.num}/${value.den}` }
    scope.problems.push(problem('VALUE_NOT_WHOLE', where, details))
    return notCompiled
  }
  const amount = roundToFen(value)
  if (!amount.ok) {
    scope.problems.push(problem('VALUE_TOO_LARGE', where))
    return notCompiled
  }
  return constantReader(Math.max(0, amount.value))
}

function notNegative(read: Reader<number>): CompiledAmount {
  return (frame) => Math.max(0, read(frame))
}

function rounded(read: Reader<Rational>, where: string): CompiledAmount {
  return (frame) => roundedAmount(read(frame), where)
}

function roundedAmount(value: Rational, where: string): number {
  const amount = roundToFen(value)
  if (!amount.ok) throw new ValueUndefined(where, 'outOfRange')
  return Math.max(0, amount.value)
}

/** The common formula, a rate of one fact or counter, without fractions; undefined when it is another one. */
function compileScaled(
  { op, args }: Formula,
  scope: PackScope,
  where: string,
): CompiledAmount | undefined {
  if (op !== 'multiply') return undefined
  const variable = args.filter((arg) => constantOf(arg, scope) === undefined)
  const [only] = variable
  const read = variable.length === 1 && only !== undefined && wholeReader(only, scope, where)
  if (read === false || read === undefined) return undefined
  const factor = args
    .flatMap((arg) => constantOf(arg, scope) ?? [])
    .reduce(multiplyRational, rational(1n))
  const scale = safeRate(factor)
  if (scale === undefined) return undefined
  const { num, den } = scale
  return (frame) => {
    const whole = read(frame)
    if (Math.abs((whole / den) * num) < PLAIN_FEN_MAX)
      return Math.max(0, applyRatio(whole, num, den))
    return roundedAmount(multiplyRational(rational(BigInt(whole)), factor), where)
  }
}

function wholeReader(value: Value, scope: PackScope, where: string): Reader<number> | undefined {
  if (value.type === 'fact') return compileFact(value.expression, 'factor', scope)
  if (value.type === 'counter') return compileCounterValue(value.counter, 'factor', scope, where)
  return undefined
}

/** `share`: a rate of 0..1; `factor`: any rate that is not negative, for adjustments that multiply. */
export type RateRange = 'share' | 'factor'

/** A value as an exact rate; one outside its range throws `ValueUndefined` (`outOfRange`) when it is computed. */
export function compileRate(
  value: Value,
  range: RateRange,
  scope: PackScope,
  where: string,
): CompiledRate {
  const constant = constantOf(value, scope)
  if (constant !== undefined) return constantRate(constant, range, scope, where)
  switch (value.type) {
    case 'literal':
      return notCompiled
    case 'parameter': {
      const known = knownParameter(value.name, scope, where)
      if (known === undefined) return notCompiled
      const compile = () => compileRate(known, range, scope, `parameters.${value.name}`)
      return compiledOnce(scope.rates, `${range}:${value.name}`, compile)
    }
    case 'fact':
      noteWrongUnit(scope, value.expression.where, 'rate', 'int | money')
      return notCompiled
    case 'counter':
      noteWrongUnit(scope, where, 'rate', value.counter)
      return notCompiled
    case 'table':
      return compileTable(value.table, scope, (cell, at) => compileRate(cell, range, scope, at))
    case 'formula': {
      const read = compileExact(value, 'rate', scope, where)
      return (frame) => {
        const result = rateWithin(read(frame), range)
        if (result === undefined) throw new ValueUndefined(where, 'outOfRange')
        return result
      }
    }
  }
}

function constantRate(
  value: Rational,
  range: RateRange,
  scope: PackScope,
  where: string,
): CompiledRate {
  const result = rateWithin(value, range)
  if (result !== undefined) return constantReader(result)
  const details = { rate: rateText(value), range: range === 'share' ? '0–100%' : '≥ 0' }
  scope.problems.push(problem('VALUE_RATE_OUT_OF_RANGE', where, details))
  return notCompiled
}

function rateWithin(value: Rational, range: RateRange): Rate | undefined {
  if (value.num < 0n || (range === 'share' && value.num > value.den)) return undefined
  return safeRate(value)
}

function safeRate({ num, den }: Rational): Rate | undefined {
  const [safeNum, safeDen] = [Number(num), Number(den)]
  const safe = Number.isSafeInteger(safeNum) && Number.isSafeInteger(safeDen)
  return safe ? { num: safeNum, den: safeDen } : undefined
}

function rateText(value: Rational): string {
  const result = safeRate(value)
  return result === undefined ? `${value.num}/${value.den}` : formatRate(result)
}
