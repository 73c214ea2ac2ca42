import type { BenefitStep } from '../adjudication/explanation.ts'
import type { InForce } from '../adjudication/in-force.ts'
import type { Settlement } from '../adjudication/settlement.ts'
import { problem } from '../errors/problem.ts'
import { fen, formatYuanGrouped } from '../money/fen.ts'
import { versionOf, type Finding } from './finding.ts'
import { layersAtWork, settleTrial, type Budget, type LayerAtWork } from './outcome.ts'
import { shrink } from './shrink.ts'
import { trialText } from './trial-text.ts'
import type { TrialBill } from './trial-bill.ts'

/** What one layer would pay if it stood directly behind basic insurance, and what it pays in its place. */
interface Promised {
  readonly pack: string
  readonly benefit: string
  readonly amount: number
  readonly paid: number
}

/** How often, and by how much, the layers together promise more than the cost of the bill. */
export class PromiseTally {
  bills = 0
  capped = 0
  largest = 0
  #first: TrialBill | undefined

  /** Measures one more bill; `settlement` is its split. */
  measure(trial: TrialBill, settlement: Settlement, rules: InForce, budget: Budget): void {
    const promises = promisesOf(trial, settlement, rules, budget)
    const excess = excessOf(promises, settlement)
    this.bills += 1
    if (excess <= 0) return
    this.capped += 1
    this.largest = Math.max(this.largest, excess)
    this.#first ??= trial
  }

  finding(rules: InForce): Finding | undefined {
    if (this.#first === undefined) return undefined
    const bill = shrink(this.#first, (smaller) => excessIn(smaller, rules) > 0)
    const settlement = settleTrial(bill, rules)
    if (settlement.kind === 'refusal') return undefined
    const promises = promisesOf(bill, settlement, rules)
    const cut = promises.toSorted((left, right) => lost(right) - lost(left))[0]
    const pack = cut && versionOf(rules, cut.pack, bill.day, settlement)
    if (pack === undefined) return undefined
    const index = pack.benefits.findIndex(({ id }) => id === cut?.benefit)
    const amounts = promises.map((one) => `${one.pack} ${formatYuanGrouped(fen(one.amount))}`)
    const details = {
      bills: this.bills,
      capped: this.capped,
      largest: formatYuanGrouped(fen(this.largest)),
      promises: amounts.join(' + '),
      cost: formatYuanGrouped(settlement.total),
      sample: trialText(bill),
    }
    const where = index < 0 ? 'benefits' : `benefits[${index}]`
    return { problem: problem('CHECK_PROMISES_EXCEED_COST', where, details), pack, bill }
  }
}

function lost({ amount, paid }: Promised): number {
  return amount - paid
}

function excessIn(trial: TrialBill, rules: InForce): number {
  const settlement = settleTrial(trial, rules)
  if (settlement.kind === 'refusal') return 0
  return excessOf(promisesOf(trial, settlement, rules), settlement)
}

function excessOf(promises: readonly Promised[], { packageAdjustment, total }: Settlement): number {
  return promises.reduce((sum, { amount }) => sum + amount, 0) - total - packageAdjustment
}

/** Promises above zero: of basic layers what they pay, of each other layer what it would pay behind them alone. */
function promisesOf(
  trial: TrialBill,
  settlement: Settlement,
  rules: InForce,
  budget?: Budget,
): readonly Promised[] {
  return layersAtWork(settlement).flatMap((work) => {
    const { layer } = work
    const paid = paymentOf(work, settlement)
    const isBasic = layer.kind === 'basic'
    const alone = isBasic
      ? settlement
      : settleTrial(alongsideBasic(trial, work), only(rules, work), budget)
    const own =
      alone.kind === 'refusal' ? undefined : layersAtWork(alone).find((one) => isSame(one, work))
    const benefits = (own ?? work).benefits.map((step) => ({
      id: step.benefit,
      amount: uncapped(step),
    }))
    const amount = Math.max(
      paid,
      benefits.reduce((sum, one) => sum + one.amount, 0),
    )
    const [largest] = benefits.toSorted((left, right) => right.amount - left.amount)
    return amount > 0 ? [{ pack: layer.pack, benefit: largest?.id ?? '', amount, paid }] : []
  })
}

function paymentOf({ layer }: LayerAtWork, { payers }: Settlement): number {
  const payer = payers[layer.payer]
  return payer?.amount ?? 0
}

function isSame({ layer }: LayerAtWork, other: LayerAtWork): boolean {
  return layer.hash === other.layer.hash && layer.policyId === other.layer.policyId
}

function only(rules: InForce, { layer }: LayerAtWork): InForce {
  const packs = rules.packs.filter(({ pack }) => pack.kind === 'basic' || pack.id === layer.pack)
  return { ...rules, packs }
}

function alongsideBasic(trial: TrialBill, { layer }: LayerAtWork): TrialBill {
  return { ...trial, policies: trial.policies.filter(({ id }) => id === layer.policyId) }
}

/** A benefit measured on the cost promises what its bands and limits give, whatever is left to pay from. */
function uncapped({ bands, deductible, limits, of, payment }: BenefitStep): number {
  if (of !== 'cost') return payment
  const rated = bands.reduce((sum, band) => sum + band.payment, 0)
  const after = deductible?.when === 'afterRate' ? deductible.taken : 0
  const rooms = limits.filter(({ on }) => on === 'payment').map(({ room }) => room)
  return Math.max(payment, Math.min(rated - after, ...rooms))
}
