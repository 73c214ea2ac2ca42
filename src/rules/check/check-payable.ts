import { problem, type Problem } from '../../errors/problem.ts'
import { fen } from '../../money/fen.ts'
import type { Expression } from '../pack.ts'
import { caseAssignments, flagTerm, sampleOf, witnessOf, type BenefitView } from './benefit-view.ts'
import { isAlwaysZero, valueRange } from './value-range.ts'

const SAMPLE_IN_SCOPE = fen(12_000_000)

/** Conditions that nothing can meet; `when` together with the pack's `covers`. */
export function conditionProblems(view: BenefitView): readonly Problem[] {
  const { benefit, scope } = view
  const covers = flagTerm(view.pack.covers, scope, false)
  if (covers !== undefined && witnessOf([covers]) === undefined) {
    return view.index === 0 ? [neverTrue(view, 'covers', view.pack.covers)] : []
  }
  const outer = view.conditions
  const own = flagTerm(benefit.when, scope, false)
  if (own !== undefined && witnessOf(outer) === undefined) {
    return [neverTrue(view, `${view.where}.when`, benefit.when)]
  }
  return innerConditions(view).flatMap(({ expression, where, lines }) => {
    const term = flagTerm(expression, scope, lines)
    if (term === undefined || witnessOf([...outer, term]) !== undefined) return []
    return [neverTrue(view, where, expression)]
  })
}

interface InnerCondition {
  readonly expression: Expression | undefined
  readonly where: string
  readonly lines: boolean
}

function innerConditions({ benefit, where }: BenefitView): readonly InnerCondition[] {
  const { adjustments, base, firstShares, itemLimits, limits } = benefit
  return [
    { expression: benefit.lines, where: `${where}.lines`, lines: true },
    ...base.map(({ lines }, index) => ({
      expression: lines,
      where: `${where}.base[${index}].lines`,
      lines: true,
    })),
    ...itemLimits.map(({ lines }, index) => ({
      expression: lines,
      where: `${where}.itemLimits[${index}].lines`,
      lines: true,
    })),
    ...firstShares.map(({ when }, index) => ({
      expression: when,
      where: `${where}.firstShare[${index}].when`,
      lines: false,
    })),
    ...adjustments.map(({ when }, index) => ({
      expression: when,
      where: `${where}.adjust[${index}].when`,
      lines: false,
    })),
    ...limits.map(({ when }, index) => ({
      expression: when,
      where: `${where}.limits[${index}].when`,
      lines: false,
    })),
  ]
}

function neverTrue(view: BenefitView, where: string, expression: Expression | undefined): Problem {
  const condition = expression?.source ?? ''
  const sample = sampleOf(view, new Map(), SAMPLE_IN_SCOPE)
  return problem('CHECK_CONDITION_NEVER_TRUE', where, { condition, sample })
}

/** A rate that is 0 in every band and that nothing raises. */
export function rateProblems(view: BenefitView): readonly Problem[] {
  const { adjustments, bands, floor, id } = view.benefit
  if (bands === undefined || floor !== undefined) return []
  if (adjustments.some(({ op }) => op === 'add' || op === 'set')) return []
  const zero = bands.rows.every(({ rate }) =>
    caseAssignments(view, [rate]).every((given) =>
      isAlwaysZero(valueRange(rate, view.pack, given)),
    ),
  )
  if (!zero) return []
  const sample = sampleOf(view, new Map(), SAMPLE_IN_SCOPE)
  return [problem('CHECK_RATE_ALWAYS_ZERO', `${view.where}.bands`, { benefit: id, sample })]
}

/** What only a basic layer brings about; `inScope` means the whole in-scope part whatever it is called. */
const MADE_BY_BASIC: readonly string[] = ['deductible', 'coinsurance', 'overCap']

/** A basic pack whose first benefit reads what no benefit has made yet. */
export function baseProblems(view: BenefitView): readonly Problem[] {
  const { base, fixed, id, settledBy } = view.benefit
  if (view.pack.kind !== 'basic' || view.index > 0) return []
  if (fixed !== undefined || settledBy === 'supplement') return []
  if (!base.every(({ category }) => MADE_BY_BASIC.includes(category))) return []
  const categories = base.map(({ category }) => category).join(', ')
  const sample = sampleOf(view, new Map(), SAMPLE_IN_SCOPE)
  return [
    problem('CHECK_BASE_NEVER_PRESENT', `${view.where}.base`, { benefit: id, categories, sample }),
  ]
}
