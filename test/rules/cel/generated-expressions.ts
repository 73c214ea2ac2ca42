import fc from 'fast-check'

const FLAGS = ['visit.referred', 'person.retired', 'line.imported', 'has(person.income)', 'true']
const INTS = ['person.age', 'person.tier', 'visit.days', 'hospital.level', '0', '1', '7', '-3']
const AMOUNTS = ['person.income', 'line.amount', 'bill.total', 'yuan("0.01")', 'yuan("20000")']
const DATES = ['visit.start', 'visit.end', 'line.date', 'policy.start', 'date("2023-06-30")']
const TEXTS = ['person.insutype', 'line.code', 'visit.diagnosis', '"390"', '"C"', '""']
const LISTS = ['person.identities', 'visit.diagnoses', 'hospital.tags']

const RELATION = fc.constantFrom('==', '!=', '<', '<=', '>', '>=')

type Expressions = {
  flag: string
  int: string
  money: string
}

/** Well-typed conditions over facts of every type, up to a dozen operators deep. */
export const CONDITION: fc.Arbitrary<string> = fc.letrec<Expressions>((tie) => ({
  flag: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(...FLAGS),
    written(tie('int'), RELATION, tie('int')),
    written(tie('money'), RELATION, tie('money')),
    written(fc.constantFrom(...DATES), RELATION, fc.constantFrom(...DATES)),
    written(fc.constantFrom(...TEXTS), RELATION, fc.constantFrom(...TEXTS)),
    written(fc.constantFrom(...TEXTS), fc.constant('in'), fc.constantFrom(...LISTS)),
    written(tie('flag'), fc.constantFrom('&&', '||', '==', '!='), tie('flag')),
    tie('flag').map((flag) => `!${flag}`),
    fc
      .tuple(tie('flag'), tie('flag'), tie('flag'))
      .map(([condition, yes, no]) => `(${condition} ? ${yes} : ${no})`),
    fc
      .tuple(
        fc.constantFrom(...LISTS),
        fc.constantFrom('exists', 'all'),
        RELATION,
        fc.constantFrom(...TEXTS),
      )
      .map(([list, macro, relation, text]) => `${list}.${macro}(x, x ${relation} ${text})`),
    fc
      .tuple(fc.constantFrom(...TEXTS, ...LISTS), fc.constantFrom('special', 'cancers'))
      .map(([item, list]) => `inList(${item}, "${list}")`),
  ),
  int: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...INTS),
    written(tie('int'), fc.constantFrom('+', '-', '*', '/', '%'), tie('int')),
    fc
      .tuple(fc.constantFrom(...DATES), fc.constantFrom(...DATES))
      .map(([from, to]) => `daysBetween(${from}, ${to})`),
    fc.constantFrom(...DATES).map((date) => `year(${date})`),
    fc.constantFrom(...TEXTS, ...LISTS).map((item) => `size(${item})`),
  ),
  money: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(...AMOUNTS),
    written(tie('money'), fc.constantFrom('+', '-'), tie('money')),
    written(tie('int'), fc.constant('*'), fc.constantFrom(...AMOUNTS)),
  ),
})).flag

function written(
  left: fc.Arbitrary<string>,
  operator: fc.Arbitrary<string>,
  right: fc.Arbitrary<string>,
): fc.Arbitrary<string> {
  return fc.tuple(left, operator, right).map((parts) => `(${parts.join(' ')})`)
}
