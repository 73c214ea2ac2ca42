import { assert } from '../../../src/assert.ts'
import { counterKey, type CounterKey } from '../../../src/adjudication/counter-key.ts'
import type { CounterSums } from '../../../src/adjudication/counter-sums.ts'
import type { BenefitStep, CellAmounts } from '../../../src/adjudication/explanation.ts'
import type { InForce } from '../../../src/adjudication/in-force.ts'
import { allocateInto } from '../../../src/money/allocate.ts'
import { settled, type SettleCase } from './city-bills.ts'
import type { CityItem } from './city-catalog.ts'
import type { Contender } from './paired.ts'

/** One amount of a benefit over its cells, as it was spread. */
interface Spread {
  readonly total: number
  readonly weights: Float64Array
}

interface Sums {
  readonly total: number
  readonly codes: readonly string[]
  /** Of the counters it changes. */
  readonly keys: readonly CounterKey[]
  readonly counters: CounterSums
  /** Deductibles and what is above caps; payments. */
  readonly borne: readonly Spread[]
  readonly paid: readonly Spread[]
}

/**
 * What is left of a bill when nothing has to be decided: its items and counters looked up, and every amount of its explanation spread
 * over its cells once more and summed up. No rule, no condition, no limit, no line of an answer, no recording. Nothing that does this
 * much can be faster than this; the checksum is what the patients pay, as that of the others.
 */
export function sumsOnly(
  cases: readonly SettleCase[],
  inForce: InForce,
  items: readonly CityItem[],
): Contender {
  const known = new Map(items.map((item) => [item.code, item]))
  const bills = cases.map((item) => sumsOf(item, inForce))
  const out = new Float64Array(4_096)
  const spread = ({ total, weights }: Spread): number => {
    allocateInto(total, weights, weights.length, out)
    let sum = 0
    for (let index = 0; index < weights.length; index += 1) sum += out[index] ?? 0
    return sum
  }
  const pass = (): number => {
    let patients = 0
    for (const { total, codes, keys, counters, borne, paid } of bills) {
      for (const code of codes) assert(known.has(code), 'the catalogue has the item')
      let before = 0
      for (const { owner, id, rest } of keys) before += counters.amountOf(owner, id, rest)
      assert(Number.isSafeInteger(before), 'counters are whole')
      for (const amount of borne) spread(amount)
      patients += total
      for (const amount of paid) patients -= spread(amount)
    }
    return patients
  }
  return { name: 'its look-ups and sums alone', bills: bills.length, pass }
}

function sumsOf(item: SettleCase, inForce: InForce): Sums {
  const { bill, counters } = item
  const { total, explanation, counters: changed } = settled(item, inForce, true)
  const benefits = explanation.filter((step): step is BenefitStep => step.step === 'benefit')
  return {
    total,
    codes: bill.lines.map(({ facts }) => String(facts['code'])),
    keys: changed.map(({ key }) => counterKey(key)),
    counters,
    borne: benefits.flatMap(({ weighted, spread }) =>
      [spread.deductible, spread.overCap].flatMap((amounts) => spreadOf(amounts, weighted)),
    ),
    paid: benefits.flatMap(({ weighted, spread }) => [
      ...spreadOf(spread.payment, weighted),
      ...spreadOf(spread.extra, spread.extra),
    ]),
  }
}

/** Where it has nothing to spread there is none. */
function spreadOf(amounts: CellAmounts, weighted: CellAmounts): readonly Spread[] {
  const total = amounts.amounts.reduce((sum, amount) => sum + amount, 0)
  if (total === 0) return []
  // With `of: cost` the cells paid from are others than those chosen.
  const weights = amounts.cells.length === weighted.cells.length ? weighted : amounts
  return [{ total, weights: Float64Array.from(weights.amounts) }]
}
