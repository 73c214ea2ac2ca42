import type { Bill } from '../../src/adjudication/bill.ts'
import type { Coverage } from '../../src/adjudication/coverage.ts'
import type { FactSheet } from '../../src/rules/facts.ts'
import { PACK_KINDS } from '../../src/rules/kind.ts'
import type { DateBasis, Period, RulePack } from '../../src/rules/pack.ts'
import type { LayerRank, Profile } from '../../src/rules/profile.ts'
import type { OracleLine } from './bill-state.ts'
import { holds, isoDay, Refused } from './conditions.ts'
import { insuranceYear, policyPeriod } from './ledger.ts'
import { whole } from './values.ts'

export interface Rules {
  readonly profile: Profile
  readonly packs: readonly RulePack[]
}

/** A part of the bill under one version of every pack and one period of every counter. */
export interface Segment {
  readonly index: number
  /** First date of its lines, days since 1970-01-01. */
  readonly day: number
  readonly reopened: number
  readonly lines: readonly number[]
}

/** A pack that pays on this segment, for a policy or for none. */
export interface Candidate {
  readonly pack: RulePack
  readonly policy: FactSheet | undefined
  readonly policyIndex: number
  readonly referenceDay: number
  readonly rank: number
}

function basisOf(pack: RulePack, profile: Profile): DateBasis {
  return pack.effective.by ?? profile.yearBy
}

export function referenceDay(basis: DateBasis, bill: Bill, segmentDay: number): number {
  switch (basis) {
    case 'settlement':
      return bill.settlementDay
    case 'line':
      return segmentDay
    case 'admission':
      return statedDay(bill, 'start')
    case 'discharge':
      return statedDay(bill, endsAsItBegins(bill) ? 'start' : 'end')
  }
}

/** An outpatient visit without an end ends on the day it starts. */
function endsAsItBegins(bill: Bill): boolean {
  return bill.visit['end'] === undefined && !isAdmission(bill)
}

export function isAdmission(bill: Bill): boolean {
  return ['inpatient', 'maternity', 'daySurgery'].includes(String(bill.visit['kind']))
}

function statedDay(bill: Bill, name: 'start' | 'end'): number {
  const day = bill.visit[name]
  if (typeof day !== 'number') throw new Refused('FACT_MISSING', `visit.${name}`)
  return day
}

function inForce(pack: RulePack, day: number): boolean {
  return pack.effective.from <= day && day <= (pack.effective.to ?? Number.POSITIVE_INFINITY)
}

/** Packs that could pay on this bill at all: not settled elsewhere, named when it is a supplement. */
export function packsInPlay(bill: Bill, rules: Rules): RulePack[] {
  return rules.packs
    .filter((pack) => bill.given?.kinds.includes(pack.kind) !== true)
    .filter((pack) => bill.supplement === undefined || bill.supplement.packs.includes(pack.id))
}

/**
 * Cuts the bill at years, months, days, versions, re-opened stays and whatever changes with a policy, where a pack goes by
 * the line's date.
 */
export function segmentsOf(
  bill: Bill,
  lines: readonly OracleLine[],
  rules: Rules,
  coverage: Coverage,
): Segment[] {
  const packs = packsInPlay(bill, rules)
  const byLine = packs.filter((pack) => basisOf(pack, rules.profile) === 'line')
  const all = lines.map((_, index) => index)
  const first = Math.min(...lines.map(({ line }) => line.day))
  const reopens = rules.profile.reopenStayEveryDays !== undefined && isAdmission(bill)
  if (byLine.length === 0 && !reopens) {
    return [{ index: 0, day: first, reopened: 0, lines: all }]
  }
  const groups = new Map<string, number[]>()
  for (const index of all) {
    const day = lines[index]?.line.day ?? first
    const versions = byLine.filter((pack) => inForce(pack, day)).map((pack) => pack.hash)
    const period = byLine.length === 0 ? '' : periodOfDay(day, byLine, rules.profile)
    const held = byLine
      .filter((pack) => pack.requiresPolicy && inForce(pack, day))
      .map((pack) => policiesOn(pack, day, bill, rules, coverage))
    const key = JSON.stringify([period, reopenedOn(day, bill, rules.profile), versions, held])
    groups.set(key, [...(groups.get(key) ?? []), index])
  }
  return [...groups.values()]
    .map((members) => ({
      day: Math.min(...members.map((index) => lines[index]?.line.day ?? first)),
      lines: members,
    }))
    .sort((a, b) => a.day - b.day)
    .map((segment, index) => ({
      ...segment,
      index,
      reopened: reopenedOn(segment.day, bill, rules.profile),
    }))
}

