import type { BenefitStep, CounterUse, FixedStep, LimitUse } from '../adjudication/explanation.ts'
import { payableCells } from './benefit-base.ts'
import type { ReplayedBase } from './benefit-base.ts'
import type { ReplayedPayment } from './benefit-payment.ts'
import { remainingIn, type Replay } from './replay.ts'

/** What a step may have added to a counter, by the part it played. */
type Contributions = ReadonlyMap<string, bigint>

/** Counters go on from where the last step left them, by what this step did. */
export function replayBenefitCounters(
  replay: Replay,
  step: BenefitStep,
  base: ReplayedBase,
  amounts: ReplayedPayment,
): void {
  const share = remainingIn(replay, payableCells(step))
  const contributions = new Map<string, bigint>([
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
    ['patientShare', share],
    ['times', amounts.payment > 0n ? 1n : 0n],
  ])
  const { deductible } = step
  for (const [index, use] of step.counters.entries()) {
    const part = `counters[${index}]`
    continueCounter(replay, part, use)
    if (use.key === deductible?.key) {
      replay.findings.count('deductible.used', BigInt(use.before), deductible.used)
    }
    const role =
      use.key === deductible?.key
        ? 'deductible'
        : roleOf(use.key, `${step.pack}:${step.benefit}`, step.limits)
    checkContribution(replay, part, use, contributions, role)
  }
}

export function replayFixedCounters(replay: Replay, step: FixedStep): void {
  const contributions = new Map<string, bigint>([
    ['payment', BigInt(step.payment)],
    ['days', BigInt(step.paidDays)],
    ['times', step.payment > 0 ? 1n : 0n],
  ])
  for (const [index, use] of step.counters.entries()) {
    const part = `counters[${index}]`
    continueCounter(replay, part, use)
    const role = roleOf(use.key, `${step.pack}:${step.benefit}`, step.limits)
    checkContribution(replay, part, use, contributions, role)
  }
}

/** Starts from where the last step left the counter; one that lives for this claim alone starts at 0. */
export function continueCounter(replay: Replay, part: string, use: CounterUse): void {
  const known = replay.counters.get(use.key)
  const change = replay.settlement.counters.find(({ key }) => key === use.key)
  const first = use.key.startsWith('claim|') ? 0n : change && BigInt(change.before)
  const before = known?.after ?? first
  if (before === undefined) replay.findings.unknown(`${part}.key`, use.key)
  else replay.findings.count(`${part}.before`, before, use.before)
  replay.counters.set(use.key, {
    before: known?.before ?? BigInt(use.before),
    after: BigInt(use.after),
  })
}

/** A counter made for one purpose says so in its name; one that a pack declares may serve several. */
function roleOf(key: string, benefit: string, limits: readonly LimitUse[]): string | undefined {
  const id = key.split('|')[1] ?? ''
  if (id === `${benefit}.bands`) return 'bands'
  return limits.find((limit) => id === `${benefit}.limit-${limit.id}`)?.on
}

function checkContribution(
  replay: Replay,
  part: string,
  use: CounterUse,
  contributions: Contributions,
  role: string | undefined,
): void {
  const { findings } = replay
  const added = BigInt(use.after) - BigInt(use.before)
  const known = role === undefined ? undefined : contributions.get(role)
  if (known !== undefined) {
    findings.count(`${part}.after`, BigInt(use.before) + known, use.after)
    return
  }
  const candidates = [...contributions.values()]
  const plausible = candidates.some(
    (one) => one === added || candidates.some((other) => one + other === added),
  )
  if (!plausible && role === undefined) {
    findings.count(`${part}.after`, BigInt(use.before) + (candidates[0] ?? 0n), use.after)
  }
}
