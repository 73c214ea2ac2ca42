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
    ...optional('when', condition(benefit.when, scope, 'bill')),
    ...optional('lines', condition(benefit.lines, scope, 'line')),
    ...optional(
      'waitingDays',
      amount(benefit.waitingDays, 'number', scope, `${where}.waiting.days`),
    ),
    ...optional('waitingExcept', condition(benefit.waitingExcept, scope, 'bill')),
    base: compileBase(benefit.base, scope, `${where}.base`),
    ...optional('itemOfColumn', itemOfColumn(benefit.base)),
    firstShares: benefit.firstShares.map((share, index) => ({
      ...optional('when', condition(share.when, scope, 'bill')),
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
    ...optional('deductible', deductible && compileDeductible(deductible, scope, where)),
    ...optional('bands', bands && compileBands(bands, scope, where)),
    adjustments: compileAdjustments(benefit, scope, where),
    ...optional(
      'floor',
      floor && {
        rate: compileRate(floor.rate, 'share', scope, `${where}.floor.rate`),
        base: compileBase(floor.base, scope, `${where}.floor.base`),
      },
    ),
    limits: benefit.limits.map((limit, index) =>
      compileLimit(limit, scope, `${where}.limits[${index}]`),
    ),
    ...optional('fixed', fixed && compileFixed(fixed, scope, `${where}.fixed`)),
    counts: benefit.counts.map(({ counter, what }) => ({
      counter: compileCounter(counter, scope, 'bill'),
      what,
    })),
  }
}

/** A property that is absent, not undefined, when there is nothing to compile. */
function optional<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  const properties: { [P in K]?: T } = {}
  if (value !== undefined) properties[key] = value
  return properties
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
    ...optional(
      'weight',
      weight && compileRate(weight, 'share', scope, `${where}[${index}].weight`),
    ),
    ...optional('lines', condition(lines, scope, 'line')),
  }))
}

/** The first base item that takes each column; undefined where an item looks at the line. */
function itemOfColumn(items: readonly BaseItem[]): Int8Array | undefined {
  if (items.some(({ lines }) => lines !== undefined)) return undefined
  return Int8Array.from(CATEGORIES, (_, column) =>
    items.findIndex(({ category }) => takesColumn(COLUMN[category], column)),
  )
}

function compileItemLimit(limit: ItemLimit, scope: PackScope, where: string): CompiledItemLimit {
  return {
    limit,
    ...optional('lines', condition(limit.lines, scope, 'line')),
    amount: compileAmount(limit.amount, 'money', scope, `${where}.amount`),
    ...optional('counter', limit.counter && compileCounter(limit.counter, scope, 'line')),
  }
}

function compileDeductible(
  deductible: NonNullable<Benefit['deductible']>,
  scope: PackScope,
  where: string,
): NonNullable<CompiledBenefit['deductible']> {
  return {
    amount: compileAmount(deductible.amount, 'money', scope, `${where}.deductible.amount`),
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
    rows: bands.rows.map(({ upTo, rate }, index) => ({
      ...optional('upTo', amount(upTo, 'money', scope, `${where}.bands[${index}].upTo`)),
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
    ...optional('when', condition(adjustment.when, scope, 'bill')),
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
    ...optional('when', condition(limit.when, scope, 'bill')),
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
    ...optional('days', amount(fixed.days, 'number', scope, `${where}.days`)),
    ...optional('waitingDays', amount(fixed.waitingDays, 'number', scope, `${where}.waitingDays`)),
  }
}
