import type { TypedExpression } from '../cel/check.ts'
import type { FlagTerm } from '../cel/term.ts'
import { tablesOf } from '../compile/analyse-table.ts'
import { packScope, typedExpression, type PackScope } from '../compile/pack-scope.ts'
import { compileGrid } from '../compile/tables.ts'
import type { Benefit, Expression, RulePack, Value } from '../pack.ts'
import type { Fen } from '../../money/fen.ts'
import { assignmentsOf, mergeVariables, type Assignment, type Variable } from './assignment.ts'
import { truthOf, variablesOf } from './condition-space.ts'
import { sampleBill } from './sample-bill.ts'

/** One benefit as the checks look at it. */
export interface BenefitView {
  readonly pack: RulePack
  readonly benefit: Benefit
  readonly index: number
  /** Path into the pack, e.g. `benefits[0]`. */
  readonly where: string
  readonly scope: PackScope
  /** `covers` of the pack and `when` of the benefit, those there are. */
  readonly conditions: readonly FlagTerm[]
  /** Facts of a bill on which the benefit applies, as far as its conditions name them. */
  readonly witness: Assignment
}

const NOTHING_STATED: Assignment = new Map()

export function benefitViews(pack: RulePack): readonly BenefitView[] {
  const scope = packScope(pack)
  return pack.benefits.map((benefit, index) => {
    const conditions = [pack.covers, benefit.when].flatMap(
      (one) => flagTerm(one, scope, false) ?? [],
    )
    return {
      pack,
      benefit,
      index,
      where: `benefits[${index}]`,
      scope,
      conditions,
      witness: witnessOf(conditions) ?? NOTHING_STATED,
    }
  })
}

/** The checked form of a condition; undefined when there is none, or it was refused when the pack was compiled. */
export function flagTerm(
  expression: Expression | undefined,
  scope: PackScope,
  lines: boolean,
): FlagTerm | undefined {
  const typed = expression && typedExpression(expression, scope, lines, 'bool')
  return typed?.term.type === 'bool' ? typed.term : undefined
}

/** An assignment under which every one of the conditions may hold; undefined when there is none. */
export function witnessOf(conditions: readonly FlagTerm[]): Assignment | undefined {
  const variables = mergeVariables(conditions.flatMap(variablesOf))
  const assignments = assignmentsOf(variables)
  if (assignments === undefined) return NOTHING_STATED
  for (const given of assignments) {
    if (conditions.every((term) => truthOf(term, given) !== false)) return given
  }
  return undefined
}

/**
 * Every combination of what the tables in `values` ask for under which the benefit may apply: closed facts with all
 * their values, others with a value of each class that the rows tell apart. None when there are too many.
 */
export function caseAssignments(
  view: BenefitView,
  values: readonly (Value | undefined)[],
): readonly Assignment[] {
  const asked = tablesOf(values.map((value) => withParameters(value, view.pack))).flatMap(
    (table) => {
      const grid = compileGrid(table, view.scope)
      return (grid?.dimensions ?? []).map(({ expression, samples }) => ({ expression, samples }))
    },
  )
  const variables = mergeVariables(
    asked.map(({ expression, samples }): Variable => {
      const values = samples.filter((value) => value !== undefined)
      return { key: expression.source.trim(), values }
    }),
  )
  const all = assignmentsOf(variables)
  const expressions = asked.map(({ expression }) => expression)
  return [...(all ?? [])].filter(
    (given) =>
      expressions.every((expression) => isConsistent(expression, given)) &&
      view.conditions.every((term) => truthOf(term, given) !== false),
  )
}

/** A computed dimension must not contradict the facts it is computed from. */
function isConsistent({ source, term }: TypedExpression, given: Assignment): boolean {
  if (term.type !== 'bool') return true
  const truth = truthOf(term, given)
  return truth === undefined || truth === given.get(source.trim())
}

/** The value with everything it refers to beside it, so that tables in parameters are found. */
function withParameters(value: Value | undefined, pack: RulePack): readonly Value[] {
  if (value === undefined) return []
  const names = parameterNames(value)
  return [value, ...names.flatMap((name) => withParameters(pack.parameters[name], pack))]
}

/** Parameters a value names, directly, in tables and in formulas. */
function parameterNames(value: Value): readonly string[] {
  switch (value.type) {
    case 'parameter':
      return [value.name]
    case 'table': {
      const { rows, otherwise } = value.table
      const cells = rows.map((row) => row.value)
      return (otherwise === undefined ? cells : [...cells, otherwise]).flatMap(parameterNames)
    }
    case 'formula':
      return value.args.flatMap(parameterNames)
    case 'literal':
    case 'fact':
    case 'counter':
      return []
  }
}

/** A bill that shows what is wrong with the benefit, in one line. */
export function sampleOf(view: BenefitView, given: Assignment, inScope: Fen): string {
  return sampleBill(new Map([...view.witness, ...given]), inScope)
}
