import { problem } from '../errors/problem.ts'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import { FactMissing, type CompiledPack } from '../rules/compiled.ts'
import type { FactSheet } from '../rules/facts.ts'
import { PACK_KINDS } from '../rules/kind.ts'
import type { DateBasis } from '../rules/pack.ts'
import { insuranceYear } from './insurance-year.ts'
import { layerFrame, type LayerContext } from './layer-context.ts'
import { refuseFor, SettleRefused } from './refusal.ts'
import type { Segment } from './segments.ts'
import { openPayer, type SplitState } from './split-state.ts'

/** Layers of one rank that pay together (`equal`) or a single one. */
export interface RankedLayers {
  readonly equal: boolean
  readonly layers: readonly LayerContext[]
}

interface Candidate {
  readonly compiled: CompiledPack
  readonly policy: FactSheet | undefined
  readonly policyIndex: number
  readonly day: number
  readonly rank: number
  readonly equal: boolean
}

/** The layers of a segment in the order in which they pay (design section 7.1). */
export function selectLayers(
  state: SplitState,
  packs: readonly CompiledPack[],
  segment: Segment,
): readonly RankedLayers[] {
  const candidates = packs
    .filter((compiled) => mayRun(state, compiled))
    .flatMap((compiled) => candidatesOf(state, compiled, segment))
  refuseTwoVersions(candidates)
  candidates.sort(inOrder)
  const ranked: { equal: boolean; layers: LayerContext[] }[] = []
  let previous: Candidate | undefined
  for (const candidate of candidates) {
    const layer = openLayer(state, candidate, segment)
    const last = ranked[ranked.length - 1]
    if (last !== undefined && previous !== undefined && sharesRank(previous, candidate)) {
      last.layers.push(layer)
      last.equal = true
    } else {
      ranked.push({ equal: false, layers: [layer] })
    }
    previous = candidate
  }
  return ranked
}

/** Whether the pack can concern the bill at all, before dates and conditions. */
export function mayRun(state: SplitState, compiled: CompiledPack): boolean {
  const { pack } = compiled
  const { supplement, given } = state.bill
  if (supplement !== undefined) {
    if (!supplement.packs.includes(pack.id)) return false
  } else if (given?.kinds.includes(pack.kind) === true) {
    return false
  }
  const region = state.coverage.person['region']
  return pack.jurisdiction === undefined || region === undefined || pack.jurisdiction === region
}

/** Date basis of a pack: its own, else the profile's. */
export function basisOf(state: SplitState, compiled: CompiledPack): DateBasis {
  return compiled.basis ?? state.profile.yearBy
}

function candidatesOf(
  state: SplitState,
  compiled: CompiledPack,
  segment: Segment,
): readonly Candidate[] {
  const { pack } = compiled
  const rank = rankOf(state, compiled)
  return holders(state, compiled).flatMap(({ policy, policyIndex }) =>
    refuseFor(
      pack.id,
      () => {
        const day = referenceDay(state, compiled, segment)
        const { from, to } = pack.effective
        if (day < from || (to !== undefined && day > to)) return []
        if (policy !== undefined && !isActive(policy, day)) return []
        const frame = layerFrame(state, policy, day, segment.admission)
        if (compiled.covers !== undefined && !compiled.covers(frame)) return []
        return [{ compiled, policy, policyIndex, day, ...rank }]
      },
      undefined,
    ),
  )
}

function holders(
  state: SplitState,
  { pack }: CompiledPack,
): readonly { readonly policy: FactSheet | undefined; readonly policyIndex: number }[] {
  if (!pack.requiresPolicy) return [{ policy: undefined, policyIndex: 0 }]
  return state.coverage.policies.flatMap((policy, policyIndex) => {
    const without = state.bill.without.includes(String(policy['id']))
    return policy['product'] === pack.product && !without ? [{ policy, policyIndex }] : []
  })
}

function isActive(policy: FactSheet, day: number): boolean {
  return day >= dateOf(policy, 'start') && day <= dateOf(policy, 'end')
}

