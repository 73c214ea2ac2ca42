import type { InForce } from '../adjudication/in-force.ts'
import {
  FactMissing,
  ValueUndefined,
  type CompiledAmount,
  type CompiledBenefit,
} from '../rules/compiled.ts'
import { frameOf } from './occasions.ts'
import type { Situation } from './situations.ts'

/** Amounts of one bill, so that a settlement of it stays in the safe range whatever the rules. */
const AMOUNT_MAX = 1_000_000_000_00
const STEPS_MAX = 36

/**
 * Amounts to try in a situation, ascending, in fen: each amount of the rules and of their conditions, one fen less and
 * one more, and even steps up to far above the largest. For a variation about half as many.
 */
export function amountLadder(situation: Situation, rules: InForce): readonly number[] {
  const named = [...new Set([...amountsOf(situation, rules), ...situation.amounts])]
    .filter((amount) => amount > 0 && amount < AMOUNT_MAX)
    .toSorted((left, right) => left - right)
  const kept = named.length <= STEPS_MAX / 3 ? named : spaced(named, STEPS_MAX / 3)
  const largest = kept.at(-1) ?? 10_000_00
  const around = kept.flatMap((amount) =>
    situation.isFirst ? [amount - 1, amount, amount + 1] : [amount, amount + 1],
  )
  const beyond = (situation.isFirst ? [2, 5, 10, 40] : [3]).map((times) => largest * times)
  const even = situation.isFirst ? [1, 100_00, 1_000_00, 10_000_00, 100_000_00] : [1_000_00]
  const all = [...around, ...beyond, ...even].filter((amount) => amount > 0 && amount < AMOUNT_MAX)
  return [...new Set(all)].toSorted((left, right) => left - right)
}

function spaced(amounts: readonly number[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    return amounts[Math.floor((index * (amounts.length - 1)) / (count - 1))] ?? 0
  })
}

/** Deductibles, edges, limits and guarantees of every benefit, as they are in the situation. */
function amountsOf(situation: Situation, rules: InForce): readonly number[] {
  return rules.packs.flatMap(({ benefits, pack }) => {
    const frame = frameOf(situation.facts, pack.product, situation.day, NOTHING_YET)
    return benefits.flatMap((benefit) =>
      readersOf(benefit).flatMap((reader) => {
        try {
          frame.line = situation.line
          return reader(frame)
        } catch (error) {
          if (error instanceof FactMissing || error instanceof ValueUndefined) return []
          throw error
        }
      }),
    )
  })
}

const NOTHING_YET = {
  total: 0,
  inScope: 0,
  preSelfPay: 0,
  overLimit: 0,
  ownPay: 0,
  socialPaid: 0,
  commercialPaid: 0,
  socialSettled: false,
  settledKinds: [],
  supplement: false,
}

function readersOf(benefit: CompiledBenefit): readonly CompiledAmount[] {
  const limits = benefit.limits.filter(({ counter }) => counter.definition.unit === 'fen')
  return [
    benefit.deductible?.amount,
    ...(benefit.bands?.rows ?? []).map(({ upTo }) => upTo),
    ...[...limits, ...benefit.itemLimits].map(({ amount }) => amount),
  ].filter((reader) => reader !== undefined)
}
