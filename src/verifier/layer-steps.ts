import type {
  BenefitStep,
  BestOfStep,
  CounterMeasure,
  CounterUse,
  EqualRankStep,
  FixedStep,
  LayerStep,
} from '../adjudication/explanation.ts'
import { checkRooms, limited, replayBase } from './benefit-base.ts'
import { replayPayment } from './benefit-payment.ts'
import { replaySpread } from './benefit-spread.ts'
import { continueCounter, replayBenefitCounters, replayFixedCounters } from './counter-uses.ts'
import { notNegative, smaller, spread, total, within } from './exact.ts'
import { checkPayer, pay, remainingIn, type Claim, type Replay } from './replay.ts'

export function replayLayer(replay: Replay, step: LayerStep): void {
  const { findings } = replay
  checkPayer(replay, step.payer)
  const payer = replay.settlement.payers[step.payer]
  findings.fact('kind', payer?.kind ?? '', step.kind)
  findings.fact('pack', payer?.pack ?? '', step.pack)
  findings.fact('policyId', payer?.policyId ?? '', step.policyId ?? '')
  const hash = replay.settlement.packs.find(
    ({ id, hash: known }) => id === step.pack && known === step.hash,
  )?.hash
  findings.fact('hash', hash ?? '', step.hash)
  const { payer: index, kind, pack, policyId = '' } = step
  replay.layer = { payer: index, kind, pack, policyId }
  if (replay.equalRank === undefined) return
  replay.remaining = new Map(replay.equalRank.start)
  replay.equalRank.claims.set(step.payer, { own: 0n, cells: new Set(), payments: [] })
}

export function replayBenefit(replay: Replay, step: BenefitStep): void {
  const { findings, layer } = replay
  findings.fact('pack', layer?.pack ?? '', step.pack)
  findings.count('payer', BigInt(layer?.payer ?? -1), step.payer)
  findings.fact('basic', String(layer?.kind === 'basic'), String(step.basic))
  checkRooms(replay, step.limits)
  const base = replayBase(replay, step)
  const amounts = replayPayment(replay, step, base)
  replaySpread(replay, step, base, amounts)
  replayBenefitCounters(replay, step, base, amounts)
  if (step.basic) replay.deductibleTaken += amounts.taken
  const claim = replay.equalRank?.claims.get(step.payer)
  if (claim !== undefined) {
    claim.own += amounts.payment
    claim.payments.push({ amount: amounts.payment, keys: keysOf(step, 'payment') })
    for (const { cells } of [step.spread.payment, step.spread.extra]) {
      for (const cell of cells) claim.cells.add(cell)
    }
  }
  meetComparison(replay, step)
}

function keysOf({ counters }: BenefitStep, what: CounterMeasure): string[] {
  const taking = counters.filter(({ adds }) => adds.some((add) => add.what === what))
  return taking.map(({ key }) => key)
}

function meetComparison(
  replay: Replay,
  step: { readonly benefit: string; readonly payment: number },
): void {
  const { winner, findings } = replay
  if (winner === undefined) return
  replay.winner = undefined
  findings.fact('benefit', winner.benefit, step.benefit)
  findings.amount('payment', BigInt(winner.payment), step.payment)
}

/** The highest payment wins, the first of equals. */
export function replayBestOf(replay: Replay, step: BestOfStep): void {
  let best = step.candidates[0]
  for (const candidate of step.candidates) {
    if (best === undefined || candidate.payment > best.payment) best = candidate
  }
  replay.findings.fact('winner', best?.benefit ?? '', step.winner)
  replay.winner = best
}

