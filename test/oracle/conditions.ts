import { Environment } from '@marcbachmann/cel-js'
import type { FactSheet, FactType, FactValue } from '../../src/rules/facts.ts'
import { FACTS } from '../../src/rules/facts.ts'
import type { CodeList, Expression } from '../../src/rules/pack.ts'

/** The bill cannot be settled: a code of the error table, and what it was about. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: string

  constructor(code: string, about: string) {
    super(`${code}: ${about}`)
    this.code = code
  }
}

/** What a condition or value may read; a group that does not apply is empty. */
export interface Facts {
  readonly person: FactSheet
  readonly visit: FactSheet
  readonly hospital: FactSheet
  readonly bill: FactSheet
  readonly policy: FactSheet
  readonly line: FactSheet
}

class Money {
  readonly fen: bigint
  constructor(fen: bigint) {
    this.fen = fen
  }
}

class Day {
  readonly day: bigint
  constructor(day: bigint) {
    this.day = day
  }
}

/** The lists of the pack whose condition is evaluated right now: CEL functions see no context. */
const inUse: { lists: readonly CodeList[] } = { lists: [] }

const environment = new Environment()
  .registerType('Money', { ctor: Money, fields: {} })
  .registerType('Day', { ctor: Day, fields: {} })
  .registerVariable('person', 'map')
  .registerVariable('visit', 'map')
  .registerVariable('hospital', 'map')
  .registerVariable('bill', 'map')
  .registerVariable('policy', 'map')
  .registerVariable('line', 'map')
  .registerFunction('yuan(string): Money', (text: string) => new Money(fenOfYuan(text)))
  .registerFunction('date(string): Day', (text: string) => new Day(dayOfText(text)))
  .registerFunction('daysBetween(Day, Day): int', (a: Day, b: Day) => b.day - a.day)
  .registerFunction('year(Day): int', (a: Day) => BigInt(isoDay(Number(a.day)).slice(0, 4)))
  .registerFunction('inList(string, string): bool', (text: string, list: string) =>
    isListed([text], list),
  )
  .registerFunction('inList(list<string>, string): bool', (texts: string[], list: string) =>
    isListed(texts, list),
  )
  .registerOperator('Money < Money', (a: Money, b: Money) => a.fen < b.fen)
  .registerOperator('Money <= Money', (a: Money, b: Money) => a.fen <= b.fen)
  .registerOperator('Money > Money', (a: Money, b: Money) => a.fen > b.fen)
  .registerOperator('Money >= Money', (a: Money, b: Money) => a.fen >= b.fen)
  .registerOperator('Money == Money', (a: Money, b: Money) => a.fen === b.fen)
  .registerOperator('Money + Money', (a: Money, b: Money) => new Money(a.fen + b.fen))
  .registerOperator('Money - Money', (a: Money, b: Money) => new Money(a.fen - b.fen))
  .registerOperator('int * Money', (a: bigint, b: Money) => new Money(a * b.fen))
  .registerOperator('Day < Day', (a: Day, b: Day) => a.day < b.day)
  .registerOperator('Day <= Day', (a: Day, b: Day) => a.day <= b.day)
  .registerOperator('Day > Day', (a: Day, b: Day) => a.day > b.day)
  .registerOperator('Day >= Day', (a: Day, b: Day) => a.day >= b.day)
  .registerOperator('Day == Day', (a: Day, b: Day) => a.day === b.day)

function fenOfYuan(text: string): bigint {
  const [whole = '0', part = ''] = text.split('.')
  return BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'))
}

function dayOfText(text: string): bigint {
  return BigInt(Date.parse(`${text}T00:00:00Z`)) / 86_400_000n
}

/** `YYYY-MM-DD` of a day since 1970-01-01. */
export function isoDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

function isListed(texts: readonly string[], name: string): boolean {
  const list = inUse.lists.find((one) => one.name === name)
  if (list === undefined) throw new Error(`no list ${name}`)
  return texts.some((text) =>
    list.items.some((item) => (list.match === 'exact' ? text === item : text.startsWith(item))),
  )
}

/** Parsed once by its text: the same few expressions come again and again. */
const parsed = new Map<string, (context: Record<string, unknown>) => unknown>()

/** `source` cut at an operator that stands outside quotes and brackets: CEL itself looks past errors of one side. */
function splitOutside(source: string, operator: string): string[] {
  const parts: string[] = []
  let [depth, begin] = [0, 0]
  let quote = ''
  for (let at = 0; at < source.length; at += 1) {
    const sign = source.charAt(at)
    if (quote !== '') quote = sign === quote ? '' : quote
    else if (sign === '"' || sign === "'") quote = sign
    else if ('([{'.includes(sign)) depth += 1
    else if (')]}'.includes(sign)) depth -= 1
    else if (depth === 0 && source.startsWith(operator, at)) {
      parts.push(source.slice(begin, at))
      begin = at + operator.length
    }
  }
  return [...parts, source.slice(begin)]
}

/** What `expression` comes to: a boolean, text, whole number, or fen for money. */
export function evaluate(
  expression: Expression,
  facts: Facts,
  lists: readonly CodeList[],
): string | boolean | bigint {
  for (const [operator, decides] of [
    ['||', true],
    ['&&', false],
  ] as const) {
    const parts = splitOutside(expression.source, operator)
    if (parts.length === 1) continue
    const part = (source: string) => evaluate({ ...expression, source }, facts, lists) === true
    return parts.some((source) => part(source) === decides) ? decides : !decides
  }
  let program = parsed.get(expression.source)
  if (program === undefined) {
    program = environment.parse(expression.source)
    parsed.set(expression.source, program)
  }
  inUse.lists = lists
  const result = run(program, facts)
  if (result instanceof Money) return result.fen
  if (typeof result === 'string' || typeof result === 'boolean' || typeof result === 'bigint') {
    return result
  }
  throw new Error(`${expression.source} is neither text, truth nor number`)
}

function run(program: (context: Record<string, unknown>) => unknown, facts: Facts): unknown {
  try {
    return program({
      person: celGroup('person', facts.person),
      visit: celGroup('visit', facts.visit),
      hospital: celGroup('hospital', facts.hospital),
      bill: celGroup('bill', facts.bill),
      policy: celGroup('policy', facts.policy),
      line: celGroup('line', facts.line),
    })
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('No such key')) {
      throw new Refused('FACT_MISSING', error.message)
    }
    throw error
  }
}

export function holds(
  condition: Expression | undefined,
  facts: Facts,
  lists: readonly CodeList[],
): boolean {
  return condition === undefined || evaluate(condition, facts, lists) === true
}

function celGroup(group: keyof typeof FACTS, sheet: FactSheet): Record<string, unknown> {
  const traits: Readonly<Record<string, { readonly type: FactType }>> = FACTS[group]
  const values: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(sheet)) {
    const trait = traits[name]
    if (trait !== undefined) values[name] = celValue(trait.type, value)
  }
  return values
}

function celValue(type: FactType, value: FactValue): unknown {
  switch (type) {
    case 'int':
      return BigInt(Number(value))
    case 'money':
      return new Money(BigInt(Number(value)))
    case 'date':
      return new Day(BigInt(Number(value)))
    case 'bool':
    case 'string':
    case 'strings':
      return value
  }
}
