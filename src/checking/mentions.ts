import type {
  FactReference,
  FlagTerm,
  ListTerm,
  NumberTerm,
  Term,
  TextTerm,
} from '../rules/cel/term.ts'
import type { CodeList } from '../rules/pack.ts'
import type { Stated, Vocabulary } from './vocabulary.ts'

/** Whose expressions are looked through, and where what they mention goes. */
export interface Reading {
  readonly vocabulary: Vocabulary
  readonly product: string
  readonly lists: readonly CodeList[]
}

/** Notes every fact an expression reads, with the values around which its answer changes. */
export function noteTerm(term: Term, reading: Reading): void {
  switch (term.op) {
    case 'compareNumbers':
      noteNumbers(term.left, constantsOf(term.right), reading)
      noteNumbers(term.right, constantsOf(term.left), reading)
      break
    case 'amongNumbers':
      noteNumbers(term.item, term.values, reading)
      break
    case 'compareTexts':
      noteText(term.left, textsOf(term.right), reading)
      noteText(term.right, textsOf(term.left), reading)
      break
    case 'amongTexts':
      noteText(term.item, term.values, reading)
      break
    case 'inFact':
      noteText(term.list, textsOf(term.item), reading)
      break
    case 'inList':
      noteText(term.item, listWords(term.list, reading), reading)
      break
    case 'startsWith':
    case 'endsWith':
    case 'contains':
      noteText(term.text, textsOf(term.part), reading)
      break
    case 'matches':
      noteText(term.text, patternWords(term.pattern), reading)
      break
    case 'stated':
      noteFact(term.fact, [undefined], reading)
      break
    case 'fact':
      noteFact(term.fact, extremesOf(term.type), reading)
      break
    case 'exists':
    case 'all':
      noteText(term.list, elementWords(term.predicate, reading), reading)
      break
    case 'constant':
    case 'not':
    case 'and':
    case 'or':
    case 'choose':
    case 'compareFlags':
    case 'element':
    case 'join':
    case 'textOf':
    case 'size':
    case 'year':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      break
  }
  for (const inner of innerTerms(term)) noteTerm(inner, reading)
}

/** A number that stands in a formula can be nothing, or large for what it is. */
function extremesOf(type: Term['type']): readonly number[] {
  if (type === 'money') return [1_000_000_00, 0]
  return type === 'int' ? [1, 0, 100] : []
}

function innerTerms(term: Term): readonly Term[] {
  return Object.values(term).filter(isTerm)
}

function isTerm(part: unknown): part is Term {
  return typeof part === 'object' && part !== null && 'op' in part
}

function constantsOf(term: NumberTerm): readonly number[] {
  return term.op === 'constant' ? [term.value] : []
}

function textsOf(term: TextTerm): readonly string[] {
  return term.op === 'constant' ? [term.value] : []
}

function noteNumbers(term: NumberTerm, constants: readonly number[], reading: Reading): void {
  if (term.op !== 'fact') return
  noteFact(
    term.fact,
    constants.flatMap((one) => [one - 1, one, one + 1]),
    reading,
  )
}

/** Any other text stands for all that the packs do not name. */
function noteText(term: TextTerm | ListTerm, words: readonly string[], reading: Reading): void {
  if (term.op !== 'fact') return
  const values = term.type === 'strings' ? words.map((word) => [word]) : ['other', ...words]
  noteFact(term.fact, words.length === 0 ? [] : values, reading)
}

/** Amounts of the bill and its lines come from the lines themselves, dates from the day of the trial. */
export function noteFact(fact: FactReference, values: readonly Stated[], reading: Reading): void {
  const { vocabulary, product } = reading
  const isAmount = fact.group === 'bill' || (fact.group === 'line' && fact.name === 'amount')
  const isDay = ['start', 'end', 'date'].includes(fact.name)
  if (!isAmount && !isDay) {
    vocabulary.note(fact, product, values)
    return
  }
  const into = isDay ? vocabulary.days : vocabulary.amounts
  for (const value of values) if (typeof value === 'number' && value > 0) into.add(value)
}

/** The first and the last word of a list of the pack. */
function listWords(name: string, { lists }: Reading): readonly string[] {
  const items = lists.find((list) => list.name === name)?.items ?? []
  return [items[0], items.at(-1)].filter((item) => item !== undefined)
}

/** Words that a pattern matches, where it is no more than words side by side. */
function patternWords(pattern: string): readonly string[] {
  const bare = pattern
    .replace(/^\^/, '')
    .replace(/(\.\*)?\$?$/, '')
    .replace(/^\((.*)\)$/, '$1')
  return bare.split('|').filter((word) => /^[^\\^$.*+?()[\]{}]+$/.test(word))
}

/** Words that the elements of a list are compared with. */
function elementWords(term: FlagTerm, reading: Reading): readonly string[] {
  const isElement = (part: Term) => part.op === 'element'
  switch (term.op) {
    case 'compareTexts':
      return isElement(term.left) ? textsOf(term.right) : textsOf(term.left)
    case 'amongTexts':
      return isElement(term.item) ? term.values : []
    case 'inList':
      return isElement(term.item) ? listWords(term.list, reading) : []
    case 'startsWith':
    case 'endsWith':
    case 'contains':
      return isElement(term.text) ? textsOf(term.part) : []
    case 'matches':
      return isElement(term.text) ? patternWords(term.pattern) : []
    case 'not':
      return elementWords(term.of, reading)
    case 'and':
    case 'or':
      return [...elementWords(term.left, reading), ...elementWords(term.right, reading)]
    case 'constant':
    case 'fact':
    case 'stated':
    case 'choose':
    case 'compareFlags':
    case 'compareNumbers':
    case 'amongNumbers':
    case 'inFact':
    case 'exists':
    case 'all':
      return []
  }
}
