import type { ExplanationStep } from '../../src/adjudication/explanation.ts'
import type { Bill } from '../../src/adjudication/bill.ts'
import type { Refusal, Settlement } from '../../src/adjudication/settlement.ts'
import type { Benefit, RulePack } from '../../src/rules/pack.ts'
import type { History } from './generators.ts'

/** Names of what a history makes the core do; the soak counts them, so that nothing is only seemingly tested. */
export function featuresOf(history: History): string[] {
  const { profile, packs, bills } = history
  return [
    `profile yearBy ${profile.yearBy}`,
    ...(profile.reopenStayEveryDays === undefined ? [] : ['profile reopens stays']),
    ...(profile.order.some(({ sharing }) => sharing === 'equal') ? ['profile equal rank'] : []),
    ...(profile.yearStart.month === 1 ? [] : ['profile year begins later']),
    ...(profile.account === undefined
      ? []
      : [`account pots ${profile.account.pots.join(',') || 'none'}`]),
    ...(hasTwice(history.coverage.policies.map((one) => one['product'])) ? ['policy twice'] : []),
    ...packs.flatMap(featuresOfPack),
    ...bills.flatMap(featuresOfBill),
  ]
}

function hasTwice(values: readonly unknown[]): boolean {
  return new Set(values).size < values.length
}

function featuresOfPack(pack: RulePack): string[] {
  return [
    `pack ${pack.kind}`,
    ...(pack.covers === undefined ? [] : ['pack covers']),
    ...(pack.effective.by === undefined ? [] : [`pack by ${pack.effective.by}`]),
    ...(pack.effective.to === undefined ? [] : ['pack of two versions']),
    ...pack.packages.map(() => 'pack package price'),
    ...pack.benefits.flatMap(featuresOfBenefit),
  ]
}

function featuresOfBenefit(benefit: Benefit): string[] {
  const { deductible, fixed, bands } = benefit
  const periods = [deductible?.counter, bands?.counter, ...benefit.limits.map((one) => one.counter)]
  return [
    `benefit of ${benefit.of}`,
    ...present(benefit, ['when', 'lines', 'waitingDays', 'waitingExcept', 'settledBy', 'bestOf']),
    ...present(benefit, ['floor', 'fixed']),
    ...(benefit.requiresSettled.length > 0 ? ['benefit requiresSettled'] : []),
    ...(fixed === undefined ? [] : [`fixed per ${fixed.per}`]),
    ...(bands === undefined ? [] : [`bands ${bands.axis}`, `bands round ${bands.rounding}`]),
    ...(deductible === undefined ? [] : [`deductible ${deductible.taken}`]),
    ...(deductible?.from.map(({ type }) => `deductible from ${type}`) ?? []),
    ...((deductible?.filledBy.length ?? 0) > 0 ? ['deductible filledBy'] : []),
    ...benefit.base.map(({ category }) => `base ${category}`),
    ...benefit.base.flatMap(({ weight }) => (weight === undefined ? [] : ['base weight'])),
    ...benefit.itemLimits.map((one) => `item limit per ${one.per}`),
    ...benefit.itemLimits.flatMap(({ counter }) =>
      counter === undefined ? [] : ['item limit with counter'],
    ),
    ...benefit.firstShares.map(() => 'first share'),
    ...benefit.adjustments.map(({ op }) => `adjustment ${op}`),
    ...benefit.itemLimits.flatMap(({ counter, per }) =>
      counter === undefined ? [] : [`item limit per ${per} with counter`],
    ),
    ...(benefit.settledBy === undefined ? [] : [`settled by ${benefit.settledBy}`]),
    ...(benefit.floor?.base.some(({ lines }) => lines !== undefined) === true
      ? ['floor with lines']
      : []),
    ...(benefit.floor !== undefined && benefit.of === 'cost' ? ['floor of cost'] : []),
    ...(['times', 'days', 'quantity', 'payment'] as const).flatMap((on) =>
      benefit.limits.filter((one) => one.on === on).length > 1 ? [`several limits on ${on}`] : [],
    ),
    ...benefit.limits.flatMap(({ when, on }) =>
      when === undefined ? [] : [`limit on ${on} when`],
    ),
    ...(readsCounter(benefit) ? ['counter read in a value'] : []),
    ...(deductible?.filledBy.map((kind) => `deductible filledBy ${kind}`) ?? []),
    ...(periods.some((one) => one?.key?.source === 'visit.disease') ? ['counter with a key'] : []),
    ...(sharesMeasure(benefit) ? ['one counter named twice'] : []),
    ...benefit.limits.map(({ on, overCap }) => `limit on ${on}, over cap as ${overCap}`),
    ...benefit.counts.map(({ what }) => `counts ${what}`),
    ...periods.flatMap((one) =>
      one === undefined ? [] : [`period ${one.owner} ${one.period.type}`],
    ),
  ]
}