/** What of each policy of the pack's product a day decides: in force, policy years, end of waiting. */
function policiesOn(
  pack: RulePack,
  day: number,
  bill: Bill,
  rules: Rules,
  coverage: Coverage,
): unknown {
  return policiesFor(pack, bill, coverage, day).map((policy) => {
    const place = { bill, coverage, profile: rules.profile, policy, referenceDay: day, reopened: 0 }
    const facts = { person: coverage.person, hospital: bill.hospital, visit: bill.visit }
    const context = { pack, facts: { ...facts, bill: {}, policy, line: {} }, counter: () => 0 }
    const years = periodsOf(pack).flatMap((period) => {
      if (period.type === 'policyYear') return [policyPeriod(place, 1)]
      return period.type === 'policyYears' ? [policyPeriod(place, period.years)] : []
    })
    const waited = pack.benefits.flatMap(({ waitingDays }) =>
      waitingDays === undefined
        ? []
        : [Number(policy['start']) + whole(waitingDays, context) > day],
    )
    return [String(policy['id']), years, waited]
  })
}

function reopenedOn(day: number, bill: Bill, profile: Profile): number {
  if (profile.reopenStayEveryDays === undefined || !isAdmission(bill)) return 0
  return Math.max(0, Math.floor((day - statedDay(bill, 'start')) / profile.reopenStayEveryDays))
}

function periodOfDay(day: number, packs: readonly RulePack[], profile: Profile): string {
  const types = new Set(packs.flatMap(periodsOf).map((period) => period.type))
  const year = insuranceYear(day, profile)
  if (types.has('day')) return `${year} ${isoDay(day)}`
  if (types.has('month')) return `${year} ${isoDay(day).slice(0, 7)}`
  return year
}

function periodsOf(pack: RulePack): Period[] {
  return pack.benefits.flatMap((benefit) => [
    ...(benefit.deductible === undefined ? [] : [benefit.deductible.counter.period]),
    ...(benefit.bands === undefined ? [] : [benefit.bands.counter.period]),
    ...benefit.limits.map((limit) => limit.counter.period),
    ...benefit.counts.map((count) => count.counter.period),
    ...benefit.itemLimits.flatMap((limit) =>
      limit.counter === undefined ? [] : [limit.counter.period],
    ),
  ])
}

/** The layers of a segment in the order in which they pay. */
export function candidatesOf(
  bill: Bill,
  coverage: Coverage,
  rules: Rules,
  segment: Segment,
  facts: { visit: FactSheet; bill: FactSheet },
): Candidate[] {
  const found: Candidate[] = []
  for (const pack of packsInPlay(bill, rules)) {
    const day = referenceDay(basisOf(pack, rules.profile), bill, segment.day)
    if (!inForce(pack, day)) continue
    const held = pack.requiresPolicy ? policiesFor(pack, bill, coverage, day) : [undefined]
    for (const policy of held) {
      const sheets = { ...facts, person: coverage.person, hospital: bill.hospital, line: {} }
      if (!holds(pack.covers, { ...sheets, policy: policy ?? {} }, pack.lists)) continue
      const policyIndex = policy === undefined ? -1 : coverage.policies.indexOf(policy)
      const rank = rankOf(pack, rules.profile.order)
      found.push({ pack, policy, policyIndex, referenceDay: day, rank })
    }
  }
  refuseTwoVersions(found)
  return found.sort(inOrderOfPayment)
}

function policiesFor(pack: RulePack, bill: Bill, coverage: Coverage, day: number): FactSheet[] {
  return coverage.policies.filter(
    (policy) =>
      policy['product'] === pack.product &&
      !bill.without.includes(String(policy['id'])) &&
      Number(policy['start'] ?? Number.NEGATIVE_INFINITY) <= day &&
      day <= Number(policy['end'] ?? Number.POSITIVE_INFINITY),
  )
}

function refuseTwoVersions(found: readonly Candidate[]): void {
  for (const one of found) {
    if (found.some((other) => other.pack.id === one.pack.id && other.pack !== one.pack)) {
      throw new Refused('PACK_VERSIONS_OVERLAP', one.pack.id)
    }
  }
}

function rankOf(pack: RulePack, order: readonly LayerRank[]): number {
  const rank = order.findIndex(
    (one) =>
      one.kinds.includes(pack.kind) &&
      (one.products === undefined || one.products.includes(pack.product)),
  )
  return rank === -1 ? order.length : rank
}

function inOrderOfPayment(a: Candidate, b: Candidate): number {
  return (
    a.rank - b.rank ||
    PACK_KINDS.indexOf(a.pack.kind) - PACK_KINDS.indexOf(b.pack.kind) ||
    comparePriority(a.policy?.['priority'], b.policy?.['priority']) ||
    a.policyIndex - b.policyIndex ||
    (a.pack.id < b.pack.id ? -1 : 1)
  )
}

function comparePriority(a: unknown, b: unknown): number {
  if (a === b) return 0
  if (typeof a !== 'number') return 1
  return typeof b === 'number' ? a - b : -1
}
