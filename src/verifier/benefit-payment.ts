import type { BenefitStep } from '../adjudication/explanation.ts'
import { limited, payableCells, type ReplayedBase } from './benefit-base.ts'
import { notNegative, rounded, smaller, total } from './exact.ts'
import { lineOf, remainingIn, type Replay } from './replay.ts'

/** The amounts of a benefit, recomputed. */
export interface ReplayedPayment {
  /** Taken from the base; zero when it comes off the payment. */
  readonly takenBefore: bigint
  readonly taken: bigint
  readonly filled: bigint
  readonly ratedBase: bigint
  readonly served: bigint
  readonly overCap: bigint
  readonly payment: bigint
  /** What the patient still has of the selected cells. */
  readonly share: bigint
}

/** Deductible → bands → floor → limits on payment → stop-loss. */
export function replayPayment(
  replay: Replay,
  step: BenefitStep,
  { base, gross }: ReplayedBase,
): ReplayedPayment {
  const { findings } = replay
  const deductible = openDeductible(replay, step)
  const takenBefore = step.deductible?.when === 'before' ? smaller(base, deductible.left) : 0n
  const ratedBase = limited(replay, step.limits, 'baseAfterDeductible', base - takenBefore)
  findings.amount('ratedBase', ratedBase, step.ratedBase)
  checkSlices(replay, step, takenBefore, ratedBase)
  const banded = bandsPayment(step, ratedBase)
  if (step.rounding === 'benefit') {
    findings.amount('bands', banded, total(step.bands.map(({ payment }) => BigInt(payment))))
  }
  const takenAfter = step.deductible?.when === 'afterRate' ? smaller(banded, deductible.left) : 0n
  const taken = takenBefore + takenAfter
  if (step.deductible !== undefined)
    findings.amount('deductible.taken', taken, step.deductible.taken)
  const payable = remainingIn(replay, payableCells(step))
  const rated = step.of === 'cost' ? smaller(banded - takenAfter, payable) : banded - takenAfter
  findings.amount('rated', rated, step.rated)
  const guaranteed = replayFloor(replay, step, rated)
  const capped = limited(replay, step.limits, 'payment', guaranteed)
  const served = replayServed(replay, step, { ratedBase, capped, guaranteed, takenAfter })
  const overCap = gross - takenBefore - served
  findings.amount('overCap', overCap, step.overCap)
  const stopLoss = replayStopLoss(replay, step, payable - capped)
  const payment = capped + stopLoss
  findings.amount('payment', payment, step.payment)
  return {
    takenBefore,
    taken,
    filled: deductible.filled,
    ratedBase,
    served,
    overCap,
    payment,
    share: notNegative(payable - payment),
  }
}

/** What is still to be borne: the rule's amount, less what the counter has, less what earlier payers filled. */
function openDeductible(
  replay: Replay,
  step: BenefitStep,
): { readonly left: bigint; readonly filled: bigint } {
  const { deductible } = step
  if (deductible === undefined) return { left: 0n, filled: 0n }
  const open = notNegative(BigInt(deductible.amount) - BigInt(deductible.used))
  const room = limited(replay, step.limits, 'deductible', open)
  const filled = BigInt(deductible.filled)
  replay.findings.notNegative('deductible.filled', filled)
  if (filled > room) replay.findings.amount('deductible.filled', room, filled)
  return { left: notNegative(room - filled), filled: smaller(room, filled) }
}

/** The slices cut the rated base without gap or overlap, from the start of the axis, at the edges of the bands. */
function checkSlices(replay: Replay, step: BenefitStep, taken: bigint, ratedBase: bigint): void {
  const { findings } = replay
  const start = BigInt(step.axis?.start ?? 0)
  let place = step.axis?.type === 'aboveDeductible' ? start : start + taken
  const end = place + ratedBase
  let edge: bigint | undefined
  for (const [index, band] of step.bands.entries()) {
    const upper = band.edge === undefined ? end : smaller(end, BigInt(band.edge))
    const to = upper > place ? upper : place
    if (to > place || band.from !== band.to) {
      findings.amount(`bands[${index}].from`, place, band.from)
      findings.amount(`bands[${index}].to`, to, band.to)
    }
    const exact = (to - place) * BigInt(band.rateNum)
    if (step.rounding === 'band') {
      findings.amount(`bands[${index}].payment`, rounded(exact, BigInt(band.rateDen)), band.payment)
    }
    place = to
    edge = band.edge === undefined ? undefined : BigInt(band.edge)
  }
  if (place < end && edge !== undefined && edge > place) findings.amount('bands', end, place)
}

/** What the bands pay on a rated base of `base`, from the same start. Grows with `base`. */
function bandsPayment(step: BenefitStep, base: bigint): bigint {
  let left = base
  let payment = 0n
  let exactNum = 0n
  let exactDen = 1n
  for (const band of step.bands) {
    const slice = smaller(left, BigInt(band.to) - BigInt(band.from))
    left -= slice
    const [num, den] = [slice * BigInt(band.rateNum), BigInt(band.rateDen)]
    payment += rounded(num, den)
    exactNum = exactNum * den + num * exactDen
    exactDen *= den
  }
  return step.rounding === 'band' ? payment : rounded(exactNum, exactDen)
}

function replayFloor(replay: Replay, step: BenefitStep, rated: bigint): bigint {
  const { floor } = step
  if (floor === undefined) return rated
  const guaranteed = rounded(BigInt(floor.of) * BigInt(floor.num), BigInt(floor.den))
  const amount = smaller(guaranteed, remainingIn(replay, floor.cells))
  replay.findings.amount('floor.amount', amount, floor.amount)
  for (const cell of floor.cells) {
    if (!replay.lines.has(lineOf(cell))) replay.findings.unknown('floor.cells', cell)
  }
  return amount > rated ? amount : rated
}

/**
 * The smallest base whose payment reaches a limit that binds. A limit may also simply cut the payment off
 * (`overCap: payment`); then all of the base counts as served.
 */
function replayServed(
  replay: Replay,
  step: BenefitStep,
  amounts: {
    readonly ratedBase: bigint
    readonly capped: bigint
    readonly guaranteed: bigint
    readonly takenAfter: bigint
  },
): bigint {
  const { ratedBase, capped, guaranteed, takenAfter } = amounts
  if (capped === guaranteed) {
    replay.findings.amount('served', ratedBase, step.served)
    return ratedBase
  }
  if (BigInt(step.served) === ratedBase) return ratedBase
  const served = smallestBase(step, capped + takenAfter, ratedBase)
  replay.findings.amount('served', served, step.served)
  return served
}

/** Halving over whole fen: needs only that the payment never falls when the base grows. */
function smallestBase(step: BenefitStep, target: bigint, ratedBase: bigint): bigint {
  let [low, high] = [0n, ratedBase]
  while (low < high) {
    const middle = (low + high) / 2n
    if (bandsPayment(step, middle) >= target) high = middle
    else low = middle + 1n
  }
  return low
}

/** What the patient's share of the chosen cells exceeds the tightest limit on it by. */
function replayStopLoss(replay: Replay, step: BenefitStep, share: bigint): bigint {
  const room = limited(replay, step.limits, 'patientShare', share)
  const stopLoss = step.limits.some((limit) => limit.on === 'patientShare')
    ? notNegative(share - room)
    : 0n
  replay.findings.amount('stopLoss', stopLoss, step.stopLoss)
  return stopLoss
}
