import { fen, formatYuan } from '../../money/fen.ts'
import { formatRate, signedRate } from '../../money/rate.ts'
import { dayText } from '../check/day-text.ts'
import type { DecisionTable, Match, RulePack, Value } from '../pack.ts'
import type { FlatPack } from './pack-changes.ts'

/** What a number is written as. */
type Unit = 'yuan' | 'percent' | 'number'

const UNIT_OF_KEY: Readonly<Record<string, Unit>> = {
  amount: 'yuan',
  upTo: 'yuan',
  standard: 'yuan',
  rate: 'percent',
  weight: 'percent',
}

/** Limits on these count, the others are money. */
const COUNTED = ['days', 'times', 'quantity']
/** Not the rules themselves. */
const LEFT_OUT = ['hash', 'where', 'parameterSlots']
/** Words of a list that are shown one by one. */
const WORDS_SHOWN = 20

/** A published version, flat: path in words of the pack → value as people write it. */
export function flatPack(pack: RulePack): FlatPack {
  const flat = new Map<string, string>()
  const { effective, lists, parameters, ...rules } = pack
  flat.set('effective.from', dayText(effective.from))
  if (effective.to !== undefined) flat.set('effective.to', dayText(effective.to))
  if (effective.by !== undefined) flat.set('effective.by', effective.by)
  const slots: unknown = 'parameterSlots' in pack ? pack.parameterSlots : {}
  for (const [name, value] of Object.entries(parameters)) {
    addPart(value, `parameters.${name}`, unitOfSlot(slots, name), flat)
  }
  for (const list of lists) addList(list, flat)
  for (const [key, part] of Object.entries(rules)) {
    if (!LEFT_OUT.includes(key)) addPart(part, key, 'number', flat)
  }
  return flat
}

function addList(
  { name, match, items }: RulePack['lists'][number],
  flat: Map<string, string>,
): void {
  flat.set(`lists.${name}.match`, match)
  if (items.length <= WORDS_SHOWN) {
    flat.set(`lists.${name}.items`, items.join(', '))
    return
  }
  for (const item of items) flat.set(`lists.${name}.items[${item}]`, item)
}

function addPart(part: unknown, path: string, unit: Unit, flat: Map<string, string>): void {
  if (typeof part === 'string' || typeof part === 'number' || typeof part === 'boolean') {
    flat.set(path, String(part))
    return
  }
  if (typeof part !== 'object' || part === null) return
  if (Array.isArray(part)) {
    addItems(part, path, unit, flat)
    return
  }
  if (isValue(part)) {
    addValue(part, path, unit, flat)
    return
  }
  if ('source' in part && typeof part.source === 'string' && 'where' in part) {
    flat.set(path, part.source)
    return
  }
  const counts = 'on' in part && COUNTED.includes(String(part.on))
  for (const [key, inner] of Object.entries(part)) {
    if (LEFT_OUT.includes(key)) continue
    addPart(inner, `${path}.${key}`, counts ? 'number' : (UNIT_OF_KEY[key] ?? 'number'), flat)
  }
}

function addItems(
  items: readonly unknown[],
  path: string,
  unit: Unit,
  flat: Map<string, string>,
): void {
  if (items.every((item) => typeof item !== 'object')) {
    flat.set(path, items.join(', '))
    return
  }
  for (const [index, item] of items.entries()) {
    addPart(item, `${path}[${nameOf(item) ?? String(index + 1)}]`, unit, flat)
  }
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined
  const name = 'id' in item ? item.id : 'name' in item ? item.name : undefined
  return typeof name === 'string' ? name : undefined
}

const VALUE_TYPES: readonly unknown[] = [
  'literal',
  'parameter',
  'fact',
  'counter',
  'table',
  'formula',
] satisfies readonly Value['type'][]

function isValue(part: object): part is Value {
  return 'type' in part && VALUE_TYPES.includes(part.type) && !('lines' in part)
}

function addValue(value: Value, path: string, unit: Unit, flat: Map<string, string>): void {
  switch (value.type) {
    case 'literal':
      flat.set(path, literal(value, unit))
      return
    case 'parameter':
      flat.set(path, value.name)
      return
    case 'fact':
      flat.set(path, value.expression.source)
      return
    case 'counter':
      flat.set(path, value.counter)
      return
    case 'formula':
      flat.set(`${path}.op`, value.op)
      for (const [index, arg] of value.args.entries()) {
        addValue(arg, `${path}[${index + 1}]`, unit, flat)
      }
      return
    case 'table':
      addTable(value.table, path, unit, flat)
  }
}

function addTable(table: DecisionTable, path: string, unit: Unit, flat: Map<string, string>): void {
  flat.set(`${path}.by`, table.by.map(({ source }) => source).join(', '))
  for (const row of table.rows) {
    addValue(row.value, `${path}[${row.matches.map(matchText).join(' · ')}]`, unit, flat)
  }
  if (table.otherwise !== undefined) addValue(table.otherwise, `${path}[otherwise]`, unit, flat)
}

function matchText(match: Match): string {
  switch (match.type) {
    case 'any':
      return '*'
    case 'anyOf':
      return match.values.join(', ')
    case 'range':
      return `${match.from ?? ''}..${match.to ?? ''}`
  }
}

function literal({ num, den }: Extract<Value, { type: 'literal' }>, unit: Unit): string {
  if (unit === 'yuan' && den === 1) return formatYuan(fen(num))
  return unit === 'percent' ? formatRate(signedRate(num, den)) : fraction(num, den)
}

function fraction(num: number, den: number): string {
  return den === 1 ? String(num) : `${num}/${den}`
}

function unitOfSlot(slots: unknown, name: string): Unit {
  if (typeof slots !== 'object' || slots === null) return 'number'
  const slot: unknown = Object.entries(slots).find(([key]) => key === name)?.[1]
  if (slot === 'money') return 'yuan'
  return slot === 'rate' ? 'percent' : 'number'
}
