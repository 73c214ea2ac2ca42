import { FACTS, type FactTrait } from '../facts.ts'
import {
  factName,
  type FactReference,
  type FlagTerm,
  type NumberTerm,
  type TextTerm,
} from '../cel/term.ts'
import {
  mergeVariables,
  partKey,
  type Assigned,
  type Assignment,
  type Variable,
} from './assignment.ts'

/** Stands for every text that a pack does not name. */
const OTHER_TEXT = 'other'

/** Closed set of values of a fact, when it has one. */
export function closedValues({
  group,
  name,
}: FactReference): readonly (string | number)[] | undefined {
  const traits: Readonly<Record<string, FactTrait>> = FACTS[group]
  return traits[name]?.values
}

/**
 * What a condition depends on. Facts compared with constants take the values around the constants, closed facts all
 * of theirs; a part that compares anything else is true or false as a whole, which can only let more be possible.
 */
export function variablesOf(term: FlagTerm): readonly Variable[] {
  return mergeVariables(variablesIn(term))
}

function variablesIn(term: FlagTerm): readonly Variable[] {
  switch (term.op) {
    case 'constant':
      return []
    case 'fact':
      return [{ key: factName(term.fact), values: [false, true] }]
    case 'not':
      return variablesIn(term.of)
    case 'and':
    case 'or':
      return [...variablesIn(term.left), ...variablesIn(term.right)]
    case 'choose':
      return [term.condition, term.whenTrue, term.whenFalse].flatMap(variablesIn)
    case 'compareFlags':
      return [...variablesIn(term.left), ...variablesIn(term.right)]
    case 'compareNumbers':
      return compared(
        term,
        numberVariable(term.left, term.right) ?? numberVariable(term.right, term.left),
      )
    case 'compareTexts':
      return compared(
        term,
        textVariable(term.left, term.right) ?? textVariable(term.right, term.left),
      )
    case 'amongNumbers':
      return compared(term, numberValues(term.item, term.values))
    case 'amongTexts':
      return compared(term, textValues(term.item, term.values))
    case 'stated':
    case 'inFact':
    case 'inList':
    case 'startsWith':
    case 'endsWith':
    case 'contains':
    case 'matches':
    case 'exists':
    case 'all':
      return [part(term)]
  }
}

function compared(term: FlagTerm, variable: Variable | undefined): readonly Variable[] {
  return [variable ?? part(term)]
}

function part(term: FlagTerm): Variable {
  return { key: partKey(term), values: [false, true] }
}

function numberVariable(fact: NumberTerm, constant: NumberTerm): Variable | undefined {
  return constant.op === 'constant' ? numberValues(fact, [constant.value]) : undefined
}

function numberValues(item: NumberTerm, constants: readonly number[]): Variable | undefined {
  if (item.op !== 'fact') return undefined
  const around = constants.flatMap((value) => [value - 1, value, value + 1])
  const values = closedValues(item.fact) ?? around.filter((value) => value >= 0)
  return { key: factName(item.fact), values }
}

function textVariable(fact: TextTerm, constant: TextTerm): Variable | undefined {
  return constant.op === 'constant' ? textValues(fact, [constant.value]) : undefined
}

function textValues(item: TextTerm, constants: readonly string[]): Variable | undefined {
  if (item.op !== 'fact') return undefined
  return { key: factName(item.fact), values: closedValues(item.fact) ?? [...constants, OTHER_TEXT] }
}

/** Whether the condition holds under the assignment; undefined: it depends on what is not assigned. */
export function truthOf(term: FlagTerm, given: Assignment): boolean | undefined {
  switch (term.op) {
    case 'constant':
      return term.value
    case 'fact':
      return flagOf(given.get(factName(term.fact)))
    case 'not':
      return negated(truthOf(term.of, given))
    case 'and':
      return conjunction(truthOf(term.left, given), truthOf(term.right, given))
    case 'or':
      return negated(
        conjunction(negated(truthOf(term.left, given)), negated(truthOf(term.right, given))),
      )
    case 'choose':
      return chosen(term, given)
    case 'compareFlags': {
      const [left, right] = [truthOf(term.left, given), truthOf(term.right, given)]
      if (left === undefined || right === undefined) return undefined
      return (left === right) === (term.relation === '==')
    }
    case 'compareNumbers':
    case 'compareTexts': {
      const [left, right] = [valueOf(term.left, given), valueOf(term.right, given)]
      if (left === undefined || right === undefined) return flagOf(given.get(partKey(term)))
      return holds(term.relation, left, right)
    }
    case 'amongNumbers':
    case 'amongTexts': {
      const item = valueOf(term.item, given)
      if (item === undefined) return flagOf(given.get(partKey(term)))
      return term.values.some((value) => value === item)
    }
    case 'stated':
    case 'inFact':
    case 'inList':
    case 'startsWith':
    case 'endsWith':
    case 'contains':
    case 'matches':
    case 'exists':
    case 'all':
      return flagOf(given.get(partKey(term)))
  }
}

function chosen(term: Extract<FlagTerm, { op: 'choose' }>, given: Assignment): boolean | undefined {
  const condition = truthOf(term.condition, given)
  if (condition === undefined) return undefined
  return truthOf(condition ? term.whenTrue : term.whenFalse, given)
}

function flagOf(value: Assigned | undefined): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value
}

function conjunction(left: boolean | undefined, right: boolean | undefined): boolean | undefined {
  if (left === false || right === false) return false
  return left === undefined || right === undefined ? undefined : true
}

function valueOf(term: NumberTerm | TextTerm, given: Assignment): string | number | undefined {
  if (term.op === 'constant') return term.value
  if (term.op !== 'fact') return undefined
  const value = given.get(factName(term.fact))
  return typeof value === 'boolean' ? undefined : value
}

function holds(
  relation: '==' | '!=' | '<' | '<=' | '>' | '>=',
  left: string | number,
  right: string | number,
): boolean {
  switch (relation) {
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
  }
}
