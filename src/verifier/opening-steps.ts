import type {
  ClassifyStep,
  GivenStep,
  PackagePriceStep,
  RefundStep,
} from '../adjudication/explanation.ts'
import { notNegative, rounded, smaller, spread, total, type Amounts } from './exact.ts'
import {
  checkPayer,
  COINSURANCE,
  columnOf,
  COLUMNS,
  DEDUCTIBLE,
  holding,
  IN_SCOPE,
  OVER_CAP,
  OVER_LIMIT,
  OWN_PAY,
  pay,
  PRE_SELF_PAY,
  relabel,
  type Replay,
} from './replay.ts'

/** Left of an original after the refunds seen so far; the line's own step must then start from it. */
export function replayRefund(replay: Replay, step: RefundStep): void {
  const { findings, refunds } = replay
  const before = refunds.get(step.originalId)
  if (before !== undefined) findings.amount('left', before - magnitude(step.amount), step.left)
  findings.notNegative('left', step.left)
  refunds.set(step.originalId, BigInt(step.left))
}

function magnitude(amount: number): bigint {
  return BigInt(Math.abs(amount))
}

export function replayClassify(replay: Replay, step: ClassifyStep): void {
  const { findings, lines } = replay
  if (lines.has(step.line) || step.line < 0) findings.unknown('line', step.line)
  const amount = BigInt(step.amount)
  const left = replay.refunds.get(step.lineId)
  if (left !== undefined) findings.amount('amount', left, step.amount)
  const parts = {
    ownPay: BigInt(step.ownPay),
    overLimit: BigInt(step.overLimit),
    preSelfPay: BigInt(step.preSelfPay),
    inScope: BigInt(step.inScope),
  }
  for (const [part, value] of Object.entries(parts)) findings.notNegative(part, value)
  findings.amount('amount', total(Object.values(parts)), step.amount)
  checkClassifier(replay, step)
  const added = step.by === 'package'
  const { line: index, lineId: id } = step
  lines.set(index, { index, id, amount, parts, added, paid: new Map() })
  fillCells(replay, step)
}

function fillCells(replay: Replay, step: ClassifyStep): void {
  const first = step.line * COLUMNS
  replay.cost.set(first + IN_SCOPE, BigInt(step.inScope))
  replay.cost.set(first + PRE_SELF_PAY, BigInt(step.preSelfPay))
  replay.cost.set(first + OVER_LIMIT, BigInt(step.overLimit))
  replay.cost.set(first + OWN_PAY, BigInt(step.ownPay))
  if (step.cells === undefined) {
    for (let column = IN_SCOPE; column < COLUMNS; column += 1) {
      replay.remaining.set(first + column, replay.cost.get(first + column) ?? 0n)
    }
    return
  }
  const cells = replay.findings.read('cells', step.cells)
  replay.findings.amount('cells', BigInt(step.amount), total(cells.values()))
  for (const [cell, amount] of cells) {
    if (Math.floor(cell / COLUMNS) !== step.line) replay.findings.unknown('cells', cell)
    replay.remaining.set(cell, amount)
  }
}

/** Recomputes what the catalogue cut: own pay first, then the accepted price, then first self-pay. */
function checkClassifier({ findings }: Replay, step: ClassifyStep): void {
  if (step.by === 'unmatched') findings.amount('ownPay', BigInt(step.amount), step.ownPay)
  if (step.by === 'package') findings.amount('inScope', BigInt(step.amount), step.inScope)
  if (step.by !== 'catalog') return
  const covered = BigInt(step.amount) - BigInt(step.ownPay)
  const over = step.accepted === undefined ? 0n : notNegative(covered - BigInt(step.accepted))
  findings.amount('overLimit', over, step.overLimit)
  const { num, den } = step.selfPayRate ?? { num: 0, den: 1 }
  const first = rounded((covered - over) * BigInt(num), BigInt(den))
  findings.amount('preSelfPay', first, step.preSelfPay)
}

export function replayPackage(replay: Replay, step: PackagePriceStep): void {
  const { findings } = replay
  const lines = [...replay.lines.values()].filter((line) => !line.added)
  const cost = total(lines.map((line) => line.amount))
  findings.amount('cost', cost, step.cost)
  const adjustment = BigInt(step.standard) - cost
  findings.amount('adjustment', adjustment, step.adjustment)
  replay.packageAdjustment += adjustment
  if (adjustment >= 0n) return
  if (step.payer === undefined) {
    findings.fact('payer', 'hospital', '')
    return
  }
  checkPayer(replay, step.payer)
  const shares = spread(-adjustment, holding(replay.remaining))
  findings.cells('spread', shares, step.spread ?? { cells: [], amounts: [] })
  pay(replay, step.payer, shares)
}

/** Settled elsewhere: labels first, then the amount over one category after the other, each by largest remainder. */
export function replayGiven(replay: Replay, step: GivenStep): void {
  const { findings } = replay
  checkPayer(replay, step.payer)
  const payer = replay.settlement.payers[step.payer]
  findings.fact('payerId', payer?.id ?? '', step.payerId)
  findings.fact('kind', payer?.kind ?? '', step.kind)
  if (step.relabel !== undefined) {
    const { deductible, overCap } = step.relabel
    labelGiven(replay, 'relabel.deductible', deductible, DEDUCTIBLE)
    labelGiven(replay, 'relabel.overCap', overCap, OVER_CAP)
    replay.deductibleTaken += total(findings.read('relabel.deductible', deductible).values())
  }
  const shares = fillCategories(replay, step)
  findings.cells('spread', shares, step.spread)
  findings.amount('amount', total(shares.values()), step.amount)
  pay(replay, step.payer, shares)
  if (step.relabel !== undefined) relabel(replay, ofColumn(replay, IN_SCOPE), COINSURANCE)
}

function labelGiven(
  replay: Replay,
  part: string,
  stated: NonNullable<GivenStep['relabel']>['deductible'],
  column: number,
): void {
  const amount = total(replay.findings.read(part, stated).values())
  const shares = spread(amount, ofColumn(replay, IN_SCOPE))
  replay.findings.cells(part, shares, stated)
  relabel(replay, shares, column)
}

/**
 * The order of categories is the profile's and not part of the step; it shows in the step itself: every category it
 * names but one is used up, and that one gets the rest.
 */
function fillCategories(replay: Replay, step: GivenStep): Map<number, bigint> {
  const named = new Set(step.spread.cells.map(columnOf))
  const stated = replay.findings.read('spread', step.spread)
  const columns = [...named].map((column) => {
    const held = ofColumn(replay, column)
    const said = [...stated].filter(([cell]) => columnOf(cell) === column)
    const short = total(held.values()) - total(said.map(([, amount]) => amount))
    return { held, short }
  })
  columns.sort((one, other) => (one.short === other.short ? 0 : one.short < other.short ? -1 : 1))
  const shares = new Map<number, bigint>()
  let left = BigInt(step.amount)
  for (const { held } of columns) {
    const part = spread(smaller(left, total(held.values())), held)
    for (const [cell, amount] of part) shares.set(cell, amount)
    left -= total(part.values())
  }
  return shares
}

function ofColumn(replay: Replay, column: number): Amounts {
  return new Map([...holding(replay.remaining)].filter(([cell]) => columnOf(cell) === column))
}
