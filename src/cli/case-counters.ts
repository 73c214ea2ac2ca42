import type { Bill } from '../adjudication/bill.ts'
import type { Coverage } from '../adjudication/coverage.ts'
import { insuranceYear, policyPeriod } from '../adjudication/insurance-year.ts'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { CounterDefinition, Owner, RulePack } from '../rules/pack.ts'
import type { Profile } from '../rules/profile.ts'

/** Whose counters, and on which day: what a short counter name leaves out. */
export interface CaseContext {
  readonly pack: RulePack
  readonly profile: Profile
  readonly bill: Bill
  readonly coverage: Coverage
}

/**
 * The full key of a counter written short: the name the pack gives it (`annual-cap`, `inpatient.deductible`), with
 * `|key` after it where the counter is kept apart by a key. A full key stays as it is.
 */
export function fullCounterKey(written: string, context: CaseContext): Result<string> {
  const [name = '', key = '', more] = written.split('|')
  if (more !== undefined) return success(written)
  const definition = counterNames(context.pack).get(name)
  if (definition !== undefined) return success(keyOf(definition, key, context))
  const known = [...counterNames(context.pack).keys()].join(', ') || '–'
  return failure(problem('CLI_COUNTER_UNKNOWN', 'counters', { counter: name, known }))
}

function counterNames(pack: RulePack): ReadonlyMap<string, CounterDefinition> {
  const names = new Map<string, CounterDefinition>()
  for (const { bands, counts, deductible, itemLimits, limits } of pack.benefits) {
    const used = [
      deductible?.counter,
      bands?.counter,
      ...[...itemLimits, ...limits, ...counts].map(({ counter }) => counter),
    ]
    for (const counter of used) {
      if (counter !== undefined) names.set(counter.id.slice(counter.id.indexOf(':') + 1), counter)
    }
  }
  for (const [name, counter] of Object.entries(pack.counters)) names.set(name, counter)
  return names
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
