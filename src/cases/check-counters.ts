import type { InForce } from '../adjudication/in-force.ts'
import { problem, type Problem } from '../errors/problem.ts'
import type { BillDocument } from '../protocol/bill-document.ts'
import type { CounterDefinition, CounterUnit, Period, RulePack } from '../rules/pack.ts'
import { definitionsById } from './counter-definitions.ts'

/** What is wrong with the running totals a bill brings: wrong ones refused, ones that nothing reads noted. */
export interface CheckedCounters {
  readonly refused: readonly Problem[]
  readonly noted: readonly Problem[]
}

/** Counted by the engine itself. */
const OWN_COUNTERS: readonly string[] = ['admissions', 'admission']

/**
 * A running total under a key that no pack reads would be taken as zero, and one in another unit as a hundredth. So
 * every key must fit a counter of the packs in force; those of packs that are not here, or of somebody who is not on the
 * bill, are noted.
 */
export function checkCounters(
  written: unknown,
  { bill, coverage }: Pick<BillDocument, 'bill' | 'coverage'>,
  { packs }: Pick<InForce, 'packs'>,
): CheckedCounters {
  if (typeof written !== 'object' || written === null) return { refused: [], noted: [] }
  const rules = packs.map(({ pack }) => pack)
  const definitions = definitionsById(rules)
  const { familyId, person, policies } = coverage
  const { stayId, visit } = bill
  const owners = [person['id'], familyId, stayId, visit['transferChain'], visit['accidentId']]
  for (const policy of policies) owners.push(policy['id'], policy['familyId'], policy['groupId'])
  const refused: Problem[] = []
  const noted: Problem[] = []
  for (const [key, value] of Object.entries(written)) {
    const parts = keyParts(key)
    const known = definitions.get(parts.id) ?? []
    if (OWN_COUNTERS.includes(parts.id)) continue
    const wrong =
      known.length > 0 ? misfit(key, parts, value, known) : unknownName(key, parts, rules)
    if (wrong !== undefined) refused.push(wrong)
    else if (known.length === 0 || !owners.includes(parts.ownerId)) {
      noted.push(problem('CLI_COUNTER_UNREAD', place(key), { counter: key }))
    }
  }
  return { refused, noted }
}

interface KeyParts {
  readonly owner: string
  readonly ownerId: string
  readonly id: string
  readonly period: string
  readonly key: string
}

function keyParts(text: string): KeyParts {
  const [whose = '', id = '', period = '', key = ''] = text.split('|')
  const colon = whose.indexOf(':')
  return { owner: whose.slice(0, colon), ownerId: whose.slice(colon + 1), id, period, key }
}

function place(key: string): string {
  return `counters["${key}"]`
}

/** A name that a pack of the bill does not have; counters of packs that are not here cannot be judged. */
function unknownName(
  key: string,
  { id }: KeyParts,
  rules: readonly RulePack[],
): Problem | undefined {
  const own = rules.filter((pack) => id.startsWith(`${pack.id}:`))
  if (own.length === 0) return undefined
  const known = [...definitionsById(own).keys()].join(', ') || '–'
  return problem('CLI_COUNTER_UNKNOWN', place(key), { counter: id, known })
}

function misfit(
  key: string,
  parts: KeyParts,
  value: unknown,
  known: readonly CounterDefinition[],
): Problem | undefined {
  const [first] = known
  if (first === undefined) return undefined
  const fitting = known.find((definition) => fits(parts, definition))
  if (fitting === undefined) {
    const details = { counter: key, expected: patternOf(first) }
    return problem('CLI_COUNTER_MISFIT', place(key), details)
  }
  if (isInUnit(value, fitting.unit)) return undefined
  const details = { counter: parts.id, unit: fitting.unit, example: EXAMPLES[fitting.unit] }
  return problem('CLI_COUNTER_UNIT', place(key), details)
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

const PERIODS: Readonly<Record<Period['type'], readonly [form: RegExp, sample: string]>> = {
  claim: [/^$/, ''],
  lifetime: [/^$/, ''],
  visit: [/./, 'visit.id'],
  admission: [/./, 'visit.id'],
  day: [DAY, 'YYYY-MM-DD'],
  month: [/^\d{4}-\d{2}$/, 'YYYY-MM'],
  year: [/^\d{4}$/, 'YYYY'],
  policyYear: [DAY, 'YYYY-MM-DD'],
  policyYears: [DAY, 'YYYY-MM-DD'],
}

function fits(parts: KeyParts, { key, owner, period }: CounterDefinition): boolean {
  const isKeyed = parts.key !== ''
  return (
    parts.owner === owner &&
    PERIODS[period.type][0].test(parts.period) &&
    isKeyed === (key !== undefined)
  )
}

function patternOf({ id, key, owner, period }: CounterDefinition): string {
  return `${owner}:id|${id}|${PERIODS[period.type][1]}|${key === undefined ? '' : `<${key.source}>`}`
}

const EXAMPLES: Readonly<Record<CounterUnit, string>> = {
  fen: '1000.00',
  days: '30',
  times: '3',
  quantity: '{ quantity: 30 }',
}

/** As `readCounters` reads it: a decimal point is money, none is a count, `{ unit }` says it. */
function isInUnit(value: unknown, unit: CounterUnit): boolean {
  if (typeof value === 'object' && value !== null) {
    return Object.keys(value).every((name) => name === (unit === 'fen' ? 'yuan' : unit))
  }
  const text = String(value)
  if (/^[0.]*$/.test(text)) return true
  if (unit === 'quantity') return false
  return text.includes('.') === (unit === 'fen')
}
