import type { DecisionRow, Expression, Value } from '../../src/rules/pack.ts'
import { cel, percent } from './build.ts'
import type { Choices } from './choices.ts'

/** The amount as it stands: fen, days, times. */
export function whole(num: number): Value {
  return { type: 'literal', num, den: 1 }
}

export function factOf(source: string, where: string): Value {
  return { type: 'fact', expression: cel(source, where) }
}

/** By dates and amounts, with a row for all the rest of one dimension. */
export function dateTable(choices: Choices, meeting: number): Value {
  const rows: DecisionRow[] = [
    {
      matches: [{ type: 'range', to: 2023 }, { type: 'any' }],
      value: whole(choices.below(meeting + 2)),
    },
    {
      matches: [
        { type: 'range', from: 2024 },
        { type: 'range', to: 2_999_999 },
      ],
      value: whole(meeting),
    },
    {
      matches: [
        { type: 'range', from: 2024 },
        { type: 'range', from: 3_000_001 },
      ],
      value: whole(meeting * 2),
    },
  ]
  const by = [cel('year(visit.start)', 'table'), cel('person.income', 'table')]
  return { type: 'table', table: { by, rows, otherwise: whole(meeting + 7), where: 'table' } }
}

/** Money that is computed in several steps, with fractions that never end, below zero on the way. */
export function nestedAmount(choices: Choices, meeting: number): Value {
  const third: Value = { type: 'formula', op: 'divide', args: [whole(meeting), whole(3)] }
  const income = factOf('person.income', 'formula')
  return choices.of<Value>(
    { type: 'formula', op: 'multiply', args: [third, percent(2, 37), whole(3)] },
    {
      type: 'formula',
      op: 'subtract',
      args: [third, { type: 'formula', op: 'multiply', args: [income, percent(1, 7)] }, whole(1)],
    },
    {
      type: 'formula',
      op: 'min',
      args: [
        { type: 'formula', op: 'max', args: [third, income, whole(2)] },
        { type: 'formula', op: 'divide', args: [income, whole(2), whole(3)] },
      ],
    },
  )
}

export function unusualCondition(choices: Choices): Expression {
  return cel(
    choices.of(
      'has(person.wage) && person.wage > person.income',
      '!has(person.wage) || person.wage < person.income',
      "person.identities.all(one, one != '特困')",
      'size(person.identities) == 0',
      'person.age / 7 * 7 == person.age',
      '-person.age % 5 < 0',
      "bill.total - bill.socialPaid > yuan('0.00')",
      "person.age > 17 ? visit.referred : person.sex == 'male'",
      "visit.diagnosis.matches('^(J|K)[0-9]+$')",
    ),
    'condition',
  )
}
