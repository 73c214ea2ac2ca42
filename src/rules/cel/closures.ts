import { RE2JS } from 're2js'

import { assert } from '../../assert.ts'
import { yearOfEpochDay } from './calendar.ts'
import type { ListTest, ListTests } from './code-lists.ts'
import { compareNumbers, compareTexts } from './comparisons.ts'
import { arithmetic } from './arithmetic.ts'
import { factStated, readFlag, readList, readNumber, readText } from './fact-readers.ts'
import type { Reader } from './reader.ts'
import type { FlagTerm, ListTerm, NumberTerm, TextTerm } from './term.ts'

/** What closures are built with; `where` goes into the errors they throw. */
export interface ClosureContext {
  readonly lists: ListTests
  readonly where: string
}

/** Closure of a condition. Like all closures here it allocates nothing and reads facts left to right. */
export function compileFlag(term: FlagTerm, context: ClosureContext): Reader<boolean> {
  switch (term.op) {
    case 'constant': {
      const { value } = term
      return () => value
    }
    case 'fact':
      return readFlag(term.fact, context.where)
    case 'stated':
      return factStated(term.fact)
    case 'not': {
      const of = compileFlag(term.of, context)
      return (frame, element) => !of(frame, element)
    }
    case 'and':
    case 'or':
      return compileLogical(term.op, term.left, term.right, context)
    case 'choose':
      return choose(
        compileFlag(term.condition, context),
        compileFlag(term.whenTrue, context),
        compileFlag(term.whenFalse, context),
      )
    case 'exists':
    case 'all':
      return compileQuantifier(term.op, term.list, compileFlag(term.predicate, context), context)
    case 'compareFlags':
      return compileFlagEquality(term.relation, term.left, term.right, context)
    case 'compareNumbers':
      return compareNumbers(
        term.relation,
        compileNumber(term.left, context),
        compileNumber(term.right, context),
      )
    case 'compareTexts':
      return compareTexts(
        term.relation,
        compileText(term.left, context),
        compileText(term.right, context),
      )
    case 'amongNumbers':
      return among(compileNumber(term.item, context), term.values)
    case 'amongTexts':
      return among(compileText(term.item, context), term.values)
    case 'inFact': {
      const [item, list] = [compileText(term.item, context), compileList(term.list, context)]
      return (frame, element) => list(frame).includes(item(frame, element))
    }
    case 'inList':
      return compileInList(term.item, listTest(term.list, context), context)
    case 'startsWith':
    case 'endsWith':
    case 'contains':
      return compileTextTest(term.op, term.text, term.part, context)
    case 'matches': {
      const [text, pattern] = [compileText(term.text, context), RE2JS.compile(term.pattern)]
      return (frame, element) => pattern.test(text(frame, element))
    }
  }
}

function compileLogical(
  op: 'and' | 'or',
  leftTerm: FlagTerm,
  rightTerm: FlagTerm,
  context: ClosureContext,
): Reader<boolean> {
  const [left, right] = [compileFlag(leftTerm, context), compileFlag(rightTerm, context)]
  return op === 'and'
    ? (frame, element) => left(frame, element) && right(frame, element)
    : (frame, element) => left(frame, element) || right(frame, element)
}

function compileFlagEquality(
  relation: '==' | '!=',
  leftTerm: FlagTerm,
  rightTerm: FlagTerm,
  context: ClosureContext,
): Reader<boolean> {
  const [left, right] = [compileFlag(leftTerm, context), compileFlag(rightTerm, context)]
  return relation === '=='
    ? (frame, element) => left(frame, element) === right(frame, element)
    : (frame, element) => left(frame, element) !== right(frame, element)
}

function compileQuantifier(
  op: 'exists' | 'all',
  listTerm: ListTerm,
  predicate: Reader<boolean>,
  context: ClosureContext,
): Reader<boolean> {
  const list = compileList(listTerm, context)
  const deciding = op === 'exists'
  return (frame) => {
    for (const element of list(frame)) if (predicate(frame, element) === deciding) return deciding
    return !deciding
  }
}

