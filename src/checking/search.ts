import type { InForce } from '../adjudication/in-force.ts'
import type { Settlement, Refusal } from '../adjudication/settlement.ts'
import { fen } from '../money/fen.ts'
import { gapFinding, twoBasicFinding } from './check-cover.ts'
import { growthFinding } from './check-growth.ts'
import { PromiseTally } from './check-promises.ts'
import { refusedFinding } from './check-refused.ts'
import { UnpaidTally } from './check-unpaid.ts'
import type { Finding, IsKnown } from './finding.ts'
import { amountLadder } from './ladder.ts'
import { Budget, paidOf, patternOf, settleTrial } from './outcome.ts'
import { trialOf } from './situation-bill.ts'
import { situationsOf, type Situation } from './situations.ts'
import { partsOf, type TrialBill } from './trial-bill.ts'

/** What a search of one jurisdiction's packs says. */
export interface SearchResult {
  readonly findings: readonly Finding[]
  /** Trial bills settled. */
  readonly bills: number
}

export interface SearchOptions {
  /** Settlements that the search may make. */
  readonly settlements?: number
  /** Steps that their explanations may have together: bills on which much is at work count for more. */
  readonly steps?: number
  /** Hashes of the packs for whose benefits bills are made; absent: for those of all. */
  readonly of?: ReadonlySet<string>
  /** Whether nothing more need be found. */
  readonly isEnough?: (finding: Finding) => boolean
}

/** Settlements that a search may make before it shrinks what it found: a few seconds. */
const SEARCH_SETTLEMENTS = 8_000

/**
 * Tries bills made from what the packs mention and looks for those that cannot be settled, are paid by two basic
 * packs or by none for a time, are paid less when they grow, or on which the packs promise more than the cost.
 *
 * The same packs give the same findings: bills are enumerated in a fixed order and counted, never drawn or timed.
 */
export function searchPacks(
  rules: InForce,
  {
    settlements = SEARCH_SETTLEMENTS,
    steps = Infinity,
    of,
    isEnough = () => false,
  }: SearchOptions = {},
): SearchResult {
  const search = new Search(rules, settlements, steps)
  for (const situation of situationsOf(rules, of)) {
    if (search.budget.isSpent || search.findings.some(isEnough)) break
    search.lookInto(situation)
  }
  return search.result()
}

/** A jurisdiction has some tens of benefits; a settlement of very many more takes as much longer, so fewer are made. */
const BENEFITS_USUAL = 400

function benefitCount({ packs }: InForce): number {
  return packs.reduce((count, { benefits }) => count + benefits.length, 0)
}

/** Every so manieth bill is measured for what the layers promise: each measurement settles it again for every layer. */
const MEASURED = { first: 2, variation: 4 } as const

interface Tried {
  readonly amount: number
  readonly trial: TrialBill
  readonly answer: Settlement | Refusal
}

class Search {
  readonly budget: Budget
  readonly #rules: InForce
  readonly #promises = new PromiseTally()
  readonly #unpaid = new UnpaidTally()
  readonly findings: Finding[] = []
  #bills = 0

  constructor(rules: InForce, settlements: number, steps: number) {
    this.#rules = rules
    this.budget = new Budget(settlements / Math.max(1, benefitCount(rules) / BENEFITS_USUAL), steps)
  }

  result(): SearchResult {
    const promises = this.#promises.finding(this.#rules)
    return {
      findings: [
        ...this.findings,
        // Cut short, the search cannot say that a benefit is never paid.
        ...(this.budget.isSpent ? [] : this.#unpaid.findings(this.#rules)),
        ...(promises === undefined ? [] : [promises]),
      ],
      bills: this.#bills,
    }
  }

  lookInto(situation: Situation): void {
    const { packs } = this.#rules
    const ladder = amountLadder(situation, this.#rules)
    const alone = this.#climb(ladder, situation, (amount) => trialOf(situation, packs, fen(amount)))
    if (situation.part === 'inScope') {
      this.#checkGrowth(alone)
      return
    }
    const fixed = fen(ladder[Math.floor(ladder.length / 2)] ?? 1)
    const beside = this.#climb(ladder, situation, (amount) =>
      trialOf(situation, packs, fixed, fen(amount)),
    )
    this.#checkGrowth(beside)
  }

  /** Settles the bill of each amount; between two with different patterns it goes to where the pattern changes. */
  #climb(
    ladder: readonly number[],
    situation: Situation,
    billOfAmount: (amount: number) => TrialBill,
  ): readonly Tried[] {
    const tried: Tried[] = []
    const { isFirst } = situation
    const every = isFirst ? MEASURED.first : MEASURED.variation
    for (const [step, amount] of ladder.entries()) {
      if (this.budget.isSpent) break
      const next = this.#try(amount, billOfAmount)
      const last = tried.at(-1)
      if (isFirst && last !== undefined) tried.push(...this.#border(last, next, billOfAmount))
      tried.push(next)
      this.#unpaid.note(situation, next.trial, next.answer)
      if (next.answer.kind === 'settlement' && step % every === 0) {
        this.#promises.measure(next.trial, next.answer, this.#rules, this.budget)
      }
    }
    return tried
  }

  #border(from: Tried, to: Tried, billOfAmount: (amount: number) => TrialBill): readonly Tried[] {
    let [low, high] = [from, to]
    const pattern = patternOf(from.answer)
    if (pattern === patternOf(to.answer)) return []
    while (high.amount - low.amount > 1 && !this.budget.isSpent) {
      const middle = this.#try(Math.floor((low.amount + high.amount) / 2), billOfAmount)
      if (patternOf(middle.answer) === pattern) low = middle
      else high = middle
    }
    return [low, high].filter(({ amount }) => amount > from.amount && amount < to.amount)
  }

  #try(amount: number, billOfAmount: (amount: number) => TrialBill): Tried {
    const trial = billOfAmount(amount)
    const answer = settleTrial(trial, this.#rules, this.budget)
    this.#bills += 1
    if (answer.kind === 'refusal') {
      this.#keep(refusedFinding(trial, answer.problems, this.#rules, this.#isKnown))
      return { amount, trial, answer }
    }
    this.#keep(twoBasicFinding(trial, answer, this.#rules, this.#isKnown))
    this.#keep(gapFinding(trial, answer, this.#rules, this.#isKnown))
    return { amount, trial, answer }
  }

  #checkGrowth(tried: readonly Tried[]): void {
    tried.forEach((larger, index) => {
      const smaller = tried[index - 1]
      if (smaller === undefined) return
      const [before, after] = [paidOf(smaller.answer), paidOf(larger.answer)]
      if (before === undefined || after === undefined || after >= before) return
      const last = smaller.trial.lines.at(-1)
      if (last === undefined) return
      const added = { ...last, parts: partsOf('inScope', fen(larger.amount - smaller.amount)) }
      const grown = { ...smaller.trial, lines: [...smaller.trial.lines, added] }
      this.#keep(growthFinding(grown, this.#rules, this.#isKnown))
    })
  }

  readonly #isKnown: IsKnown = (code, pack, where) =>
    this.findings.some(
      (one) => one.problem.code === code && one.pack.id === pack.id && one.problem.where === where,
    )

  #keep(found: Finding | undefined): void {
    if (found !== undefined) this.findings.push(found)
  }
}
