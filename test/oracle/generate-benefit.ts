import type {
  BaseItem,
  Benefit,
  Count,
  CounterDefinition,
  CounterUnit,
  Deductible,
  ItemLimit,
  Limit,
  Owner,
  Period,
} from '../../src/rules/pack.ts'
import { SOCIAL_KINDS } from '../../src/rules/kind.ts'
import type { Choices } from './choices.ts'
import { bands, benefit, percent } from './build.ts'
import { someCondition, someLineFilter, someMoney, someRate } from './generate-values.ts'

/** What a pack's benefits may use; some combinations have no defined answer and are never built. */
export interface PackPlan {
  readonly id: string
  readonly basic: boolean
  readonly policy: boolean
  readonly byLine: boolean
  /** A bare package line is on the bill: nothing may look at lines. */
  readonly bareLine: boolean
  readonly equalRank: boolean
  /** Usual amount of a line, fen. */
  readonly scale: number
  /** Counters that several benefits of the pack share. */
  readonly shared: { readonly deductible: CounterDefinition; readonly cap: CounterDefinition }
  readonly seen: CounterDefinition
}

type Place = readonly [Owner, Period]

const SOCIAL_PLACES: readonly Place[] = [
  ['stay', { type: 'visit' }],
  ['person', { type: 'year' }],
  ['stay', { type: 'admission' }],
  ['person', { type: 'lifetime' }],
  ['person', { type: 'month' }],
  ['person', { type: 'day' }],
  ['accident', { type: 'lifetime' }],
  ['transferChain', { type: 'lifetime' }],
  ['family', { type: 'year' }],
]

const POLICY_PLACES: readonly Place[] = [
  ['policy', { type: 'policyYear' }],
  ['policy', { type: 'policyYears', years: 2 }],
  ['family', { type: 'policyYear' }],
  ['group', { type: 'year' }],
]

export function someCounter(
  choices: Choices,
  id: string,
  plan: Pick<PackPlan, 'policy'>,
  unit: CounterUnit = 'fen',
): CounterDefinition {
  const places = plan.policy ? [...SOCIAL_PLACES, ...POLICY_PLACES] : SOCIAL_PLACES
  const [owner, period] = places[choices.below(places.length)] ?? ['person', { type: 'year' }]
  return { id, owner, period, unit }
}