function listTest(name: string, context: ClosureContext): ListTest {
  const test = context.lists.get(name)
  assert(test !== undefined, 'a checked expression names a list of its pack')
  return test
}

function compileInList(
  item: TextTerm | ListTerm,
  test: ListTest,
  context: ClosureContext,
): Reader<boolean> {
  if (item.type === 'string') {
    const text = compileText(item, context)
    return (frame, element) => test(text(frame, element))
  }
  const list = compileList(item, context)
  return (frame) => {
    for (const code of list(frame)) if (test(code)) return true
    return false
  }
}

function compileTextTest(
  op: 'startsWith' | 'endsWith' | 'contains',
  textTerm: TextTerm,
  partTerm: TextTerm,
  context: ClosureContext,
): Reader<boolean> {
  const [text, part] = [compileText(textTerm, context), compileText(partTerm, context)]
  switch (op) {
    case 'startsWith':
      return (frame, element) => text(frame, element).startsWith(part(frame, element))
    case 'endsWith':
      return (frame, element) => text(frame, element).endsWith(part(frame, element))
    case 'contains':
      return (frame, element) => text(frame, element).includes(part(frame, element))
  }
}

function among<T extends number | string>(item: Reader<T>, values: readonly T[]): Reader<boolean> {
  const accepted: ReadonlySet<T> = new Set(values)
  return (frame, element) => accepted.has(item(frame, element))
}

function choose<T>(
  condition: Reader<boolean>,
  whenTrue: Reader<T>,
  whenFalse: Reader<T>,
): Reader<T> {
  return (frame, element) =>
    condition(frame, element) ? whenTrue(frame, element) : whenFalse(frame, element)
}

/** Closure of an int, an amount in fen or a day number: always a safe integer. */
export function compileNumber(term: NumberTerm, context: ClosureContext): Reader<number> {
  switch (term.op) {
    case 'constant': {
      const { value } = term
      return () => value
    }
    case 'fact':
      return readNumber(term.fact, context.where)
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(
        term.op,
        compileNumber(term.left, context),
        compileNumber(term.right, context),
        context.where,
      )
    case 'size':
      return compileSize(term.of, context)
    case 'year': {
      const of = compileNumber(term.of, context)
      return (frame, element) => yearOfEpochDay(of(frame, element))
    }
    case 'choose':
      return choose(
        compileFlag(term.condition, context),
        compileNumber(term.whenTrue, context),
        compileNumber(term.whenFalse, context),
      )
  }
}

function compileSize(of: TextTerm | ListTerm, context: ClosureContext): Reader<number> {
  if (of.type === 'strings') {
    const list = compileList(of, context)
    return (frame) => list(frame).length
  }
  const text = compileText(of, context)
  return (frame, element) => {
    const value = text(frame, element)
    let characters = 0
    for (let at = 0; at < value.length; at += (value.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) {
      characters += 1
    }
    return characters
  }
}

export function compileText(term: TextTerm, context: ClosureContext): Reader<string> {
  switch (term.op) {
    case 'constant': {
      const { value } = term
      return () => value
    }
    case 'fact':
      return readText(term.fact, context.where)
    case 'element':
      return (_frame, element) => {
        assert(element !== undefined, 'the element is read inside exists or all')
        return element
      }
    case 'join': {
      const [left, right] = [compileText(term.left, context), compileText(term.right, context)]
      return (frame, element) => left(frame, element) + right(frame, element)
    }
    case 'textOf': {
      const of = compileNumber(term.of, context)
      return (frame, element) => String(of(frame, element))
    }
    case 'choose':
      return choose(
        compileFlag(term.condition, context),
        compileText(term.whenTrue, context),
        compileText(term.whenFalse, context),
      )
  }
}

function compileList(term: ListTerm, context: ClosureContext): Reader<readonly string[]> {
  return readList(term.fact, context.where)
}
