import { formatEpochDay } from '../catalog/epoch-day.ts'
import { fen, formatYuan } from '../money/fen.ts'
import {
  FACTS,
  type FactGroup,
  type FactSheet,
  type FactTrait,
  type FactType,
} from '../rules/facts.ts'
import type { FactText } from './entries.ts'

type Group = Exclude<FactGroup, 'bill' | 'line' | 'visit'>

interface Column {
  readonly place: number
  readonly type: FactType
}

/** Place in the table of facts, and type, of every fact. */
const COLUMNS: Readonly<Record<Group, ReadonlyMap<string, Column>>> = {
  person: columnsOf('person'),
  hospital: columnsOf('hospital'),
  policy: columnsOf('policy'),
}

function columnsOf(group: Group): ReadonlyMap<string, Column> {
  const traits: readonly (readonly [string, FactTrait])[] = Object.entries(FACTS[group])
  return new Map(traits.map(([key, { type }], place) => [key, { place, type }]))
}

/** `facts` as a bill states them, in the order of the table of facts; `readFacts` gives the same facts again. */
export function factDocument(group: Group, facts: FactSheet): Record<string, FactText> {
  const columns = COLUMNS[group]
  const place = (key: string) => columns.get(key)?.place ?? 0
  const keys = Object.keys(facts).toSorted((left, right) => place(left) - place(right))
  const document: Record<string, FactText> = {}
  for (const key of keys) {
    const value = facts[key]
    if (value === undefined) continue
    document[key] = typeof value === 'number' ? numberText(value, columns.get(key)?.type) : value
  }
  return document
}

function numberText(value: number, type: FactType | undefined): FactText {
  if (type === 'money') return formatYuan(fen(value))
  return type === 'date' ? formatEpochDay(value) : value
}
