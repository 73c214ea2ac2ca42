import { problem, type Problem } from '../../errors/problem.ts'
import { fen, formatYuanGrouped, type Fen } from '../../money/fen.ts'
import { roundToFen, type Rational } from '../../money/rational.ts'
import type { Value } from '../pack.ts'
import { caseAssignments, sampleOf, type BenefitView } from './benefit-view.ts'
import { alwaysAtLeast, isAlwaysZero, valueRange } from './value-range.ts'
import type { Assignment } from './assignment.ts'

/** Band edges that do not ascend for some combination of the facts their parameters and tables ask for. */
export function bandProblems(view: BenefitView): readonly Problem[] {
  const rows = view.benefit.bands?.rows ?? []
  return rows.flatMap(({ upTo }, index) => {
    const below = rows[index - 1]?.upTo
    if (upTo === undefined) return []
    const given = caseAssignments(view, [upTo, below]).find((one) =>
      isAtOrBelow(view, upTo, below, one),
    )
    return given === undefined ? [] : [notAscending(view, index, upTo, below, given)]
  })
}

/** The first edge must be above zero, each other one above the edge before it. */
function isAtOrBelow(
  view: BenefitView,
  upTo: Value,
  below: Value | undefined,
  given: Assignment,
): boolean {
  const edge = valueRange(upTo, view.pack, given)
  if (below === undefined) return isAlwaysZero(edge)
  return alwaysAtLeast(valueRange(below, view.pack, given), edge)
}

function notAscending(
  view: BenefitView,
  index: number,
  upTo: Value,
  below: Value | undefined,
  given: Assignment,
): Problem {
  const edge = wholeFen(valueRange(upTo, view.pack, given).high)
  const lower = below === undefined ? fen(0) : wholeFen(valueRange(below, view.pack, given).low)
  return problem('CHECK_BANDS_NOT_ASCENDING', `${view.where}.bands[${index}].upTo`, {
    benefit: view.benefit.id,
    band: index + 1,
    edge: formatYuanGrouped(edge),
    below: formatYuanGrouped(lower),
    sample: sampleOf(view, given, fen(lower + 100)),
  })
}

/** An amount of a value that is known, as fen; 0 for one that is open or too large to show. */
export function wholeFen(amount: Rational | undefined): Fen {
  const rounded = amount === undefined ? undefined : roundToFen(amount)
  return rounded?.ok === true ? rounded.value : fen(0)
}
