import type { Benefit, DecisionRow, Expression, Match, Value } from '../../src/rules/pack.ts'
import type { Choices } from './choices.ts'
import { cel, percent } from './build.ts'

export function someCondition(choices: Choices, where: string, policy: boolean): Expression {
  return cel(
    choices.of(
      'true',
      'visit.referred',
      '!visit.accident',
      'hospital.level >= 2',
      'person.retired || person.age >= 60',
      "'低保' in person.identities",
      'visit.kind == "inpatient" || visit.kind == "daySurgery"',
      "person.income < yuan('20000.00')",
      "visit.start < date('2023-06-01')",
      "inList(visit.diagnosis, 'cancers')",
      "hospital.networks.exists(n, n == 'B')",
      'daysBetween(visit.start, visit.end) > 7',
      "bill.socialPaid > yuan('100.00')",
      "bill.total >= yuan('1000.00') && year(visit.end) == 2023",
      policy ? '!policy.preExisting' : 'person.tier in [1, 3]',
      policy ? 'policy.consecutiveYears > 1' : 'has(person.wage)',
    ),
    where,
  )
}

export function someLineFilter(choices: Choices, where: string): Expression {
  return cel(
    choices.of(
      'line.chargeType == "09"',
      'line.imported',
      '!line.outside',
      "inList(line.code, 'special')",
      "line.code.startsWith('A')",
      "line.amount > yuan('500.00')",
      "line.date >= date('2023-05-01')",
    ),
    where,
  )
}

function literal(num: number, den = 1): Value {
  return { type: 'literal', num, den }
}

function table(by: string, where: string, rows: readonly [Match, Value][]): Value {
  const made: DecisionRow[] = rows.map(([match, value]) => ({ matches: [match], value }))
  return { type: 'table', table: { by: [cel(by, where)], rows: made, where } }
}

function anyOf(...values: readonly (string | number | boolean)[]): Match {
  return { type: 'anyOf', values }
}

/** Money around `scale` fen: as it stands, by hospital level, by age, or computed. */
export function someMoney(choices: Choices, scale: number, where: string): Value {
  const amount = () => literal(choices.of(scale, 0, 1, choices.below(scale * 2 + 1)))
  switch (choices.below(8)) {
    case 1:
      return table('hospital.level', where, [
        [anyOf(1), amount()],
        [anyOf(2, 3), amount()],
      ])
    case 2:
      return table('person.age', where, [
        [{ type: 'range', to: 17 }, amount()],
        [{ type: 'range', from: 18, to: 59 }, amount()],
        [{ type: 'range', from: 60 }, amount()],
      ])
    case 3:
      return { type: 'formula', op: 'multiply', args: [amount(), someFraction(choices)] }
    case 4:
      return { type: 'formula', op: 'subtract', args: [amount(), amount()] }
    case 5:
      return {
        type: 'formula',
        op: choices.of('min', 'max', 'add'),
        args: [amount(), { type: 'fact', expression: cel('person.income', where) }],
      }
    case 6:
      return { type: 'formula', op: 'divide', args: [amount(), literal(choices.between(1, 7))] }
    case 7:
      return { type: 'parameter', name: 'amount' }
    default:
      return amount()
  }
}

function someFraction(choices: Choices): Value {
  return choices.of(
    percent(80),
    percent(50),
    percent(100),
    percent(0),
    percent(112, 1000),
    percent(2, 37),
    percent(1, 3),
    percent(choices.below(101)),
    percent(choices.below(10_001), 10_000),
  )
}

/** A rate in 0..1: as it stands, by a fact, or computed. */
export function someRate(choices: Choices, where: string): Value {
  const fraction = () => someFraction(choices)
  switch (choices.below(7)) {
    case 1:
      return table('person.retired', where, [
        [anyOf(true), fraction()],
        [anyOf(false), fraction()],
      ])
    case 2:
      return twoWay(choices, where)
    case 3:
      return {
        type: 'formula',
        op: 'min',
        args: [
          percent(100),
          {
            type: 'formula',
            op: 'add',
            args: [
              percent(75),
              {
                type: 'formula',
                op: 'multiply',
                args: [percent(2, 1000), { type: 'fact', expression: cel('person.age', where) }],
              },
            ],
          },
        ],
      }
    case 4:
      return { type: 'parameter', name: 'rate' }
    default:
      return fraction()
  }
}

function twoWay(choices: Choices, where: string): Value {
  const cell = () => someFraction(choices)
  const rows: DecisionRow[] = [
    { matches: [anyOf('local'), { type: 'any' }], value: cell() },
    { matches: [anyOf('otherCity', 'otherProvince'), anyOf(true)], value: cell() },
    { matches: [anyOf('otherCity', 'otherProvince'), anyOf(false)], value: cell() },
  ]
  const by = [cel('visit.place', where), cel('visit.referred', where)]
  return { type: 'table', table: { by, rows, otherwise: cell(), where } }
}

export function someWaiting(
  choices: Choices,
  plan: { readonly policy: boolean },
): Partial<Benefit> {
  if (!plan.policy || !choices.chance(10)) return {}
  return {
    waitingDays: { type: 'literal', num: choices.of(30, 90, 200), den: 1 },
    ...choices.maybe(50, 'waitingExcept', () => someCondition(choices, 'except', true)),
  }
}
