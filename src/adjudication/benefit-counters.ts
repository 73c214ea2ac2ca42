import type { CompiledBenefit } from '../rules/compiled.ts'
import type { Count, LimitOn } from '../rules/pack.ts'
import type { BenefitAmounts } from './benefit.ts'
import type { BenefitBase } from './benefit-base.ts'
import type { Contribution } from './counter-book.ts'
import { keyOf, type LayerContext } from './layer-context.ts'
import type { OpenLimit } from './limit-room.ts'

/** What a computed benefit puts into its counters: deductible, axis, limits, item limits and declared counts. */
export function benefitContributions(
  layer: LayerContext,
  compiled: CompiledBenefit,
  base: BenefitBase,
  limits: readonly OpenLimit[],
  amounts: BenefitAmounts,
): Contribution[] {
  const { benefit } = compiled
  const contributions: Contribution[] = []
  const put = (
    key: string,
    unit: Contribution['unit'],
    amount: number,
    what: Contribution['what'],
  ) => {
    if (amount !== 0) contributions.push({ key, unit, amount, what })
  }
  const { deductible } = amounts
  if (deductible !== undefined)
    put(deductible.key, 'fen', deductible.filled + deductible.taken, 'deductible')
  if (amounts.axisKey !== undefined) {
    const before = benefit.bands?.axis === 'aboveDeductible' ? 0 : amounts.takenBefore
    put(amounts.axisKey, 'fen', before + amounts.ratedBase, 'bands')
  }
  const measures: Measures = {
    payment: amounts.payment,
    base: amounts.base,
    baseAfterDeductible: amounts.ratedBase,
    deductible: (deductible?.filled ?? 0) + (deductible?.taken ?? 0),
    patientShare: amounts.share,
    days: base.days,
    times: amounts.payment > 0 ? 1 : 0,
    quantity: 0,
  }
  for (const { limit, key } of limits) {
    put(key, limit.counter.unit, measures[limit.on], limit.on)
  }
  for (const item of base.contributions) put(item.key, item.unit, item.amount, item.what)
  for (const { counter, what } of compiled.counts) {
    put(keyOf(layer, counter), counter.definition.unit, measures[what], what)
  }
  return contributions
}

type Measures = Readonly<Record<LimitOn | Count['what'], number>>
