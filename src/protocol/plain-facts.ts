import { unreachable } from '../assert.ts'
import {
  FACTS,
  type FactGroup,
  type FactTrait,
  type FactType,
  type FactValue,
} from '../rules/facts.ts'
import { CODED_VALUES, nationalNames, NAMES, type Facts } from './fact-sections.ts'
import { LIMITS } from './limits.ts'
import { MembersInTurn } from './members-in-turn.ts'
import * as plain from './plain-scalars.ts'
import { isBlank } from './section.ts'

/** How a member of a plain object is read: a fact, or a part that the reader of the object handles itself. */
export interface PlainMember {
  /** Our name. */
  readonly key: string
  /** One bit of its own: two names of one member have the same. */
  readonly bit: number
  readonly type: FactType | 'name'
  /** Of closed values: what each spelling means. */
  readonly meant: ReadonlyMap<unknown, FactValue> | undefined
}

export type PlainTable = MembersInTurn<PlainMember>

/** `plainMembers`, to be asked in turn. */
export function plainTable(group: FactGroup): PlainTable {
  return new MembersInTurn(plainMembers(group))
}

/** The facts of `group` that a bill may state, by every name they have. */
export function plainMembers(group: FactGroup): ReadonlyMap<string, PlainMember> {
  const traits: readonly (readonly [string, FactTrait])[] = Object.entries(FACTS[group])
  const table = new Map<string, PlainMember>()
  traits.forEach(([key, trait], place) => {
    if (trait.derived === true) return
    const type = NAMES.has(`${group}.${key}`) ? 'name' : trait.type
    table.set(key, { key, bit: 1 << place, type, meant: meaningsOf(group, key, trait) })
  })
  for (const [written, key] of nationalNames(group)) {
    const member = table.get(key)
    if (member !== undefined && !table.has(written)) table.set(written, member)
  }
  return table
}

function meaningsOf(group: FactGroup, key: string, { values }: FactTrait) {
  if (values === undefined) return undefined
  const meant = new Map<unknown, FactValue>(values.map((value) => [value, value]))
  for (const [code, value] of Object.entries(CODED_VALUES[`${group}.${key}`] ?? {})) {
    meant.set(code, value)
  }
  return meant
}

/** Whether `value` is an object whose own members are all that a `for … in` meets. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** The facts of an object that states nothing else; undefined when anything in it is not plain. */
export function readPlainFacts(value: unknown, table: PlainTable): Facts | undefined {
  if (!isPlainObject(value)) return undefined
  const facts: Facts = {}
  let [seen, place] = [0, 0]
  for (const written in value) {
    const member = table.at(place, written)
    place += 1
    if (member === undefined) return undefined
    const stated = value[written]
    if (isBlank(stated)) continue
    if ((seen & member.bit) !== 0) return undefined
    seen |= member.bit
    const fact = plainFact(member, stated)
    if (fact === undefined) return undefined
    facts[member.key] = fact
  }
  return facts
}

/** The value of a fact; undefined when it is not plain. */
export function plainFact({ type, meant }: PlainMember, stated: unknown): FactValue | undefined {
  const value = ofType(type, stated)
  return meant === undefined ? value : meant.get(value)
}

function ofType(type: PlainMember['type'], stated: unknown): FactValue | undefined {
  switch (type) {
    case 'string':
      return plain.plainCode(stated)
    case 'strings':
      return plain.plainCodes(stated, LIMITS.listEntries)
    case 'bool':
      return typeof stated === 'boolean' ? stated : undefined
    case 'int':
      return plain.plainWhole(stated)
    case 'date':
      return plain.plainDay(stated)
    case 'money':
      return plain.plainYuanNotNegative(stated)
    case 'name':
      return plain.plainName(stated)
    default:
      return unreachable(type)
  }
}
