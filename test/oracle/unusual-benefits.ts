import type { Benefit, Value } from '../../src/rules/pack.ts'
import { percent } from './build.ts'
import type { Choices } from './choices.ts'
import {
  countEverything,
  itemLimitsOfNothing,
  keyedByOtherFacts,
  oneCounterForAll,
  severalEqualLimits,
  unusualFixed,
  type UnusualPlan,
} from './unusual-limits.ts'
import { dateTable, factOf, nestedAmount, unusualCondition, whole } from './unusual-values.ts'

type Change = (choices: Choices, one: Benefit, plan: UnusualPlan) => Benefit

const CHANGES: readonly Change[] = [
  meetAtOneAmount,
  deductibleAboveAll,
  oneCounterForAll,
  weightsEverywhere,
  edgesThatReadFacts,
  narrowBands,
  manyAdjustments,
  wholeFirstShares,
  severalEqualLimits,
  countEverything,
  keyedByOtherFacts,
  nestedFormulas,
  itemLimitsOfNothing,
  divideByFact,
  takenOffPayment,
  conditionsOfAllSorts,
  waitingByFact,
]

/** The benefit with some parts no policy combines; most of them in a share of a base alone. */
export function unusualBenefit(choices: Choices, one: Benefit, plan: UnusualPlan): Benefit {
  if (one.fixed !== undefined) return unusualFixed(choices, one, plan)
  return choices
    .times(choices.between(0, 4), () => CHANGES[choices.below(CHANGES.length)])
    .reduce((so, change) => change?.(choices, so, plan) ?? so, one)
}

/** Edge, deductible and every limit on money at the same amount, or a fen beside it. */
function meetAtOneAmount(choices: Choices, one: Benefit, { meeting }: UnusualPlan): Benefit {
  const near = () => whole(Math.max(0, meeting + choices.of(0, 0, 1, -1)))
  const { bands, deductible } = one
  return {
    ...one,
    ...(bands && {
      bands: {
        ...bands,
        rows: [
          { upTo: near(), rate: percent(choices.of(50, 0, 100)) },
          { rate: percent(choices.of(90, 0, 33)) },
        ],
      },
    }),
    ...(deductible && { deductible: { ...deductible, amount: near() } }),
    limits: one.limits.map((limit) =>
      limit.counter.unit === 'fen' ? { ...limit, amount: near() } : limit,
    ),
  }
}

function deductibleAboveAll(choices: Choices, one: Benefit): Benefit {
  const amount = whole(choices.of(Number.MAX_SAFE_INTEGER, 2 ** 52, 1_000_000_000))
  return one.deductible === undefined
    ? one
    : { ...one, deductible: { ...one.deductible, amount: choices.of(amount, whole(0)) } }
}

function weightsEverywhere(choices: Choices, one: Benefit): Benefit {
  const weight = () =>
    choices.of<Value>(percent(1, 3), percent(0), percent(2, 37), percent(999_999, 1_000_000), {
      type: 'formula',
      op: 'divide',
      args: [percent(1, 1), percent(choices.between(1, 9), 1)],
    })
  return { ...one, base: one.base.map((item) => ({ ...item, weight: weight() })) }
}

/** Edges that a fact, a table or a counter moves; some of them meet, which refuses the bill. */
function edgesThatReadFacts(choices: Choices, one: Benefit, { meeting }: UnusualPlan): Benefit {
  if (one.bands === undefined) return one
  const edge = choices.of<Value>(
    whole(0),
    {
      type: 'formula',
      op: 'add',
      args: [whole(meeting), factOf('person.income', 'edge')],
    },
    dateTable(choices, meeting),
    { type: 'formula', op: 'max', args: [whole(1), { type: 'counter', counter: 'seen' }] },
    { type: 'formula', op: 'divide', args: [factOf('bill.total', 'edge'), whole(3)] },
  )
  const rows = [
    { upTo: edge, rate: percent(choices.of(0, 100, 37)) },
    { rate: percent(choices.of(100, 63, 1)) },
  ]
  return { ...one, bands: { ...one.bands, rows } }
}

