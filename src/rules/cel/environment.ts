import { Environment } from '@marcbachmann/cel-js'

import { readEpochDay } from '../read/calendar.ts'
import { parseYuan } from '../../money/fen.ts'
import { FACTS, type FactTrait, type FactType } from '../facts.ts'
import { yearOfEpochDay } from './calendar.ts'
import type { ListTests } from './code-lists.ts'
import { EXPRESSION_LIMITS } from './limits.ts'

/** Money as the CEL library holds it, in fen; packs make it with yuan('100.00'). */
export class CelMoney {
  readonly fen: bigint

  constructor(fen: bigint) {
    this.fen = fen
  }
}

/** A calendar day as the CEL library holds it, in days since 1970-01-01; packs make it with date('2023-01-01'). */
export class CelDate {
  readonly day: bigint

  constructor(day: bigint) {
    this.day = day
  }
}

const FIELD_TYPES: Readonly<Record<FactType, string>> = {
  int: 'int',
  bool: 'bool',
  string: 'string',
  money: 'Money',
  date: 'Date',
  strings: 'list<string>',
}

/**
 * The CEL library set up with the facts and functions of the pack language. It parses and type-checks every
 * expression; `lists` matter only to evaluation, which the engine leaves to its own closures and which stays here
 * as their yardstick.
 */
export function createEnvironment(lists: ListTests): Environment {
  const environment = new Environment({
    limits: {
      maxAstNodes: EXPRESSION_LIMITS.nodes,
      maxDepth: EXPRESSION_LIMITS.depth,
      maxListElements: EXPRESSION_LIMITS.listElements,
    },
  })
  registerMoney(environment)
  registerDate(environment)
  registerLists(environment, lists)
  for (const [group, facts] of Object.entries(FACTS)) registerGroup(environment, group, facts)
  return environment
}

function registerGroup(
  environment: Environment,
  group: string,
  facts: Readonly<Record<string, FactTrait>>,
): void {
  const fields = Object.fromEntries(
    Object.entries(facts).map(([name, trait]) => [name, FIELD_TYPES[trait.type]]),
  )
  // A class of its own: the library tells the types of values apart by their constructors.
  class Group {
    constructor(values: Readonly<Record<string, unknown>>) {
      Object.assign(this, values)
    }
  }
  environment.registerType(`${group}Facts`, {
    ctor: Group,
    fields,
    convert: (values: Readonly<Record<string, unknown>>) => new Group(values),
  })
  environment.registerVariable(group, `${group}Facts`)
}

function registerMoney(environment: Environment): void {
  environment.registerType('Money', { ctor: CelMoney, fields: {} })
  environment.registerFunction('yuan(string): Money', (text: string) => {
    const amount = parseYuan(text)
    if (!amount.ok) throw new RangeError(`not an amount of yuan: ${text}`)
    return new CelMoney(BigInt(amount.value))
  })
  registerOrder(environment, 'Money', (money: CelMoney) => money.fen)
  environment.registerOperator(
    'Money + Money: Money',
    (left: CelMoney, right: CelMoney) => new CelMoney(left.fen + right.fen),
  )
  environment.registerOperator(
    'Money - Money: Money',
    (left: CelMoney, right: CelMoney) => new CelMoney(left.fen - right.fen),
  )
  environment.registerOperator(
    'int * Money: Money',
    (times: bigint, money: CelMoney) => new CelMoney(times * money.fen),
  )
  environment.registerOperator(
    'Money * int: Money',
    (money: CelMoney, times: bigint) => new CelMoney(times * money.fen),
  )
}

function registerDate(environment: Environment): void {
  environment.registerType('Date', { ctor: CelDate, fields: {} })
  environment.registerFunction('date(string): Date', (text: string) => {
    const day = readEpochDay(text)
    if (day === undefined) throw new RangeError(`not a date: ${text}`)
    return new CelDate(BigInt(day))
  })
  registerOrder(environment, 'Date', (date: CelDate) => date.day)
  environment.registerFunction(
    'daysBetween(Date, Date): int',
    (from: CelDate, to: CelDate) => to.day - from.day,
  )
  environment.registerFunction('year(Date): int', (date: CelDate) =>
    BigInt(yearOfEpochDay(Number(date.day))),
  )
}

function registerOrder<T>(environment: Environment, type: string, key: (value: T) => bigint): void {
  environment.registerOperator(`${type} == ${type}`, (l: T, r: T) => key(l) === key(r))
  environment.registerOperator(`${type} < ${type}`, (l: T, r: T) => key(l) < key(r))
  environment.registerOperator(`${type} <= ${type}`, (l: T, r: T) => key(l) <= key(r))
  environment.registerOperator(`${type} > ${type}`, (l: T, r: T) => key(l) > key(r))
  environment.registerOperator(`${type} >= ${type}`, (l: T, r: T) => key(l) >= key(r))
}

function registerLists(environment: Environment, lists: ListTests): void {
  const testOf = (name: string) => {
    const test = lists.get(name)
    if (test === undefined) throw new RangeError(`no such list: ${name}`)
    return test
  }
  environment.registerFunction('inList(string, string): bool', (code: string, name: string) =>
    testOf(name)(code),
  )
  environment.registerFunction(
    'inList(list<string>, string): bool',
    (codes: readonly string[], name: string) => codes.some(testOf(name)),
  )
}
