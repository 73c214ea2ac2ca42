import { CATEGORIES, COLUMN, takesColumn } from '../category.ts'
import type { CompiledBaseItem, CompiledBenefit, CompiledItemLimit } from '../compiled.ts'
import type { BaseItem, Benefit, Expression, ItemLimit, Limit, Value } from '../pack.ts'
import { compileCondition, type Place } from './conditions.ts'
import { compileCounter } from './exact.ts'
import type { PackScope } from './pack-scope.ts'
import { compileAmount, compileRate } from './values.ts'

/** One benefit with every expression and value compiled; `where` is its path, e.g. `benefits[0]`. */
export function compileBenefit(benefit: Benefit, scope: PackScope, where: string): CompiledBenefit {
  const { bands, deductible, fixed, floor } = benefit
  return {
    benefit,
    ofCost: benefit.of === 'cost',
    bestOf: benefit.bestOf,
    settledBy: benefit.settledBy,
    requiresSettled: benefit.requiresSettled,
    when: condition(benefit.when, scope, 'bill'),
    lines: condition(benefit.lines, scope, 'line'),
    waitingDays: amount(benefit.waitingDays, 'number', scope, `${where}.waiting.days`),
    waitingExcept: condition(benefit.waitingExcept, scope, 'bill'),
    base: compileBase(benefit.base, scope, `${where}.base`),
    itemOfColumn: itemOfColumn(benefit.base),
    columns: columnsOf(benefit.base),
    firstShares: benefit.firstShares.map((share, index) => ({
      when: condition(share.when, scope, 'bill'),
      rate: compileRate(share.rate, 'share', scope, `${where}.firstShare[${index}].rate`),
    })),
    itemLimits: benefit.itemLimits.map((limit, index) =>
      compileItemLimit(limit, scope, `${where}.itemLimits[${index}]`),
    ),
    perQuantity: benefit.limits.some(({ on }) => on === 'quantity'),
    perDay:
      benefit.limits.some(({ on }) => on === 'days') ||
      benefit.counts.some(({ what }) => what === 'days'),
    isWeighted:
      benefit.firstShares.length > 0 || benefit.base.some(({ weight }) => weight !== undefined),
    deductible: deductible && compileDeductible(deductible, scope, where),
    bands: bands && compileBands(bands, scope, where),
    adjustments: compileAdjustments(benefit, scope, where),
    floor: floor && {
      rate: compileRate(floor.rate, 'share', scope, `${where}.floor.rate`),
      base: compileBase(floor.base, scope, `${where}.floor.base`),
    },
    limits: benefit.limits.map((limit, index) =>
      compileLimit(limit, scope, `${where}.limits[${index}]`),
    ),
    fixed: fixed && compileFixed(fixed, scope, `${where}.fixed`),
    counts: benefit.counts.map(({ counter, what }) => ({
      counter: compileCounter(counter, scope, 'bill'),
      what,
    })),
  }
}

function condition(expression: Expression | undefined, scope: PackScope, place: Place) {
  return expression && compileCondition(expression, scope, place)
}

function amount(
  value: Value | undefined,
  kind: 'money' | 'number',
  scope: PackScope,
  where: string,
) {
  return value && compileAmount(value, kind, scope, where)
}

function compileBase(
  items: readonly BaseItem[],
  scope: PackScope,
  where: string,
): readonly CompiledBaseItem[] {
  return items.map(({ category, weight, lines }, index) => ({
    column: COLUMN[category],
    weight: weight && compileRate(weight, 'share', scope, `${where}[${index}].weight`),
    lines: condition(lines, scope, 'line'),
  }))
}

/** The first base item that takes each column; undefined where an item looks at the line. */
function itemOfColumn(items: readonly BaseItem[]): Int8Array | undefined {
  if (items.some(({ lines }) => lines !== undefined)) return undefined
  return Int8Array.from(CATEGORIES, (_, column) =>
    items.findIndex(({ category }) => takesColumn(COLUMN[category], column)),
  )
}

function columnsOf(items: readonly BaseItem[]): Int8Array {
  const taken = (column: number) =>
    items.some(({ category }) => takesColumn(COLUMN[category], column))
  return Int8Array.from([...CATEGORIES.keys()].filter(taken))
}

function compileItemLimit(limit: ItemLimit, scope: PackScope, where: string): CompiledItemLimit {
  return {
    limit,
    lines: condition(limit.lines, scope, 'line'),
    amount: compileAmount(limit.amount, 'money', scope, `${where}.amount`),
    counter: limit.counter && compileCounter(limit.counter, scope, 'line'),
  }
}

function compileDeductible(
  deductible: NonNullable<Benefit['deductible']>,
  scope: PackScope,
  where: string,
): NonNullable<CompiledBenefit['deductible']> {
  return {
    amount: compileAmount(deductible.amount, 'money', scope, `${where}.deductible.amount`),
    taken: deductible.taken,
    filledBy: deductible.filledBy,
    counter: compileCounter(deductible.counter, scope, 'bill'),
    from: deductible.from.map((source) =>
      source.type === 'category'
        ? { type: source.type, column: COLUMN[source.category] }
        : { type: source.type, lines: compileCondition(source.lines, scope, 'line') },
    ),
  }
}

function compileBands(
  bands: NonNullable<Benefit['bands']>,
  scope: PackScope,
  where: string,
): NonNullable<CompiledBenefit['bands']> {
  return {
    counter: compileCounter(bands.counter, scope, 'bill'),
    axis: bands.axis,
    rounding: bands.rounding,
    rows: bands.rows.map(({ upTo, rate }, index) => ({
      upTo: amount(upTo, 'money', scope, `${where}.bands[${index}].upTo`),
      rate: compileRate(rate, 'share', scope, `${where}.bands[${index}].rate`),
    })),
  }
}

/** Only what multiplies a rate may exceed 1: the others state a share. */
function compileAdjustments(
  benefit: Benefit,
  scope: PackScope,
  where: string,
): CompiledBenefit['adjustments'] {
  return benefit.adjustments.map((adjustment, index) => ({
    adjustment,
    when: condition(adjustment.when, scope, 'bill'),
    rate: compileRate(
      adjustment.rate,
      adjustment.op === 'multiply' ? 'factor' : 'share',
      scope,
      `${where}.adjust[${index}].${adjustment.op}`,
    ),
  }))
}

function compileLimit(
  limit: Limit,
  scope: PackScope,
  where: string,
): CompiledBenefit['limits'][number] {
  const counted = limit.on === 'days' || limit.on === 'times' || limit.on === 'quantity'
  return {
    limit,
    when: condition(limit.when, scope, 'bill'),
    amount: compileAmount(limit.amount, counted ? 'number' : 'money', scope, `${where}.amount`),
    counter: compileCounter(limit.counter, scope, limit.on === 'quantity' ? 'line' : 'bill'),
  }
}

function compileFixed(
  fixed: NonNullable<Benefit['fixed']>,
  scope: PackScope,
  where: string,
): NonNullable<CompiledBenefit['fixed']> {
  return {
    amount: compileAmount(fixed.amount, 'money', scope, `${where}.amount`),
    days: amount(fixed.days, 'number', scope, `${where}.days`),
    waitingDays: amount(fixed.waitingDays, 'number', scope, `${where}.waitingDays`),
  }
}
