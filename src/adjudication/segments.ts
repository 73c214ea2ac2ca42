import { formatEpochDay } from '../catalog/epoch-day.ts'
import type { CompiledPack } from '../rules/compiled.ts'
import { insuranceYear } from './insurance-year.ts'
import type { LayerPlan } from './layer-plan.ts'
import { basisOf, isInpatient, mayRun } from './select-layers.ts'
import type { SplitState, WorkLine } from './split-state.ts'

/** A part of the bill under one year's counters, one version of each line-dated pack, one admission. */
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
  const dated: CompiledPack[] = []
  for (const { compiled } of plans) {
    if (basisOf(state, compiled) === 'line' && mayRun(state, compiled)) dated.push(compiled)
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

function dateGroup(state: SplitState, dated: readonly CompiledPack[], day: number): string {
  const finest = dated.some(({ finestPeriod }) => finestPeriod === 'day')
    ? formatEpochDay(day)
    : dated.some(({ finestPeriod }) => finestPeriod === 'month')
      ? formatEpochDay(day).slice(0, 7)
      : ''
  const versions = dated
    .filter(({ pack }) => {
      const { from, to } = pack.effective
      return day >= from && (to === undefined || day <= to)
    })
    .map(({ pack }) => pack.hash)
  return `${insuranceYear(day, state.profile.yearStart)}|${finest}|${versions.join(',')}`
}