function dateOf(policy: FactSheet, name: 'start' | 'end'): number {
  const value = policy[name]
  if (typeof value !== 'number') throw new FactMissing(`policy.${name}`, 'policies')
  return value
}

/** The day that chooses version and periods. An outpatient visit without an end ends on the day it starts. */
export function referenceDay(state: SplitState, compiled: CompiledPack, segment: Segment): number {
  const { visit, bill } = state
  switch (basisOf(state, compiled)) {
    case 'settlement':
      return bill.settlementDay
    case 'line':
      return segment.day
    case 'admission':
      return visitDay(visit, 'start')
    case 'discharge':
      if (visit['end'] === undefined && !isInpatient(visit)) return visitDay(visit, 'start')
      return visitDay(visit, 'end')
  }
}

function visitDay(visit: FactSheet, name: 'start' | 'end'): number {
  const value = visit[name]
  if (typeof value !== 'number') throw new FactMissing(`visit.${name}`, 'effective.by')
  return value
}

export function isInpatient(visit: FactSheet): boolean {
  const { kind } = visit
  return kind === 'inpatient' || kind === 'maternity' || kind === 'daySurgery'
}

function rankOf(state: SplitState, { pack }: CompiledPack): Pick<Candidate, 'rank' | 'equal'> {
  const { order } = state.profile
  const rank = order.findIndex(
    ({ kinds, products }) =>
      kinds.includes(pack.kind) && (products === undefined || products.includes(pack.product)),
  )
  if (rank < 0) return { rank: order.length, equal: false }
  return { rank, equal: order[rank]?.sharing === 'equal' }
}

function inOrder(left: Candidate, right: Candidate): number {
  return (
    left.rank - right.rank ||
    PACK_KINDS.indexOf(left.compiled.pack.kind) - PACK_KINDS.indexOf(right.compiled.pack.kind) ||
    comparePriorities(priorityOf(left), priorityOf(right)) ||
    left.policyIndex - right.policyIndex ||
    compareTexts(left.compiled.pack.id, right.compiled.pack.id)
  )
}

function comparePriorities(left: number, right: number): number {
  return left === right ? 0 : left - right
}

function compareTexts(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

function priorityOf({ policy }: Candidate): number {
  const priority = policy?.['priority']
  return typeof priority === 'number' ? priority : Infinity
}

function sharesRank(left: Candidate, right: Candidate): boolean {
  return left.equal && left.rank === right.rank && priorityOf(left) === priorityOf(right)
}

function refuseTwoVersions(candidates: readonly Candidate[]): void {
  const seen = new Set<string>()
  for (const { compiled, policyIndex, day } of candidates) {
    const name = `${compiled.pack.id}|${policyIndex}`
    if (seen.has(name)) {
      const details = { pack: compiled.pack.id, day: formatEpochDay(day) }
      throw new SettleRefused(problem('PACK_VERSIONS_OVERLAP', '', details))
    }
    seen.add(name)
  }
}

function openLayer(state: SplitState, candidate: Candidate, segment: Segment): LayerContext {
  const { compiled, policy, day } = candidate
  const { pack } = compiled
  const policyId = typeof policy?.['id'] === 'string' ? policy['id'] : undefined
  const known = state.payers.findIndex(
    (payer) => payer.pack === pack.id && payer.policyId === policyId,
  )
  const payer =
    known >= 0
      ? known
      : openPayer(state, {
          id: pack.payer.id,
          kind: pack.kind,
          pack: pack.id,
          policyId,
          wire: pack.payer.wire,
          fundPayType: pack.payer.fundPayType,
          given: false,
        })
  return {
    state,
    compiled,
    policy,
    frame: layerFrame(state, policy, day, segment.admission),
    day,
    year: insuranceYear(day, state.profile.yearStart),
    segment: segment.index,
    lines: segment.lines,
    admission: segment.admission,
    payer,
  }
}
