import type {
  BaseItem,
  Benefit,
  Deductible,
  DeductibleSource,
  Value,
} from '../../src/rules/pack.ts'
import { PACK_KINDS, SOCIAL_KINDS, type PackKind } from '../../src/rules/kind.ts'
import type { Choices } from './choices.ts'
import { bands, benefit, percent } from './build.ts'
import { someCounter, type PackPlan } from './generate-counters.ts'
import { someCounts, someItemLimits, someLimits } from './generate-limits.ts'
import {
  someCondition,
  someLineFilter,
  someMoney,
  someRate,
  someWaiting,
} from './generate-values.ts'

export function someBenefit(choices: Choices, id: string, plan: PackPlan): Benefit {
  const of = !plan.basic && choices.chance(15) ? 'cost' : 'residual'
  const floored = choices.chance(of === 'residual' ? 8 : 3)
  const plain = of === 'residual' && !floored
  const full = `${plan.id}:${id}`
  return benefit(id, {
    ...choices.maybe(15, 'when', () => someCondition(choices, `${id}.when`, plan.policy)),
    ...(!plan.bareLine && choices.maybe(25, 'lines', () => someLineFilter(choices, `${id}.lines`))),
    base: someBase(choices, of, plan, id),
    of,
    ...someWaiting(choices, plan),
    ...choices.maybe(6, 'settledBy', () => choices.of('direct', 'supplement')),
    requiresSettled: choices.chance(6) ? [choices.of<PackKind>('basic', 'commercial')] : [],
    firstShares: choices.chance(12) ? someFirstShares(choices, plan) : [],
    itemLimits: !plan.bareLine && choices.chance(25) ? someItemLimits(choices, full, plan) : [],
    ...choices.maybe(60, 'deductible', () => someDeductible(choices, full, plan)),
    bands: someBands(choices, full, plan),
    adjustments: choices.chance(25) ? someAdjustments(choices, plan) : [],
    ...(floored && {
      floor: {
        rate: someRate(choices, 'floor'),
        base: someFloorBase(choices, plan, id),
      },
    }),
    limits: someLimits(choices, full, plan, plain),
    counts: someCounts(choices, plan),
  })
}

function someBase(
  choices: Choices,
  of: Benefit['of'],
  plan: PackPlan,
  id: string,
): readonly BaseItem[] {
  const cost: readonly (readonly BaseItem['category'][])[] = [
    ['inScope'],
    ['inScope', 'preSelfPay'],
    ['ownPay'],
    ['preSelfPay', 'overLimit', 'ownPay'],
    ['ownPay', 'inScope'],
  ]
  const residual: typeof cost = [
    ['coinsurance'],
    ['deductible', 'coinsurance'],
    ['overCap'],
    ['coinsurance', 'inScope', 'preSelfPay'],
  ]
  const options = of === 'cost' || plan.basic ? cost : [...cost, ...residual]
  const categories = options[choices.below(options.length)] ?? ['inScope']
  return categories.map((category) => ({
    category,
    ...choices.maybe(20, 'weight', () => someRate(choices, `${id}.weight`)),
    ...(!plan.bareLine && choices.maybe(15, 'lines', () => someLineFilter(choices, `${id}.base`))),
  }))
}

function someFirstShares(choices: Choices, plan: PackPlan): Benefit['firstShares'] {
  return choices.times(choices.between(1, 2), () => ({
    ...choices.maybe(50, 'when', () => someCondition(choices, 'firstShare', plan.policy)),
    rate: someRate(choices, 'firstShare'),
  }))
}

function someDeductible(choices: Choices, id: string, plan: PackPlan): Deductible {
  const amount = someMoney(choices, plan.scale, `${id}.deductible`)
  const seen: Value = { type: 'counter', counter: 'seen' }
  const percentOfSeen: Value = { type: 'formula', op: 'multiply', args: [percent(10), seen] }
  return {
    amount: choices.of(amount, amount, amount, amount, amount, amount, seen, percentOfSeen),
    counter: choices.chance(25)
      ? plan.shared.deductible
      : someCounter(choices, `${id}.deductible`, plan),
    taken: choices.chance(20) ? 'afterRate' : 'before',
    from: choices.chance(20)
      ? choices.times(choices.between(1, 3), () => someSource(choices, id, plan))
      : [],
    filledBy: choices.chance(25)
      ? choices.of<readonly PackKind[]>(SOCIAL_KINDS, ['commercial'], PACK_KINDS, ['basic'])
      : [],
  }
}

function someSource(choices: Choices, id: string, plan: PackPlan): DeductibleSource {
  if (!plan.bareLine && choices.chance(40)) {
    return { type: 'lines', lines: someLineFilter(choices, `${id}.from`) }
  }
  const category = choices.of<BaseItem['category']>(
    'preSelfPay',
    'ownPay',
    'inScope',
    'overLimit',
    'coinsurance',
    'deductible',
  )
  return { type: 'category', category }
}

function someFloorBase(choices: Choices, plan: PackPlan, id: string): readonly BaseItem[] {
  const categories = choices.of<readonly BaseItem['category'][]>(
    ['inScope', 'preSelfPay'],
    ['inScope', 'preSelfPay', 'overLimit', 'ownPay'],
    ['ownPay'],
  )
  return categories.map((category) => ({
    category,
    ...(!plan.bareLine && choices.maybe(30, 'lines', () => someLineFilter(choices, `${id}.floor`))),
  }))
}

function someBands(choices: Choices, id: string, plan: PackPlan): NonNullable<Benefit['bands']> {
  const steps = choices.of(0, 0, 1, 2, 3)
  const open = !choices.chance(10) || steps === 0
  const edges = choices.times(steps, (index) => ({
    upTo: {
      type: 'literal' as const,
      num:
        (index + 1) * (plan.scale * 2 + 1) * (plan.flatEdges && choices.chance(20) ? 0 : 1) +
        index * choices.below(plan.scale + 1),
      den: 1,
    },
    rate: someRate(choices, `${id}.band`),
  }))
  const last = open ? [{ rate: someRate(choices, `${id}.band`) }] : []
  return bands(id, [...edges, ...last], {
    axis: choices.of('includingDeductible', 'aboveDeductible'),
    counter: someCounter(choices, `${id}.bands`, plan),
    rounding: choices.of('band', 'benefit'),
  })
}

function someAdjustments(choices: Choices, plan: PackPlan): Benefit['adjustments'] {
  return choices.times(choices.between(1, 2), () => ({
    op: choices.of('subtract', 'add', 'multiply', 'set'),
    rate: choices.of(percent(5), percent(15), percent(80), someRate(choices, 'adjust')),
    ...choices.maybe(60, 'when', () => someCondition(choices, 'adjust', plan.policy)),
  }))
}
