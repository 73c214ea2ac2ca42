import { problem, type Problem } from '../../errors/problem.ts'
import { fen, formatYuan } from '../../money/fen.ts'
import { multiplyRational } from '../../money/rational.ts'
import type { Benefit, CounterDefinition, Limit, Value } from '../pack.ts'
import { caseAssignments, sampleOf, type BenefitView } from './benefit-view.ts'
import { wholeFen } from './check-bands.ts'
import { contributions } from './counter-uses.ts'
import { liesWithin } from './periods.ts'
import type { Assignment } from './assignment.ts'
import { alwaysAtLeast, isAlwaysZero, valueRange, type ValueRange } from './value-range.ts'

/** Something that caps what a limit measures. */
interface Ceiling {
  readonly name: string
  readonly amount: Value
  readonly counter: CounterDefinition
  /** It caps the base, of which the bands pay at most their highest rate. */
  readonly rated?: boolean
}

/** Limits that another limit, or the deductible itself, always reaches first, and limits that leave nothing. */
export function limitProblems(view: BenefitView): readonly Problem[] {
  const { benefit } = view
  return benefit.limits.flatMap((limit, index) => {
    const where = `${view.where}.limits[${index}].amount`
    if (leavesNothing(view, limit)) return [alwaysZero(view, limit, where)]
    const ceiling = ceilingsOf(view, limit, index).find((one) => isReachedFirst(view, limit, one))
    return ceiling === undefined ? [] : [neverBinds(view, limit, ceiling, where)]
  })
}

function leavesNothing(view: BenefitView, limit: Limit): boolean {
  if (limit.when !== undefined || limit.on === 'patientShare' || limit.on === 'deductible') {
    return false
  }
  const cases = caseAssignments(view, [limit.amount])
  return (
    cases.length > 0 &&
    cases.every((given) => isAlwaysZero(valueRange(limit.amount, view.pack, given)))
  )
}

function alwaysZero(view: BenefitView, limit: Limit, where: string): Problem {
  const sample = sampleOf(view, new Map(), fen(12_000_000))
  return problem('CHECK_LIMIT_ALWAYS_ZERO', where, {
    benefit: view.benefit.id,
    limit: limit.id,
    sample,
  })
}

/** What is on no less than what the limit is on: other limits on the same, limits on the base, the deductible. */
function ceilingsOf(view: BenefitView, limit: Limit, index: number): readonly Ceiling[] {
  const { benefit } = view
  const others = benefit.limits.flatMap((other, otherIndex): readonly Ceiling[] => {
    if (otherIndex === index || other.when !== undefined || !caps(other, limit, benefit)) return []
    // Of two equal limits only the later one is superfluous.
    if (otherIndex > index && isSame(view, limit, other)) return []
    const rated = limit.on === 'payment' && ON_BASE.includes(other.on)
    return [{ name: other.id, amount: other.amount, counter: other.counter, rated }]
  })
  const { deductible } = benefit
  if (limit.on !== 'deductible' || deductible === undefined) return others
  return [...others, { name: 'deductible', amount: deductible.amount, counter: deductible.counter }]
}

const ON_BASE: readonly Limit['on'][] = ['base', 'baseAfterDeductible']

function caps(other: Limit, limit: Limit, { floor, limits }: Benefit): boolean {
  if (other.on === limit.on) return true
  if (limit.on === 'baseAfterDeductible') return other.on === 'base'
  // A guarantee and a stop-loss pay beyond the base.
  const isBased = floor === undefined && limits.every(({ on }) => on !== 'patientShare')
  return limit.on === 'payment' && ON_BASE.includes(other.on) && isBased
}

function isSame(view: BenefitView, limit: Limit, other: Limit): boolean {
  return isReachedFirst(view, other, { name: limit.id, ...limit })
}

/**
 * The limit's own counter must hold nothing but what this benefit did: a counter that several benefits fill can
 * reach its limit through them.
 */