/** Bands of one fen, closed at the end, so that most of the base lies beyond the last. */
function narrowBands(choices: Choices, one: Benefit): Benefit {
  if (one.bands === undefined) return one
  const first = choices.of(1, 5, 10_000)
  const rows = choices.times(choices.between(2, 6), (index) => ({
    upTo: whole(first + index),
    rate: percent(choices.of(50, 100, 0, 49)),
  }))
  return { ...one, bands: { ...one.bands, rows, rounding: choices.of('band', 'benefit') } }
}

function manyAdjustments(choices: Choices, one: Benefit): Benefit {
  const large = percent(choices.of(9_007, 8_999), 9_008)
  return {
    ...one,
    adjustments: choices.times(choices.between(2, 5), () => {
      const op = choices.of('subtract', 'add', 'multiply', 'set')
      const above = op === 'multiply' && choices.chance(40)
      const share = choices.of(percent(100), percent(1, 3), percent(0), large, percent(2, 37))
      return { op, rate: above ? percent(7, 3) : share }
    }),
  }
}

function wholeFirstShares(choices: Choices, one: Benefit): Benefit {
  const rate = () => percent(choices.of(100, 0, 50, 33))
  return { ...one, firstShares: choices.times(choices.between(1, 3), () => ({ rate: rate() })) }
}

function nestedFormulas(choices: Choices, one: Benefit, { meeting }: UnusualPlan): Benefit {
  const amount = nestedAmount(choices, meeting)
  return {
    ...one,
    ...(one.deductible && { deductible: { ...one.deductible, amount } }),
    limits: one.limits.map((limit, index) =>
      limit.counter.unit === 'fen' && index % 2 === 0 ? { ...limit, amount } : limit,
    ),
  }
}

/** Nobody without an income can be settled. */
function divideByFact(choices: Choices, one: Benefit, { meeting }: UnusualPlan): Benefit {
  if (one.deductible === undefined || !choices.chance(30)) return one
  const args = [whole(meeting), factOf('person.age', 'divide')]
  return {
    ...one,
    deductible: { ...one.deductible, amount: { type: 'formula', op: 'divide', args } },
  }
}

/** The deductible off the payment of a benefit on the cost, first from what the base does not have. */
function takenOffPayment(choices: Choices, one: Benefit, { bareLine }: UnusualPlan): Benefit {
  if (one.deductible === undefined) return one
  const sources = [
    { type: 'category', category: choices.of('overCap', 'ownPay', 'coinsurance') },
    { type: 'category', category: 'inScope' },
  ] as const
  return {
    ...one,
    of: choices.of(one.of, 'cost'),
    ...(bareLine && { of: one.of }),
    deductible: { ...one.deductible, taken: choices.of('afterRate', 'before'), from: sources },
  }
}

function conditionsOfAllSorts(choices: Choices, one: Benefit): Benefit {
  return {
    ...one,
    ...choices.maybe(30, 'when', () => unusualCondition(choices)),
    firstShares: one.firstShares.map((share) => ({ ...share, when: unusualCondition(choices) })),
    limits: one.limits.map((limit) =>
      choices.chance(30) ? { ...limit, when: unusualCondition(choices) } : limit,
    ),
  }
}

function waitingByFact(choices: Choices, one: Benefit, { pack }: UnusualPlan): Benefit {
  if (!pack.requiresPolicy) return one
  const waitingDays = choices.of<Value>(
    { type: 'formula', op: 'multiply', args: [factOf('person.age', 'waiting'), whole(3)] },
    whole(0),
    factOf('policy.consecutiveYears * 30', 'waiting'),
  )
  return {
    ...one,
    waitingDays,
    ...choices.maybe(40, 'waitingExcept', () => unusualCondition(choices)),
  }
}