function readsCounter({ deductible, limits }: Benefit): boolean {
  return JSON.stringify([deductible?.amount, limits]).includes('"type":"counter"')
}

/** Two parts put the same measure into the same running total. */
function sharesMeasure({ limits, counts }: Benefit): boolean {
  return hasTwice([
    ...limits.map(({ on, counter }) => `${on} ${counter.id}`),
    ...counts.map(({ what, counter }) => `${what} ${counter.id}`),
  ])
}

function present(benefit: Benefit, names: readonly (keyof Benefit)[]): string[] {
  return names.filter((name) => benefit[name] !== undefined).map((name) => `benefit ${name}`)
}

function featuresOfBill(bill: Bill): string[] {
  const { given, supplement, lines } = bill
  return [
    `bill ${String(bill.visit['kind'])}`,
    ...(lines.some(({ refundOf }) => refundOf !== undefined) ? ['bill with refunds'] : []),
    ...(supplement === undefined ? [] : ['bill supplement']),
    ...(given === undefined ? [] : ['bill given']),
    ...(given !== undefined && given.deductible === undefined ? ['given without deductible'] : []),
    ...(bill.deposit === undefined ? [] : ['bill deposit']),
    ...(bill.without.length > 0 ? ['bill without a policy'] : []),
    ...(given?.payments.some(({ kind }) => kind === 'commercial') === true
      ? ['given commercial payment']
      : []),
    ...(given !== undefined && given.hospitalShare > 0 ? ['given hospital share'] : []),
    ...(given?.kinds.includes('basic') === true &&
    !given.payments.some(({ kind }) => kind === 'basic')
      ? ['given basic without payment']
      : []),
  ]
}

/** Names of what happened in an answer. */
export function eventsOf(answer: Settlement | Refusal): string[] {
  if (answer.kind === 'refusal') return answer.problems.map(({ code }) => `refused ${code}`)
  const segments = new Set(
    answer.explanation.flatMap((step) => (step.step === 'layer' ? [step.segment] : [])),
  )
  return [
    'settled',
    ...(segments.size > 1 ? ['cut into segments'] : []),
    ...(segments.size > 1 && answer.explanation.some(({ step }) => step === 'refund')
      ? ['cut into segments with refunds']
      : []),
    ...(hasTwice(
      answer.payers.flatMap(({ pack, policyId }) => (pack ? [`${pack} ${policyId}`] : [])),
    )
      ? ['versions with payers of their own']
      : []),
    ...(answer.patient.cash < 0 ? ['refund owed to the patient'] : []),
    ...(answer.patient.account.current > 0 ? ['account pays'] : []),
    ...answer.explanation.flatMap(eventsOfStep),
  ]
}

function eventsOfStep(step: ExplanationStep): string[] {
  switch (step.step) {
    case 'benefit':
      return eventsOfBenefit(step)
    case 'package':
      return [`package price ${Math.sign(step.adjustment)}`]
    case 'equalRank': {
      const less = step.reduced.some((amount, index) => amount !== step.own[index])
      return [less ? 'equal rank reduced' : 'equal rank in full']
    }
    case 'fixed':
      return step.payment > 0 ? ['fixed paid'] : []
    case 'bestOf':
      return step.candidates.length > 1 ? ['bestOf chosen among several'] : []
    case 'classify':
    case 'refund':
    case 'given':
    case 'layer':
    case 'account':
    case 'patient':
      return []
  }
}

function eventsOfBenefit(step: Extract<ExplanationStep, { step: 'benefit' }>): string[] {
  const floored = step.floor !== undefined && step.floor.amount > step.rated
  const extra = step.spread.extra.amounts.some((amount) => amount > 0)
  return [
    ...(step.payment > 0 ? ['benefit pays'] : []),
    ...(floored ? ['floor raises the payment'] : []),
    ...(step.stopLoss > 0 ? ['stop-loss raises the payment'] : []),
    ...(extra ? [`extra in a ${step.basic ? 'basic' : 'later'} layer`] : []),
    ...(step.served < step.ratedBase ? ['payment turned back into base'] : []),
    ...((step.deductible?.filled ?? 0) > 0 ? ['deductible filled by earlier payments'] : []),
    ...step.limits.filter(({ bound }) => bound).map(({ on }) => `limit on ${on} bound`),
    ...(step.bands.length > 1 ? ['several bands'] : []),
    ...(step.afterItems === undefined ? [] : ['items cut']),
  ]
}