function isReachedFirst(view: BenefitView, limit: Limit, ceiling: Ceiling): boolean {
  const sameCounter = limit.counter.id === ceiling.counter.id
  const own = ownCounter(view, limit.counter)
  if (!sameCounter && !(own && liesWithin(limit.counter, ceiling.counter))) return false
  const rates = ceiling.rated === true ? bandRates(view) : []
  const cases = caseAssignments(view, [limit.amount, ceiling.amount, ...rates])
  return (
    cases.length > 0 &&
    cases.every((given) =>
      alwaysAtLeast(
        valueRange(limit.amount, view.pack, given),
        reachOf(view, ceiling, rates, given),
      ),
    )
  )
}

/** Rates of the bands where nothing raises them, one band only: several are each rounded by itself. */
function bandRates({ benefit: { adjustments, bands } }: BenefitView): readonly Value[] {
  const rows = bands?.rows ?? []
  return rows.length === 1 && adjustments.length === 0 ? rows.map(({ rate }) => rate) : []
}

/** The most that the ceiling leaves: what it is on, or the part of it that the rate pays. */
function reachOf(
  { pack }: BenefitView,
  { amount }: Ceiling,
  [rate]: readonly Value[],
  given: Assignment,
): ValueRange {
  const most = valueRange(amount, pack, given)
  const share = rate === undefined ? undefined : valueRange(rate, pack, given).high
  if (most.high === undefined || share === undefined) return most
  return { high: multiplyRational(most.high, share) }
}

/** Whether only one place of the pack fills the counter, and no other pack can. */
function ownCounter(view: BenefitView, counter: CounterDefinition): boolean {
  const fills = contributions(view.pack).filter(({ id }) => id === counter.id)
  return fills.length === 1 && counter.id.startsWith(`${view.pack.id}:`)
}

function neverBinds(view: BenefitView, limit: Limit, ceiling: Ceiling, where: string): Problem {
  const [given = new Map()] = caseAssignments(view, [limit.amount, ceiling.amount])
  const shown = (value: Value) => {
    const { low, high } = valueRange(value, view.pack, given)
    const whole = wholeFen(low ?? high)
    return limit.counter.unit === 'fen' ? formatYuan(whole) : String(whole)
  }
  return problem('CHECK_LIMIT_NEVER_BINDS', where, {
    benefit: view.benefit.id,
    limit: limit.id,
    amount: shown(limit.amount),
    other: ceiling.name,
    lower: shown(ceiling.amount),
    sample: sampleOf(view, given, fen(12_000_000)),
  })
}

/** Deductibles that use up all that a limit lets into the base. */
export function deductibleProblems(view: BenefitView): readonly Problem[] {
  const { benefit, pack } = view
  const { deductible } = benefit
  if (deductible === undefined || deductible.taken === 'afterRate') return []
  const lowered =
    deductible.filledBy.length > 0 || benefit.limits.some(({ on }) => on === 'deductible')
  if (lowered || !ownCounter(view, deductible.counter) || benefit.floor !== undefined) return []
  const limit = benefit.limits.find((one) => {
    if (one.when !== undefined || !ON_BASE.includes(one.on) || one.on !== 'base') return false
    if (!liesWithin(deductible.counter, one.counter)) return false
    const cases = caseAssignments(view, [deductible.amount, one.amount])
    return (
      cases.length > 0 &&
      cases.every((given) =>
        alwaysAtLeast(
          valueRange(deductible.amount, pack, given),
          valueRange(one.amount, pack, given),
        ),
      )
    )
  })
  if (limit === undefined) return []
  const [given = new Map()] = caseAssignments(view, [deductible.amount, limit.amount])
  return [
    problem('CHECK_DEDUCTIBLE_ABOVE_LIMIT', `${view.where}.deductible.amount`, {
      benefit: benefit.id,
      deductible: formatYuan(wholeFen(valueRange(deductible.amount, pack, given).low)),
      limit: formatYuan(wholeFen(valueRange(limit.amount, pack, given).high)),
      sample: sampleOf(view, given, fen(12_000_000)),
    }),
  ]
}
