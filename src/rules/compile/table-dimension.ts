import { assert } from '../../assert.ts'
import { FACTS, type FactTrait } from '../facts.ts'
import type { TypedExpression } from '../cel/check.ts'
import type { Match } from '../pack.ts'
import { numberClassifier } from './number-classes.ts'

type Key = string | number | boolean

/**
 * One dimension of a decision table, cut into classes of values that no row tells apart. A row then takes a set of
 * classes, and a table becomes a grid.
 */
export interface Dimension {
  readonly expression: TypedExpression
  readonly classCount: number
  /** Class of a value, 0 ≤ class < classCount; the value is of the dimension's type. */
  readonly classOfText: (value: string) => number
  readonly classOfNumber: (value: number) => number
  /** Classes that one row's match takes. */
  readonly classesOf: (match: Match) => readonly number[]
  /** A value of each class that can occur, by class; undefined: no bill has such a value. */
  readonly samples: readonly (Key | undefined)[]
}

/** `matches` are all the rows' matches of this dimension, already of its type. */
export function tableDimension(expression: TypedExpression, matches: readonly Match[]): Dimension {
  switch (expression.type) {
    case 'bool':
      return flagDimension(expression)
    case 'int':
    case 'money':
      return numberDimension(expression, matches)
    case 'string':
      return textDimension(expression, matches)
    case 'date':
    case 'strings':
      return textDimension(expression, [])
  }
}

const noText = (): number => notThisType()
const noNumber = (): number => notThisType()

function notThisType(): never {
  assert(false, 'a table reads each dimension by its own type')
}

function flagDimension(expression: TypedExpression): Dimension {
  return {
    expression,
    classCount: 2,
    classOfText: noText,
    classOfNumber: noNumber,
    classesOf: (match) =>
      match.type === 'anyOf' ? match.values.map((value) => (value === true ? 1 : 0)) : [0, 1],
    samples: [false, true],
  }
}

/** Class 0 is every text that no row names. */
function textDimension(expression: TypedExpression, matches: readonly Match[]): Dimension {
  const named = new Map<string, number>()
  for (const match of matches) {
    const values = match.type === 'anyOf' ? match.values : []
    for (const value of values)
      if (!named.has(String(value))) named.set(String(value), named.size + 1)
  }
  const all = range(0, named.size)
  const classOfText = (value: string) => named.get(value) ?? 0
  const closed = closedValues(expression)
  const unnamed =
    closed === undefined ? otherText(named) : closed.find((one) => !named.has(String(one)))
  return {
    expression,
    classCount: named.size + 1,
    classOfText,
    classOfNumber: noNumber,
    classesOf: (match) =>
      match.type === 'anyOf' ? match.values.map((value) => classOfText(String(value))) : all,
    samples: [unnamed, ...[...named.keys()].map((value) => occurring(value, closed))],
  }
}

function otherText(named: ReadonlyMap<string, number>): string {
  let text = 'other'
  while (named.has(text)) text += "'"
  return text
}

function occurring(value: Key, closed: readonly Key[] | undefined): Key | undefined {
  return closed === undefined || closed.includes(value) ? value : undefined
}

function numberDimension(expression: TypedExpression, matches: readonly Match[]): Dimension {
  const edges = [...new Set(matches.flatMap(edgesOf))].sort((a, b) => a - b)
  const classOfNumber = numberClassifier(edges)
  const all = range(0, edges.length)
  return {
    expression,
    classCount: edges.length + 1,
    classOfText: noText,
    classOfNumber,
    classesOf: (match) => {
      switch (match.type) {
        case 'any':
          return all
        case 'anyOf':
          return match.values.map((value) => classOfNumber(Number(value)))
        case 'range':
          return range(
            match.from === undefined ? 0 : classOfNumber(match.from),
            match.to === undefined ? edges.length : classOfNumber(match.to),
          )
      }
    },
    samples: numberSamples(expression, edges),
  }
}

/** A class begins at each key and right after it. */
function edgesOf(match: Match): number[] {
  switch (match.type) {
    case 'any':
      return []
    case 'anyOf':
      return match.values.flatMap((value) => [Number(value), Number(value) + 1])
    case 'range':
      return [
        ...(match.from === undefined ? [] : [match.from]),
        ...(match.to === undefined ? [] : [match.to + 1]),
      ]
  }
}

function numberSamples(
  expression: TypedExpression,
  edges: readonly number[],
): readonly (Key | undefined)[] {
  const closed = closedValues(expression)
  const lowest = neverNegative(expression) ? 0 : Number.NEGATIVE_INFINITY
  return range(0, edges.length).map((index) => {
    const from = edges[index - 1] ?? Number.NEGATIVE_INFINITY
    const to = (edges[index] ?? Number.POSITIVE_INFINITY) - 1
    if (closed !== undefined)
      return closed.find((value) => typeof value === 'number' && value >= from && value <= to)
    const start = Math.max(from, lowest)
    if (start > to) return undefined
    return Number.isFinite(start) ? start : Number.isFinite(to) ? to : 0
  })
}

/** Facts and counts of things are 0 or more; what is computed may be anything. */
function neverNegative({ term }: TypedExpression): boolean {
  return term.op === 'fact' || term.op === 'size' || term.op === 'year'
}

function closedValues({ term }: TypedExpression): readonly (string | number)[] | undefined {
  if (term.op !== 'fact') return undefined
  const group: Readonly<Record<string, FactTrait>> = FACTS[term.fact.group]
  return group[term.fact.name]?.values
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
}
