import type {
  BenefitStep,
  CounterMeasure,
  CounterUse,
  FixedStep,
} from '../adjudication/explanation.ts'
import type { ReplayedBase } from './benefit-base.ts'
import type { ReplayedPayment } from './benefit-payment.ts'
import type { Replay } from './replay.ts'

/** What a step did, by the measure it may have added to counters; what the explanation only states is not in it. */
type Measures = ReadonlyMap<CounterMeasure, bigint>

/** Counters go on from where the last step left them, by what this step did. */
export function replayBenefitCounters(
  replay: Replay,
  step: BenefitStep,
  base: ReplayedBase,
  amounts: ReplayedPayment,
): void {
  const measures = new Map<CounterMeasure, bigint>([
    ['deductible', amounts.taken + amounts.filled],
    [
      'bands',
      step.axis?.type === 'aboveDeductible'
        ? amounts.ratedBase
        : amounts.takenBefore + amounts.ratedBase,
    ],
    ['payment', amounts.payment],
    ['base', base.base],
    ['baseAfterDeductible', amounts.ratedBase],
    ['patientShare', amounts.share],
    ['times', amounts.payment > 0n ? 1n : 0n],
  ])
  const { deductible } = step
  for (const [index, use] of step.counters.entries()) {
    const part = `counters[${index}]`
    continueCounter(replay, part, use)
    if (use.key === deductible?.key) {
      replay.findings.count('deductible.used', BigInt(use.before), deductible.used)
    }
    checkAdds(replay, part, use, measures)
  }
  if (deductible !== undefined) checkCounted(replay, step, 'deductible', measures, deductible)
  if (step.axis !== undefined) {
    const { start } = step.axis
    checkCounted(replay, step, 'bands', measures, { part: 'axis.start', used: start })
  }
  checkLimitsCounted(replay, step, measures)
}

/** What every limit has left must come from a running total into which the step puts what it is on. */
function checkLimitsCounted(
  replay: Replay,
  step: BenefitStep | FixedStep,
  measures: Measures,
): void {
  for (const [index, { on, used }] of step.limits.entries()) {
    checkCounted(replay, step, on, measures, { part: `limits[${index}].used`, used })
  }
}

/** A measure that is not zero is in some running total, and one of them began at what was used. */
function checkCounted(
  replay: Replay,
  { counters }: BenefitStep | FixedStep,
  what: CounterMeasure,
  measures: Measures,
  from: { readonly key?: string; readonly part?: string; readonly used: number },
): void {
  const { key, part = `${what}.used`, used } = from
  const taking = counters.filter(
    (use) => (key === undefined || use.key === key) && use.adds.some((add) => add.what === what),
  )
  const amount = measures.get(what) ?? 0n
  if (taking.length === 0 && amount === 0n) return
  if (taking.some(({ before }) => before === used)) return
  const [first] = taking
  if (first === undefined) replay.findings.unknown(`counters.${what}`, key ?? what)
  else replay.findings.count(part, BigInt(first.before), used)
}

export function replayFixedCounters(replay: Replay, step: FixedStep): void {
  const measures = new Map<CounterMeasure, bigint>([
    ['payment', BigInt(step.payment)],
    ['days', BigInt(step.paidDays)],
    ['times', step.payment > 0 ? 1n : 0n],
  ])
  for (const [index, use] of step.counters.entries()) {
    const part = `counters[${index}]`
    continueCounter(replay, part, use)
    checkAdds(replay, part, use, measures)
  }
  checkLimitsCounted(replay, step, measures)
}

/** Starts from where the last step left the counter; one that lives for this claim alone starts at 0. */
export function continueCounter(replay: Replay, part: string, use: CounterUse): void {
  const known = replay.counters.get(use.key)
  const change = replay.settlement.counters.find(({ key }) => key === use.key)
  const first = livesForOneClaim(use.key) ? 0n : change && BigInt(change.before)
  const before = known?.after ?? first
  if (before === undefined) replay.findings.unknown(`${part}.key`, use.key)
  else replay.findings.count(`${part}.before`, before, use.before)
  replay.counters.set(use.key, {
    before: known?.before ?? BigInt(use.before),
    after: BigInt(use.after),
  })
}

/**
 * Each part is what the step did, each measure once, and together they are the change; days, quantities and items are
 * stated, never negative.
 */
function checkAdds(replay: Replay, part: string, use: CounterUse, measures: Measures): void {
  const { findings } = replay
  let sum = 0n
  for (const [index, { what, amount }] of use.adds.entries()) {
    const added = BigInt(amount)
    const name = `${part}.adds[${index}].amount`
    const known = measures.get(what)
    if (known === undefined) findings.notNegative(name, added)
    else if (use.adds.findIndex((other) => other.what === what) < index) {
      findings.count(name, 0n, amount)
    } else findings.count(name, known, amount)
    sum += added
  }
  findings.count(`${part}.after`, BigInt(use.before) + sum, use.after)
}

/** Counters used for one claim and forgotten: they begin at 0 and are never stored. */
export function livesForOneClaim(key: string): boolean {
  return key.startsWith('claim|')
}
