import { problem } from '../errors/problem.ts'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import { FactMissing, type CompiledPack } from '../rules/compiled.ts'
import { isInForce } from '../rules/effective.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { DateBasis, RulePack } from '../rules/pack.ts'
import { LayerFrame, yearOf, type LayerContext } from './layer-context.ts'
import { compareTexts, type LayerPlan } from './layer-plan.ts'
import { refuseFor, SettleRefused } from './refusal.ts'
import type { Segment } from './segments.ts'
import { openPayer, type SplitState } from './split-state.ts'

/** Layers of one rank that pay together (`equal`) or a single one. */
export interface RankedLayers {
  readonly equal: boolean
  readonly layers: readonly LayerContext[]
}

interface Candidate {
  readonly plan: LayerPlan
  readonly policy: FactSheet | undefined
  readonly policyIndex: number
  /** Infinity where the policy states none. */
  readonly priority: number
  readonly day: number
  readonly frame: LayerFrame
}

/** What candidates are looked for in, and where those found go. */
interface Search {
  readonly state: SplitState
  readonly segment: Segment
  readonly candidates: Candidate[]
}

/** The layers of a segment in the order in which they pay (design section 7.1). */
export function selectLayers(
  state: SplitState,
  plans: readonly LayerPlan[],
  segment: Segment,
): readonly RankedLayers[] {
  const candidates: Candidate[] = []
  const search: Search = { state, segment, candidates }
  for (const plan of plans) {
    if (mayRun(state, plan.compiled)) refuseFor(plan.compiled.pack.id, addCandidates, search, plan)
  }
  refuseTwoVersions(candidates)
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

/** The pack once, or once for each policy of its product; where it is in force and covers the person. */
function addCandidates(search: Search, plan: LayerPlan): void {
  const { pack } = plan.compiled
  if (!pack.requiresPolicy) {
    addCandidate(search, plan, undefined, 0)
    return
  }
  const { policies } = search.state.coverage
  for (let index = 0; index < policies.length; index += 1) {
    const policy = policies[index]
    if (policy === undefined || !mayHold(search.state, pack, policy)) continue
    addCandidate(search, plan, policy, index)
  }
}

/** Whether the policy is one of the pack's product that the bill does not leave out, on whatever day. */
export function mayHold(state: SplitState, pack: RulePack, policy: FactSheet): boolean {
  if (policy['product'] !== pack.product) return false
  const { without } = state.bill
  return without.length === 0 || !without.includes(String(policy['id']))
}

function addCandidate(
  { state, segment, candidates }: Search,
  plan: LayerPlan,
  policy: FactSheet | undefined,
  policyIndex: number,
): void {
  const { compiled } = plan
  const day = referenceDay(state, compiled, segment)
  if (!isInForce(compiled.pack, day)) return
  if (policy !== undefined && !isActive(policy, day)) return
  const frame = new LayerFrame(state, policy, day, segment.admission)
  if (compiled.covers !== undefined && !compiled.covers(frame)) return
  if (state.suspended?.has(compiled.pack.hash) === true) {
    const { id, payer } = compiled.pack
    throw new SettleRefused(problem('PAYER_SUSPENDED', '', { pack: id, payer: payer.id }))
  }
  const stated = policy?.['priority']
  const priority = typeof stated === 'number' ? stated : Infinity
  insertInOrder(candidates, { plan, policy, policyIndex, priority, day, frame })
}

/** Plans come in order, so that only policies ever move. */
function insertInOrder(candidates: Candidate[], candidate: Candidate): void {
  candidates.push(candidate)
  for (let place = candidates.length - 1; place > 0; place -= 1) {
    const before = candidates[place - 1]
    if (before === undefined || inOrder(before, candidate) <= 0) return
    candidates[place] = before
    candidates[place - 1] = candidate
  }
}

export function isActive(policy: FactSheet, day: number): boolean {
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

function inOrder(left: Candidate, right: Candidate): number {
  const [one, other] = [left.plan, right.plan]
  return (
    one.rank - other.rank ||
    one.kindOrder - other.kindOrder ||
    comparePriorities(left.priority, right.priority) ||
    left.policyIndex - right.policyIndex ||
    compareTexts(one.compiled.pack.id, other.compiled.pack.id)
  )
}

function comparePriorities(left: number, right: number): number {
  return left === right ? 0 : left - right
}

function sharesRank(left: Candidate, right: Candidate): boolean {
  const { plan } = left
  return plan.equal && plan.rank === right.plan.rank && left.priority === right.priority
}

/** In order, two versions of a pack for one policy stand side by side. */
function refuseTwoVersions(candidates: readonly Candidate[]): void {
  for (let index = 1; index < candidates.length; index += 1) {
    const [one, other] = [candidates[index - 1], candidates[index]]
    if (one === undefined || other === undefined) continue
    const { pack } = one.plan.compiled
    if (pack.id !== other.plan.compiled.pack.id || one.policyIndex !== other.policyIndex) continue
    const details = { pack: pack.id, day: formatEpochDay(other.day) }
    throw new SettleRefused(problem('PACK_VERSIONS_OVERLAP', '', details))
  }
}

function openLayer(state: SplitState, candidate: Candidate, segment: Segment): LayerContext {
  const { policy, day, frame } = candidate
  const { compiled } = candidate.plan
  const { pack } = compiled
  const policyId = typeof policy?.['id'] === 'string' ? policy['id'] : undefined
  const isFirst = !state.payers.some((one) => one.pack === pack.id && one.policyId === policyId)
  const known = knownPayer(state, pack, policyId)
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
    frame,
    day,
    year: yearOf(state, day),
    segment: segment.index,
    lines: segment.lines,
    admission: segment.admission,
    payer,
    isFirst,
  }
}

/** The payer an earlier segment opened; −1: none. A later version of a pack may have another payer. */
function knownPayer(state: SplitState, pack: RulePack, policyId: string | undefined): number {
  const { id, wire, fundPayType } = pack.payer
  for (const payer of state.payers) {
    if (payer.pack !== pack.id || payer.policyId !== policyId || payer.id !== id) continue
    const isSame = payer.kind === pack.kind && payer.wire === wire
    if (isSame && payer.fundPayType === fundPayType) return payer.index
  }
  return -1
}