export function someBenefit(choices: Choices, id: string, plan: PackPlan): Benefit {
  const of = !plan.basic && choices.chance(15) ? 'cost' : 'residual'
  const floored = of === 'residual' && choices.chance(8)
  const plain = of === 'residual' && !floored
  const full = `${plan.id}:${id}`
  return benefit(id, {
    ...choices.maybe(15, 'when', () => someCondition(choices, `${id}.when`, plan.policy)),
    ...(!plan.bareLine && choices.maybe(25, 'lines', () => someLineFilter(choices, `${id}.lines`))),
    base: someBase(choices, of, plan, id),
    of,
    ...someWaiting(choices, plan),
    firstShares: choices.chance(12) ? someFirstShares(choices, plan) : [],
    itemLimits: !plan.bareLine && choices.chance(25) ? someItemLimits(choices, full, plan) : [],
    ...choices.maybe(60, 'deductible', () => someDeductible(choices, full, plan)),
    bands: someBands(choices, full, plan),
    adjustments: choices.chance(25) ? someAdjustments(choices, plan) : [],
    ...(floored && {
      floor: {
        rate: someRate(choices, 'floor'),
        base: [{ category: 'inScope' }, { category: 'preSelfPay' }],
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

function someWaiting(choices: Choices, plan: PackPlan): Partial<Benefit> {
  if (!plan.policy || !choices.chance(10)) return {}
  return {
    waitingDays: { type: 'literal', num: choices.of(30, 90, 200), den: 1 },
    ...choices.maybe(50, 'waitingExcept', () => someCondition(choices, 'except', true)),
  }
}

function someFirstShares(choices: Choices, plan: PackPlan): Benefit['firstShares'] {
  return choices.times(choices.between(1, 2), () => ({
    ...choices.maybe(50, 'when', () => someCondition(choices, 'firstShare', plan.policy)),
    rate: someRate(choices, 'firstShare'),
  }))
}

function someItemLimits(choices: Choices, id: string, plan: PackPlan): readonly ItemLimit[] {
  return choices.times(choices.between(1, 2), (index) => {
    const per = choices.of<ItemLimit['per']>('line', 'item', 'unit', 'day')
    const own = per === 'item' && choices.chance(50)
    return {
      per,
      amount: someMoney(choices, Math.ceil(plan.scale / 2), `${id}.item`),
      ...choices.maybe(30, 'lines', () => someLineFilter(choices, `${id}.item`)),
      ...(own && {
        counter: keyedByCode(someCounter(choices, `${id}.item-${index + 1}`, plan), id),
      }),
    }
  })
}

function someDeductible(choices: Choices, id: string, plan: PackPlan): Deductible {
  const sources: Deductible['from'] = plan.bareLine
    ? [{ type: 'category', category: 'preSelfPay' }]
    : [
        { type: 'category', category: 'ownPay' },
        { type: 'lines', lines: someLineFilter(choices, `${id}.from`) },
      ]
  return {
    amount: someMoney(choices, plan.scale, `${id}.deductible`),
    counter: choices.chance(25)
      ? plan.shared.deductible
      : someCounter(choices, `${id}.deductible`, plan),
    taken: choices.chance(20) ? 'afterRate' : 'before',
    from: choices.chance(20) ? sources : [],
    filledBy: plan.policy && choices.chance(25) ? SOCIAL_KINDS : [],
  }
}

function someBands(choices: Choices, id: string, plan: PackPlan): NonNullable<Benefit['bands']> {
  const steps = choices.of(0, 0, 1, 2, 3)
  const open = !choices.chance(10) || steps === 0
  const edges = choices.times(steps, (index) => ({
    upTo: {
      type: 'literal' as const,
      num: (index + 1) * (plan.scale * 2 + 1) + index * choices.below(plan.scale + 1),
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

function someLimits(
  choices: Choices,
  id: string,
  plan: PackPlan,
  plain: boolean,
): readonly Limit[] {
  const overCap = choices.of('base', 'base', 'payment')
  const found: Limit[] = []
  const offer = (odds: number, on: Limit['on']): void => {
    if (choices.chance(odds)) {
      found.push(someLimit(choices, `${id}.limit-${found.length + 1}`, on, plan, overCap))
    }
  }
  offer(40, 'payment')
  offer(10, 'payment')
  offer(15, 'base')
  offer(10, 'baseAfterDeductible')
  offer(8, 'deductible')
  if (plain) offer(10, 'patientShare')
  offer(8, 'times')
  if (plain && !plan.bareLine && !found.some((one) => one.on === 'patientShare')) {
    offer(10, 'days')
    offer(10, 'quantity')
  }
  return found
}

function someLimit(
  choices: Choices,
  id: string,
  on: Limit['on'],
  plan: PackPlan,
  overCap: Limit['overCap'],
): Limit {
  const counts = on === 'days' || on === 'times' || on === 'quantity'
  const small = { type: 'literal' as const, num: choices.between(1, 6), den: 1 }
  const shared = on === 'payment' && choices.chance(30)
  const left = choices.chance(10) && !counts
  const amount = someMoney(choices, plan.scale * 2, id)
  return {
    id: id.slice(id.lastIndexOf('.') + 1),
    on,
    amount: counts
      ? small
      : left
        ? { type: 'formula', op: 'subtract', args: [amount, { type: 'counter', counter: 'seen' }] }
        : amount,
    counter: shared
      ? plan.shared.cap
      : keyedByItem(on, someCounter(choices, id, plan, counts ? on : 'fen'), id),
    overCap,
    ...choices.maybe(15, 'when', () => someCondition(choices, id, plan.policy)),
  }
}

function keyedByItem(on: Limit['on'], counter: CounterDefinition, id: string): CounterDefinition {
  return on === 'quantity' ? keyedByCode(counter, id) : counter
}

/** The reader keys item limits and limits on quantity by the item's code. */
function keyedByCode(counter: CounterDefinition, id: string): CounterDefinition {
  return { ...counter, key: counter.key ?? { source: 'line.code', where: id } }
}

function someCounts(choices: Choices, plan: PackPlan): readonly Count[] {
  if (!choices.chance(20)) return []
  return [{ counter: plan.seen, what: choices.of('payment', 'base', 'deductible', 'patientShare') }]
}

export function someFixed(choices: Choices, plan: PackPlan): Benefit {
  const id = `${plan.id}:fixed`
  const per = choices.of<'day' | 'once'>('day', 'once')
  const whole = (num: number) => ({ type: 'literal' as const, num, den: 1 })
  const days: Limit = {
    id: 'limit-1',
    on: 'days',
    amount: whole(choices.between(1, 20)),
    counter: someCounter(choices, `${id}.limit-1`, plan, 'days'),
    overCap: 'base',
  }
  const money: Limit = {
    ...days,
    id: 'limit-2',
    on: 'payment',
    amount: someMoney(choices, plan.scale, id),
    counter: someCounter(choices, `${id}.limit-2`, plan),
  }
  return benefit('fixed', {
    base: [],
    fixed: {
      per,
      amount: someMoney(choices, 20_000, id),
      ...(per === 'day' && choices.maybe(50, 'waitingDays', () => whole(choices.of(3, 0, 15)))),
    },
    limits: [
      ...(per === 'day' && choices.chance(50) ? [days] : []),
      ...(choices.chance(40) ? [money] : []),
    ],
  })
}
