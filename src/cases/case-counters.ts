import type { Bill } from '../adjudication/bill.ts'
import type { Coverage } from '../adjudication/coverage.ts'
import { insuranceYear, policyPeriod } from '../adjudication/insurance-year.ts'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { CounterDefinition, CounterUnit, Owner, RulePack } from '../rules/pack.ts'
import type { Profile } from '../rules/profile.ts'
import { counterNames } from './counter-definitions.ts'

/** Whose counters, and on which day: what a short counter name leaves out. */
export interface CaseContext {
  readonly pack: RulePack
  readonly profile: Profile
  readonly bill: Bill
  readonly coverage: Coverage
}

/**
 * The full key of a counter written short: the name the pack gives it (`annual-cap`, `inpatient.deductible`), with
 * `|key` after it where the counter is kept apart by a key; and its value in the counter's own unit. A full key and its
 * value stay as they are.
 */
export function fullCounter(
  [written, value]: readonly [string, unknown],
  context: CaseContext,
): Result<readonly [string, unknown]> {
  const [name = '', key = '', more] = written.split('|')
  if (more !== undefined) return success([written, value])
  const names = counterNames(context.pack)
  const definition = names.get(name)
  const where = `counters["${written}"]`
  if (definition === undefined) {
    const known = [...names].map(([own, counter]) => shortPattern(own, counter)).join(', ') || '–'
    return failure(problem('CLI_COUNTER_UNKNOWN', where, { counter: name, known }))
  }
  if ((key !== '') !== (definition.key !== undefined)) {
    const details = { counter: written, expected: shortPattern(name, definition) }
    return failure(problem('CLI_COUNTER_MISFIT', where, details))
  }
  return success([keyOf(definition, key, context), inUnit(value, definition.unit)])
}

function shortPattern(name: string, { key }: CounterDefinition): string {
  return key === undefined ? name : `${name}|<${key.source}>`
}

/** The unit is known here, so that 10000 of a money counter is ten thousand yuan, as everywhere in a pack. */
function inUnit(value: unknown, unit: CounterUnit): unknown {
  if (typeof value === 'object') return value
  return { [unit === 'fen' ? 'yuan' : unit]: value }
}

function keyOf(definition: CounterDefinition, key: string, context: CaseContext): string {
  const { id, owner } = definition
  const policy = ownPolicy(context)
  return `${owner}:${ownerOf(owner, policy, context)}|${id}|${periodOf(definition, policy, context)}|${key}`
}

function ownPolicy({ coverage, pack }: CaseContext): FactSheet | undefined {
  return coverage.policies.find((policy) => policy['product'] === pack.product)
}

/** A fact that is not stated stays empty; the key is then one that the settlement refuses or never reads. */
function ownerOf(owner: Owner, policy: FactSheet | undefined, context: CaseContext): string {
  const { bill, coverage } = context
  switch (owner) {
    case 'person':
      return textOf(coverage.person['id'])
    case 'family':
      return coverage.familyId ?? textOf(policy?.['familyId'])
    case 'policy':
      return textOf(policy?.['id'])
    case 'group':
      return textOf(policy?.['groupId'])
    case 'stay':
      return bill.stayId
    case 'transferChain':
      return textOf(bill.visit['transferChain'])
    case 'accident':
      return textOf(bill.visit['accidentId'])
  }
}

function periodOf(
  { period }: CounterDefinition,
  policy: FactSheet | undefined,
  context: CaseContext,
): string {
  const day = referenceDay(context)
  const start = numberOf(policy?.['start'], day)
  switch (period.type) {
    case 'claim':
    case 'lifetime':
      return ''
    case 'visit':
    case 'admission':
      return context.bill.stayId
    case 'day':
      return formatEpochDay(day)
    case 'month':
      return formatEpochDay(day).slice(0, 7)
    case 'year':
      return insuranceYear(day, context.profile.yearStart)
    case 'policyYear':
      return policyPeriod(day, start, 1)
    case 'policyYears':
      return policyPeriod(day, start, period.years)
  }
}

/** By the pack's own date; for packs that go by line, the first line's. */
function referenceDay({ bill, pack, profile }: CaseContext): number {
  switch (pack.effective.by ?? profile.yearBy) {
    case 'settlement':
      return bill.settlementDay
    case 'admission':
      return numberOf(bill.visit['start'], bill.settlementDay)
    case 'discharge':
      return numberOf(bill.visit['end'], bill.settlementDay)
    case 'line':
      return Math.min(bill.settlementDay, ...bill.lines.slice(0, 1_000).map(({ day }) => day))
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function numberOf(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback
}
