import type {
  Benefit,
  Count,
  CounterDefinition,
  ItemLimit,
  Limit,
  Value,
} from '../../src/rules/pack.ts'
import { benefit, cel } from './build.ts'
import type { Choices } from './choices.ts'
import { someCounter, type PackPlan } from './generate-counters.ts'
import { someCondition, someLineFilter, someMoney, someWaiting } from './generate-values.ts'

export function someItemLimits(choices: Choices, id: string, plan: PackPlan): readonly ItemLimit[] {
  return choices.times(choices.between(1, 2), (index) => {
    const per = choices.of<ItemLimit['per']>('line', 'item', 'unit', 'day')
    const own = choices.chance(40)
    const counter = someCounter(choices, `${id}.item-${index + 1}`, plan)
    return {
      per,
      amount: someMoney(choices, Math.ceil(plan.scale / 2), `${id}.item`),
      ...choices.maybe(30, 'lines', () => someLineFilter(choices, `${id}.item`)),
      ...(own && {
        counter: per === 'item' ? keyedByCode(counter, id) : counter,
      }),
    }
  })
}

export function someLimits(
  choices: Choices,
  id: string,
  plan: PackPlan,
  plain: boolean,
): readonly Limit[] {
  const found: Limit[] = []
  const offer = (odds: number, on: Limit['on']): void => {
    if (choices.chance(odds)) {
      found.push(someLimit(choices, `${id}.limit-${found.length + 1}`, on, plan))
    }
  }
  offer(40, 'payment')
  offer(10, 'payment')
  offer(15, 'base')
  offer(10, 'baseAfterDeductible')
  offer(8, 'deductible')
  if (plain || choices.chance(30)) offer(10, 'patientShare')
  offer(8, 'times')
  offer(5, 'times')
  if (plan.bareLine) return found
  offer(10, 'days')
  offer(5, 'days')
  offer(10, 'quantity')
  offer(8, 'quantity')
  return found
}

function someLimit(choices: Choices, id: string, on: Limit['on'], plan: PackPlan): Limit {
  const counts = on === 'days' || on === 'times' || on === 'quantity'
  const small = { type: 'literal' as const, num: choices.between(1, 6), den: 1 }
  const shared = !counts && choices.chance(on === 'payment' ? 30 : 5)
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
    overCap: choices.of('base', 'base', 'payment'),
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

export function someCounts(choices: Choices, plan: PackPlan): readonly Count[] {
  const { seen, seenTimes, seenDays } = plan
  const money: Count = {
    counter: seen,
    what: choices.of('payment', 'base', 'deductible', 'patientShare'),
  }
  return [
    ...(choices.chance(20) ? [money] : []),
    ...(choices.chance(8) ? [{ counter: plan.shared.cap, what: 'payment' } as const] : []),
    ...(choices.chance(12) ? [{ counter: seenTimes, what: 'times' } as const] : []),
    ...(choices.chance(12) ? [{ counter: seenDays, what: 'days' } as const] : []),
  ]
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
  const times: Limit = {
    ...days,
    id: 'limit-3',
    on: 'times',
    counter: someCounter(choices, `${id}.limit-3`, plan, 'times'),
  }
  return benefit('fixed', {
    base: [],
    fixed: {
      per,
      amount: someMoney(choices, 20_000, id),
      ...(per === 'day' && choices.maybe(50, 'waitingDays', () => whole(choices.of(3, 0, 15)))),
      ...(per === 'day' && choices.maybe(40, 'days', () => someDays(choices))),
    },
    ...choices.maybe(20, 'when', () => someCondition(choices, `${id}.when`, plan.policy)),
    ...someWaiting(choices, plan),
    limits: [
      ...(per === 'day' && choices.chance(50) ? [days] : []),
      ...(choices.chance(40) ? [money] : []),
      ...(choices.chance(30) ? [times] : []),
    ],
    counts: someCounts(choices, plan),
  })
}

/** Days of a stay as a number of its own, a fact, or one less than a limit of days. */
function someDays(choices: Choices): Value {
  const stated: Value = { type: 'fact', expression: cel('visit.days', 'days') }
  const most: Value = { type: 'literal', num: choices.between(1, 12), den: 1 }
  return choices.of<Value>(stated, most, { type: 'formula', op: 'min', args: [stated, most] })
}
