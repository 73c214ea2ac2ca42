import { problem } from '../errors/problem.ts'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import { FactMissing, type CompiledPack } from '../rules/compiled.ts'
import { ZERO_FEN } from '../money/fen.ts'
import { isInForce } from '../rules/effective.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { DateBasis, RulePack } from '../rules/pack.ts'
import { LayerContext, LayerFrame } from './layer-context.ts'
import { compareTexts, type LayerPlan } from './layer-plan.ts'
import { refusedBy, SettleRefused } from './refusal.ts'
import type { Segment } from './segments.ts'
import { openPayer, type PayerColumn, type SplitState } from './split-state.ts'

/** What layers are looked for in, and where those found go. */
interface Search {
  readonly state: SplitState
  readonly segment: Segment
  readonly layers: LayerContext[]
}

/** The layers of a segment in the order in which they pay (design section 7.1). */
export function selectLayers(
  state: SplitState,
  plans: readonly LayerPlan[],
  segment: Segment,
): readonly LayerContext[] {
  const layers: LayerContext[] = []
  const search: Search = { state, segment, layers }
  for (const plan of plans) {
    if (!mayRun(state, plan.compiled)) continue
    try {
      addLayers(search, plan)
    } catch (error) {
      throw refusedBy(plan.compiled.pack.id, error)
    }
  }
  refuseTwoVersions(layers)
  for (const layer of layers) openLayer(state, layer)
  return layers
}

/** Where the layers end that pay together with the one at `from`; most pay alone. */
export function endOfRank(layers: readonly LayerContext[], from: number): number {
  let end = from + 1
  for (; end < layers.length; end += 1) {
    const [before, layer] = [layers[end - 1], layers[end]]
    if (before === undefined || layer === undefined || !sharesRank(before, layer)) break
  }
  return end
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
function addLayers(search: Search, plan: LayerPlan): void {
  const { pack } = plan.compiled
  if (!pack.requiresPolicy) {
    addLayer(search, plan, undefined, 0)
    return
  }
  const { policies } = search.state.coverage
  for (let index = 0; index < policies.length; index += 1) {
    const policy = policies[index]
    if (policy === undefined || !mayHold(search.state, pack, policy)) continue
    addLayer(search, plan, policy, index)
  }
}

/** Whether the policy is one of the pack's product that the bill does not leave out, on whatever day. */
export function mayHold(state: SplitState, pack: RulePack, policy: FactSheet): boolean {
  if (policy['product'] !== pack.product) return false
  const { without } = state.bill
  return without.length === 0 || !without.includes(String(policy['id']))
}

function addLayer(
  { state, segment, layers }: Search,
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
  insertInOrder(layers, new LayerContext(plan, frame, policyIndex, segment))
}

/** Plans come in order, so that only policies ever move. */
function insertInOrder(layers: LayerContext[], layer: LayerContext): void {
  layers.push(layer)
  for (let place = layers.length - 1; place > 0; place -= 1) {
    const before = layers[place - 1]
    if (before === undefined || inOrder(before, layer) <= 0) return
    layers[place] = before
    layers[place - 1] = layer
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

function inOrder(left: LayerContext, right: LayerContext): number {
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

function sharesRank(left: LayerContext, right: LayerContext): boolean {
  const { plan } = left
  return plan.equal && plan.rank === right.plan.rank && left.priority === right.priority
}

/** In order, two versions of a pack for one policy stand side by side. */
function refuseTwoVersions(layers: readonly LayerContext[]): void {
  for (let index = 1; index < layers.length; index += 1) {
    const [one, other] = [layers[index - 1], layers[index]]
    if (one === undefined || other === undefined) continue
    const { pack } = one.plan.compiled
    if (pack.id !== other.plan.compiled.pack.id || one.policyIndex !== other.policyIndex) continue
    const details = { pack: pack.id, day: formatEpochDay(other.day) }
    throw new SettleRefused(problem('PACK_VERSIONS_OVERLAP', '', details))
  }
}

/** Finds the payer that an earlier segment opened for it, or opens one. */
function openLayer(state: SplitState, layer: LayerContext): void {
  const { pack } = layer.compiled
  const { policyId } = layer
  for (const payer of state.payers) {
    if (payer.pack !== pack.id || payer.policyId !== policyId) continue
    layer.isFirst = false
    if (layer.payer < 0 && isSamePayer(payer, pack)) layer.payer = payer.index
  }
  if (layer.payer >= 0) return
  layer.payer = openPayer(state, {
    index: state.payers.length,
    id: pack.payer.id,
    kind: pack.kind,
    pack: pack.id,
    policyId,
    wire: pack.payer.wire,
    fundPayType: pack.payer.fundPayType,
    given: false,
    amount: ZERO_FEN,
  })
}

/** A later version of a pack may have another payer. */
function isSamePayer(
  { id, kind, wire, fundPayType }: PayerColumn,
  { kind: packKind, payer }: RulePack,
): boolean {
  return (
    id === payer.id && kind === packKind && wire === payer.wire && fundPayType === payer.fundPayType
  )
}
