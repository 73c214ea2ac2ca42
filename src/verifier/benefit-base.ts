import type { BenefitStep, LimitUse } from '../adjudication/explanation.ts'
import { minus, notNegative, rounded, smaller, spread, total, within } from './exact.ts'
import { isInScope, lineOf, COLUMNS, IN_SCOPE, type Replay } from './replay.ts'

/** What a benefit works on, recomputed from the cells it chose. */
export interface ReplayedBase {
  /** Cells chosen, as they stand in the replay. */
  readonly selected: ReadonlyMap<number, bigint>
  readonly weighted: ReadonlyMap<number, bigint>
  readonly firstShare: ReadonlyMap<number, bigint>
  readonly gross: bigint
  readonly base: bigint
}

/** Selected cells → item limits → weights → first shares → limits on base. */
export function replayBase(replay: Replay, step: BenefitStep): ReplayedBase {
  const { findings } = replay
  const selected = replaySelected(replay, step)
  let cells = replayItems(replay, step, selected)
  for (const [index, weight] of step.weights.entries()) {
    const part = within(cells, weight.cells)
    const before = total(part.values())
    const after = rounded(before * BigInt(weight.num), BigInt(weight.den))
    findings.amount(`weights[${index}].before`, before, weight.before)
    findings.amount(`weights[${index}].after`, after, weight.after)
    const shares = spread(after, part)
    cells = new Map([...cells, ...[...part.keys()].map((cell) => shareOf(cell, shares))])
  }
  const firstShare = new Map<number, bigint>()
  for (const [index, share] of step.firstShares.entries()) {
    const before = total(cells.values())
    const amount = rounded(before * BigInt(share.num), BigInt(share.den))
    findings.amount(`firstShares[${index}].before`, before, share.before)
    findings.amount(`firstShares[${index}].amount`, amount, share.amount)
    const shares = spread(amount, cells)
    for (const [cell, part] of shares) firstShare.set(cell, (firstShare.get(cell) ?? 0n) + part)
    cells = minus(cells, shares)
  }
  findings.cells('spread.firstShare', firstShare, step.spread.firstShare)
  findings.cells('weighted', cells, step.weighted)
  const gross = total(cells.values())
  findings.amount('gross', gross, step.gross)
  const base = limited(replay, step.limits, 'base', gross)
  findings.amount('base', base, step.base)
  return { selected, weighted: cells, firstShare, gross, base }
}

function shareOf(cell: number, shares: ReadonlyMap<number, bigint>): [number, bigint] {
  return [cell, shares.get(cell) ?? 0n]
}

/** Of residual: all that is unpaid in a chosen cell; of cost: all that the line cost in that part. */
function replaySelected(replay: Replay, step: BenefitStep): Map<number, bigint> {
  const source = step.of === 'cost' ? replay.cost : replay.remaining
  const selected = new Map<number, bigint>()
  for (const cell of step.selected.cells) {
    if (!replay.lines.has(lineOf(cell))) replay.findings.unknown('selected.cells', cell)
    selected.set(cell, source.get(cell) ?? 0n)
  }
  replay.findings.cells('selected', selected, step.selected)
  return selected
}

/** Limits on items, days and quantities only take away; by how much is theirs to say. */
function replayItems(
  replay: Replay,
  step: BenefitStep,
  selected: Map<number, bigint>,
): Map<number, bigint> {
  if (step.afterItems === undefined) return selected
  const kept = replay.findings.read('afterItems', step.afterItems)
  for (const [cell, amount] of kept) {
    const room = selected.get(cell) ?? 0n
    if (amount > room) replay.findings.amount(`afterItems[cell ${cell}]`, room, amount)
  }
  return kept
}

/** `amount` cut to the smallest room of the limits `on` this; checks rooms and which of them bound. */
export function limited(
  replay: Replay,
  limits: readonly LimitUse[],
  on: LimitUse['on'],
  amount: bigint,
): bigint {
  let smallest = amount
  for (const limit of limits) if (limit.on === on) smallest = smaller(smallest, roomOf(limit))
  let bound = smallest === amount
  for (const [index, limit] of limits.entries()) {
    if (limit.on !== on) continue
    const room = roomOf(limit)
    if (room >= amount && limit.bound)
      replay.findings.fact(`limits[${index}].bound`, 'false', 'true')
    bound ||= limit.bound && room === smallest
  }
  if (!bound) replay.findings.fact(`limits.${on}.bound`, 'true', 'false')
  return smallest
}

export function roomOf(limit: LimitUse): bigint {
  return notNegative(BigInt(limit.amount) - BigInt(limit.used))
}

export function checkRooms(replay: Replay, limits: readonly LimitUse[]): void {
  for (const [index, limit] of limits.entries()) {
    replay.findings.count(`limits[${index}].room`, roomOf(limit), limit.room)
  }
}

/**
 * Cells the payment can be taken from: the chosen ones; of cost, all of a line's in-scope columns stand for its
 * in-scope cost.
 */
export function payableCells(step: BenefitStep): number[] {
  if (step.of === 'residual') return [...step.selected.cells]
  return step.selected.cells.flatMap((cell) => {
    if (!isInScope(cell)) return [cell]
    const first = lineOf(cell) * COLUMNS
    return Array.from({ length: IN_SCOPE + 1 }, (_, column) => first + column)
  })
}
