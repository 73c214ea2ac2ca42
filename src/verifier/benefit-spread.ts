import type { BenefitStep } from '../adjudication/explanation.ts'
import { payableCells, type ReplayedBase } from './benefit-base.ts'
import type { ReplayedPayment } from './benefit-payment.ts'
import { minus, plus, smaller, spread, total, within, type Amounts } from './exact.ts'
import {
  COINSURANCE,
  DEDUCTIBLE,
  IN_SCOPE,
  inColumn,
  isInScope,
  OVER_CAP,
  pay,
  PRE_SELF_PAY,
  relabel,
  type Replay,
} from './replay.ts'

interface Spreads {
  readonly deductible: Amounts
  readonly overCap: Amounts
  readonly payment: Amounts
  readonly rest: Amounts
}

/** Deductible, over cap and payment one after the other, each over what the earlier ones left of the cells. */
export function replaySpread(
  replay: Replay,
  step: BenefitStep,
  base: ReplayedBase,
  amounts: ReplayedPayment,
): void {
  const { findings } = replay
  const spreads =
    step.of === 'cost' ? costSpreads(replay, step, amounts) : residualSpreads(step, base, amounts)
  findings.cells('spread.deductible', spreads.deductible, step.spread.deductible)
  findings.cells('spread.overCap', spreads.overCap, step.spread.overCap)
  findings.cells('spread.payment', spreads.payment, step.spread.payment)
  const rest = step.of === 'cost' ? 0n : total(spreads.rest.values())
  findings.amount('coinsurance', rest, step.coinsurance)
  pay(replay, step.payer, spreads.payment)
  if (namesParts(step)) relabelBasic(replay, base, spreads)
  const extra = extraSpread(replay, step, base, amounts.payment - total(spreads.payment.values()))
  findings.cells('spread.extra', extra, step.spread.extra)
  pay(replay, step.payer, extra)
}

function residualSpreads(
  step: BenefitStep,
  { weighted }: ReplayedBase,
  amounts: ReplayedPayment,
): Spreads {
  const deductible = deductibleSpread(step, weighted, amounts.takenBefore)
  const afterDeductible = minus(weighted, deductible)
  const overCap = spread(amounts.overCap, afterDeductible)
  const afterOverCap = minus(afterDeductible, overCap)
  const payment = spread(amounts.payment, afterOverCap)
  return { deductible, overCap, payment, rest: minus(afterOverCap, payment) }
}

/** Whether the in-scope part gets new names, first shares of it included. */
function namesParts({ basic, of }: BenefitStep): boolean {
  return basic && of !== 'cost'
}

/** A benefit on cost moves no labels; it only takes its payment from what is left. */
function costSpreads(replay: Replay, step: BenefitStep, amounts: ReplayedPayment): Spreads {
  const none = new Map<number, bigint>()
  const payment = spread(amounts.payment, within(replay.remaining, payableCells(step)))
  return { deductible: none, overCap: none, payment, rest: none }
}

/** The groups named by the rule first, in order; then the rest. */
function deductibleSpread(step: BenefitStep, weighted: Amounts, taken: bigint): Amounts {
  let shares: Amounts = new Map<number, bigint>()
  let left = taken
  for (const group of [...(step.deductible?.from ?? []), [...weighted.keys()]]) {
    const held = within(minus(weighted, shares), group)
    const part = spread(smaller(left, total(held.values())), held)
    left -= total(part.values())
    shares = plus(shares, part)
  }
  return shares
}

/** The in-scope part that a basic layer has seen gets its name: deductible, over cap, coinsurance, first self-pay. */
function relabelBasic(replay: Replay, { firstShare }: ReplayedBase, spreads: Spreads): void {
  relabel(replay, inScopeOf(firstShare), PRE_SELF_PAY)
  relabel(replay, inScopeOf(spreads.deductible), DEDUCTIBLE)
  relabel(replay, inScopeOf(spreads.overCap), OVER_CAP)
  relabel(replay, inScopeOf(spreads.rest), COINSURANCE)
}

function inScopeOf(amounts: Amounts): Map<number, bigint> {
  return new Map([...amounts].filter(([cell]) => isInScope(cell)))
}

/** Beyond the base: what is left of the chosen cells first, in-scope first shares included, then of the floor's. */
function extraSpread(
  replay: Replay,
  step: BenefitStep,
  base: ReplayedBase,
  amount: bigint,
): Amounts {
  const chosen = payableCells(step).flatMap((cell) =>
    namesParts(step) && isInScope(cell) ? inScopeColumns(cell) : [cell],
  )
  const held = within(replay.remaining, new Set(chosen))
  if (namesParts(step)) {
    for (const [cell, share] of landed(inScopeOf(base.firstShare))) {
      if (!chosen.includes(cell)) held.set(cell, share)
    }
  }
  const first = spread(amount, new Map([...held].sort(([a], [b]) => a - b)))
  const left = amount - total(first.values())
  const floor = within(minus(replay.remaining, first), new Set(step.floor?.cells ?? []))
  return plus(first, spread(left, floor))
}

/** First shares by the cell they were named into. */
function landed(shares: Amounts): Map<number, bigint> {
  const sums = new Map<number, bigint>()
  for (const [cell, share] of shares) {
    const target = inColumn(cell, PRE_SELF_PAY)
    if (share > 0n) sums.set(target, (sums.get(target) ?? 0n) + share)
  }
  return sums
}

/** After a basic layer gave the in-scope part of a line its names, any of them may hold what was chosen. */
function inScopeColumns(cell: number): number[] {
  return [DEDUCTIBLE, COINSURANCE, OVER_CAP, IN_SCOPE].map((column) => inColumn(cell, column))
}