export function replayFixed(replay: Replay, step: FixedStep): void {
  const { findings } = replay
  checkRooms(replay, step.limits)
  const counted = notNegative(BigInt(step.days) - BigInt(step.waitingDays))
  const paidDays = limited(replay, step.limits, 'days', counted)
  findings.count('paidDays', paidDays, step.paidDays)
  const each = BigInt(step.amountEach)
  const due = step.per === 'day' ? each * paidDays : each
  const payment = limited(replay, step.limits, 'payment', due)
  findings.amount('payment', payment, step.payment)
  replayFixedCounters(replay, step)
  const { pack, benefit, payerId } = step
  const days = step.per === 'day' ? Number(paidDays) : undefined
  const policyId = replay.layer?.policyId ?? ''
  findings.fact('pack', replay.layer?.pack ?? '', pack)
  if (payment > 0n) {
    replay.fixed.push({ pack, benefit, payerId, policyId, days, amount: payment })
  }
  meetComparison(replay, step)
}

/** Together no more than what is left of the cells they share; each in proportion to what it would pay alone. */
export function replayEqualRank(replay: Replay, step: EqualRankStep): void {
  const { findings, equalRank } = replay
  if (equalRank === undefined) {
    findings.unknown('payers', step.payers.join(', '))
    return
  }
  replay.remaining = equalRank.start
  replay.equalRank = undefined
  const claims = step.payers.map((payer) => equalRank.claims.get(payer))
  const own = claims.map((claim) => claim?.own ?? 0n)
  const shared = new Set(claims.flatMap((claim) => [...(claim?.cells ?? [])]))
  const residual = remainingIn(replay, shared)
  findings.amount('residual', residual, step.residual)
  const wanted = spread(smaller(total(own), residual), new Map(own.entries()))
  const lowered = new Map<string, bigint>()
  for (const [index, payer] of step.payers.entries()) {
    if (claims[index] === undefined) findings.unknown(`payers[${index}]`, payer)
    findings.amount(`own[${index}]`, own[index] ?? 0n, step.own[index] ?? 0)
    const cells = claims[index]?.cells ?? new Set<number>()
    const shares = spread(
      wanted.get(index) ?? 0n,
      within(replay.remaining, [...cells].sort(ascending)),
    )
    findings.amount(`reduced[${index}]`, total(shares.values()), step.reduced[index] ?? 0)
    findings.cells(`spreads[${index}]`, shares, step.spreads[index] ?? { cells: [], amounts: [] })
    checkPayer(replay, payer)
    pay(replay, payer, shares)
    lowerCounters(claims[index], total(shares.values()), lowered)
  }
  for (const payer of equalRank.claims.keys()) {
    if (!step.payers.includes(payer)) findings.unknown('payers', payer)
  }
  for (const [index, use] of step.counters.entries()) {
    continueCounter(replay, `counters[${index}]`, use)
    checkLowered(replay, `counters[${index}]`, use)
    const left = (lowered.get(use.key) ?? 0n) + BigInt(use.before) - BigInt(use.after)
    lowered.set(use.key, left)
  }
  for (const [key, amount] of lowered) if (amount !== 0n) findings.unknown('counters.key', key)
}

/** What of each payment does not come about leaves the running totals it went into. */
function lowerCounters(
  claim: Claim | undefined,
  reduced: bigint,
  lowered: Map<string, bigint>,
): void {
  const payments = claim?.payments ?? []
  const kept = spread(reduced, new Map(payments.map(({ amount }, index) => [index, amount])))
  for (const [index, { amount, keys }] of payments.entries()) {
    for (const key of keys) {
      lowered.set(key, (lowered.get(key) ?? 0n) + (kept.get(index) ?? 0n) - amount)
    }
  }
}

/** Equal rank only takes away what payments had put in. */
function checkLowered(replay: Replay, part: string, use: CounterUse): void {
  let sum = 0n
  for (const [index, { what, amount }] of use.adds.entries()) {
    replay.findings.fact(`${part}.adds[${index}].what`, 'payment', what)
    replay.findings.notNegative(`${part}.adds[${index}].amount`, -BigInt(amount))
    sum += BigInt(amount)
  }
  replay.findings.count(`${part}.after`, BigInt(use.before) + sum, use.after)
}

function ascending(left: number, right: number): number {
  return left - right
}
