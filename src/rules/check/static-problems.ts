import { problem, type Problem } from '../../errors/problem.ts'
import { EXPRESSION_LIMITS } from '../cel/limits.ts'
import { tableProblems } from '../compile/analyse-table.ts'
import { compilePack } from '../compile/compile-pack.ts'
import { packCost } from '../compile/pack-cost.ts'
import type { RulePack } from '../pack.ts'
import { benefitViews } from './benefit-view.ts'
import { bandProblems } from './check-bands.ts'
import { counterProblems } from './check-counters.ts'
import { deductibleProblems, limitProblems } from './check-limits.ts'
import { baseProblems, conditionProblems, rateProblems } from './check-payable.ts'
import { versionProblems } from './check-versions.ts'

/**
 * What can be said against a pack from its text alone: what compiling finds, incomplete tables, cost over the limit,
 * and rules that contradict themselves or can have no effect. `packs` are all that stand beside it, other versions
 * and other payers, for the counters they share. A pack that does not compile is not looked at further.
 */
export function staticProblems(pack: RulePack, packs: readonly RulePack[]): readonly Problem[] {
  const compiled = compilePack(pack)
  if (!compiled.ok) return compiled.problems
  const found = [
    ...tableProblems(pack),
    ...costProblems(pack),
    ...counterProblems(pack, packs),
    ...versionProblems(pack, packs),
  ]
  return [...found, ...benefitViews(pack).flatMap((view) => benefitProblems(view))]
}

function costProblems(pack: RulePack): readonly Problem[] {
  const { cost: costMax, costLines } = EXPRESSION_LIMITS
  const cost = packCost(pack, costLines)
  return cost > costMax ? [problem('PACK_TOO_COSTLY', '', { cost, costMax })] : []
}

type View = ReturnType<typeof benefitViews>[number]

/** A benefit that can never apply is not reported for what else it could not do. */
function benefitProblems(view: View): readonly Problem[] {
  const conditions = conditionProblems(view)
  if (conditions.length > 0) return conditions
  return [bandProblems, limitProblems, deductibleProblems, rateProblems, baseProblems].flatMap(
    (check) => check(view),
  )
}
