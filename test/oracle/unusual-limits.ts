import type {
  Benefit,
  CounterDefinition,
  Expression,
  Limit,
  RulePack,
  Value,
} from '../../src/rules/pack.ts'
import { cel } from './build.ts'
import type { Choices } from './choices.ts'
import { factOf, nestedAmount, whole } from './unusual-values.ts'

/** What a change to a benefit must know of its pack. */
export interface UnusualPlan {
  readonly pack: RulePack
  /** A bare package line is on the bill: nothing may look at lines. */
  readonly bareLine: boolean
  /** One amount of the pack, at which edges, limits and deductibles meet. */
  readonly meeting: number
}

function implicit(plan: UnusualPlan, one: Benefit, name: string, unit: CounterDefinition['unit']) {
  return {
    id: `${plan.pack.id}:${one.id}.${name}`,
    owner: 'stay',
    period: { type: 'visit' },
    unit,
  } as const
}

/** Deductible, axis of the bands and limits on money all run on one counter. */
export function oneCounterForAll(choices: Choices, one: Benefit, { pack }: UnusualPlan): Benefit {
  const shared = choices.of(
    pack.counters['cap'],
    pack.counters['shared-deductible'],
    pack.counters['seen'],
  )
  if (shared === undefined) return one
  const { bands, deductible } = one
  return {
    ...one,
    ...(bands && { bands: { ...bands, counter: shared } }),
    ...(deductible && choices.chance(60) && { deductible: { ...deductible, counter: shared } }),
    limits: one.limits.map((limit) =>
      limit.counter.unit === 'fen' && choices.chance(60) ? { ...limit, counter: shared } : limit,
    ),
    itemLimits: one.itemLimits.map((limit) =>
      limit.counter !== undefined && limit.per !== 'item' && choices.chance(50)
        ? { ...limit, counter: shared }
        : limit,
    ),
  }
}

/** Limits alike in all but what they are called, one of them only cutting off. */
export function severalEqualLimits(choices: Choices, one: Benefit, plan: UnusualPlan): Benefit {
  const on = choices.of<Limit['on']>('payment', 'base', 'payment', 'patientShare', 'deductible')
  const amount = whole(plan.meeting)
  return {
    ...one,
    limits: choices.times(choices.between(1, 4), (index) => ({
      id: `limit-${index + 1}`,
      on,
      amount,
      counter: implicit(plan, one, `limit-${choices.of(1, index + 1)}`, 'fen'),
      overCap: choices.of('base', 'payment'),
    })),
  }
}

export function countEverything(choices: Choices, one: Benefit, { pack }: UnusualPlan): Benefit {
  const { counters } = pack
  const seen = choices.of(counters['seen'], counters['cap'], counters['shared-deductible'])
  const [times, days] = [counters['seen-times'], counters['seen-days']]
  if (seen === undefined || times === undefined || days === undefined) return one
  const money = ['payment', 'base', 'deductible', 'patientShare'] as const
  return {
    ...one,
    counts: [
      ...money.map((what) => ({ counter: seen, what })),
      { counter: times, what: 'times' },
      { counter: days, what: 'days' },
    ],
  }
}

export function keyedByOtherFacts(choices: Choices, one: Benefit): Benefit {
  const key = cel(
    choices.of('visit.kind', "person.sex + '/' + visit.place", 'string(hospital.level)'),
    'key',
  )
  const keyed = (counter: CounterDefinition) =>
    counter.key === undefined && counter.id.includes(`:${one.id}.`) ? { ...counter, key } : counter
  const { bands, deductible } = one
  return {
    ...one,
    ...(bands && { bands: { ...bands, counter: keyed(bands.counter) } }),
    ...(deductible && { deductible: { ...deductible, counter: keyed(deductible.counter) } }),
    limits: one.limits.map((limit) =>
      limit.on === 'quantity' ? limit : { ...limit, counter: keyed(limit.counter) },
    ),
  }
}

export function itemLimitsOfNothing(choices: Choices, one: Benefit, plan: UnusualPlan): Benefit {
  if (plan.bareLine) return one
  const lines = (): Expression => cel(choices.of('line.amount == yuan("0.00")', '!line.imported'))
  return {
    ...one,
    itemLimits: choices.times(choices.between(2, 4), (index) => {
      const per = choices.of('unit', 'line', 'day', 'item')
      const counter = implicit(plan, one, `item-${choices.of(1, index + 1)}`, 'fen')
      const key = cel(choices.of('line.code', 'line.chargeType'), 'key')
      return {
        per,
        amount: whole(choices.of(0, 1, plan.meeting, Number.MAX_SAFE_INTEGER)),
        ...choices.maybe(40, 'lines', lines),
        ...choices.maybe(50, 'counter', () =>
          per === 'item' || choices.chance(30) ? { ...counter, key } : counter,
        ),
      }
    }),
  }
}

/** Days, times and money of a lump sum or an allowance that a fact decides. */
export function unusualFixed(choices: Choices, one: Benefit, plan: UnusualPlan): Benefit {
  const { fixed } = one
  if (fixed === undefined || !choices.chance(60)) return one
  const days = choices.of<Value>(
    factOf('daysBetween(visit.start, visit.end) / 2', 'days'),
    whole(0),
    { type: 'formula', op: 'subtract', args: [whole(5), factOf('visit.days', 'days')] },
  )
  return {
    ...one,
    fixed: {
      ...fixed,
      amount: choices.of(nestedAmount(choices, plan.meeting), whole(plan.meeting), whole(0)),
      ...(fixed.per === 'day' && { days, waitingDays: choices.of(whole(0), days) }),
    },
    limits: one.limits.map((limit) =>
      limit.on === 'payment' ? { ...limit, amount: whole(plan.meeting) } : limit,
    ),
  }
}
