import { formatEpochDay } from '../catalog/epoch-day.ts'
import { FactMissing, ValueUndefined } from '../rules/compiled.ts'
import { isInForce } from '../rules/effective.ts'
import type { FactSheet } from '../rules/facts.ts'
import { insuranceYear, policyPeriod } from './insurance-year.ts'
import { LayerFrame } from './layer-context.ts'
import type { LayerPlan } from './layer-plan.ts'
import { basisOf, isInpatient, mayHold, mayRun } from './select-layers.ts'
import type { SplitState, WorkLine } from './split-state.ts'

/**
 * A part of the bill under one year's counters, one version of each line-dated pack, the same policies in force, one
 * admission.
 */
export interface Segment {
  readonly index: number
  readonly lines: readonly WorkLine[]
  /** Earliest line date. */
  readonly day: number
  readonly admission: number
}

/**
 * Cuts the bill by the dates of its lines where a pack or the profile goes by `line`, or where the profile re-opens long
 * stays; otherwise one segment. Segments come in date order.
 */
export function segmentsOf(state: SplitState, plans: readonly LayerPlan[]): readonly Segment[] {
  const dated: LayerPlan[] = []
  for (const plan of plans) {
    const { compiled } = plan
    if (basisOf(state, compiled) === 'line' && mayRun(state, compiled)) dated.push(plan)
  }
  const reopens = state.profile.reopenStayEveryDays !== undefined && isInpatient(state.visit)
  if (dated.length === 0 && !reopens) return [segment(0, state.lines, 0)]
  const groups = new Map<string, { lines: WorkLine[]; admission: number; day: number }>()
  for (const line of state.lines) {
    const admission = admissionIndex(state, line.day)
    const name = `${admission}|${dated.length === 0 ? '' : dateGroup(state, dated, line.day)}`
    const group = groups.get(name)
    if (group === undefined) groups.set(name, { lines: [line], admission, day: line.day })
    else {
      group.lines.push(line)
      group.day = Math.min(group.day, line.day)
    }
  }
  return [...groups.values()]
    .sort((left, right) => left.day - right.day)
    .map(({ lines, admission }, index) => segment(index, lines, admission))
}

function segment(index: number, lines: readonly WorkLine[], admission: number): Segment {
  const day = lines.reduce((earliest, line) => Math.min(earliest, line.day), Infinity)
  return { index, lines, day, admission }
}

function admissionIndex(state: SplitState, day: number): number {
  const { reopenStayEveryDays } = state.profile
  const { start } = state.visit
  if (reopenStayEveryDays === undefined || typeof start !== 'number') return 0
  if (!isInpatient(state.visit)) return 0
  return Math.max(0, Math.floor((day - start) / reopenStayEveryDays))
}

function dateGroup(state: SplitState, dated: readonly LayerPlan[], day: number): string {
  const finest = dated.some(({ compiled }) => compiled.finestPeriod === 'day')
    ? formatEpochDay(day)
    : dated.some(({ compiled }) => compiled.finestPeriod === 'month')
      ? formatEpochDay(day).slice(0, 7)
      : ''
  const inForce = dated.filter(({ compiled }) => isInForce(compiled.pack, day))
  const versions = inForce.map(({ compiled }) => compiled.pack.hash)
  const policies = inForce.flatMap((plan) => policyGroups(state, plan, day))
  const year = insuranceYear(day, state.profile.yearStart)
  return `${year}|${finest}|${versions.join(',')}|${policies.join(',')}`
}

/** Of each policy of the pack's product: whether it is in force, its policy years, whether its waiting is over. */
function policyGroups(state: SplitState, plan: LayerPlan, day: number): readonly string[] {
  const { pack } = plan.compiled
  if (!pack.requiresPolicy) return []
  return state.coverage.policies.flatMap((policy) => {
    if (!mayHold(state, pack, policy)) return []
    const { start, end } = policy
    // What is not stated is refused where the layer is opened.
    if (typeof start !== 'number' || typeof end !== 'number') return []
    if (day < start || day > end) return ['out']
    const periods = plan.compiled.policyYears.map((years) => policyPeriod(day, start, years))
    return [[...periods, ...waitingsOver(state, plan, policy, start, day)].join(' ')]
  })
}

function waitingsOver(
  state: SplitState,
  { compiled }: LayerPlan,
  policy: FactSheet,
  start: number,
  day: number,
): readonly string[] {
  const frame = new LayerFrame(state, policy, day, 0)
  return compiled.benefits.flatMap(({ waitingDays }) => {
    if (waitingDays === undefined) return []
    try {
      return [start + waitingDays(frame) <= day ? '+' : '-']
    } catch (error) {
      // Whoever has to know the days refuses the bill; a benefit that is not open need not.
      if (error instanceof FactMissing || error instanceof ValueUndefined) return []
      throw error
    }
  })
}
