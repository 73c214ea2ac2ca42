import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CompiledBenefit, CompiledPack, FactFrame } from '../../src/rules/compiled.ts'
import { FactMissing } from '../../src/rules/compiled.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import type { Rate } from '../../src/money/rate.ts'
import type { Expression, RulePack, Value } from '../../src/rules/pack.ts'
import { Refused, type Facts } from './conditions.ts'
import { type Exact } from './exact.ts'
import { histories, type History } from './generators.ts'
import { money, rate, truth, type ValueContext } from './values.ts'

/** What compiled closures say is what the expressions and values say when they are read plainly. */

const HELD = 12_345

interface Sides {
  readonly frame: FactFrame
  readonly context: ValueContext
}

function compiled(pack: RulePack): CompiledPack {
  const result = compilePack(pack)
  if (!result.ok) throw new Error(`${pack.id}: ${JSON.stringify(result.problems)}`)
  return result.value
}

function sidesOf(history: History, pack: RulePack): Sides[] {
  const policy = history.coverage.policies.find((one) => one['product'] === pack.product)
  return history.bills.flatMap((bill) =>
    bill.lines.map(({ facts: line }) => {
      const sheets = {
        person: history.coverage.person,
        visit: bill.visit,
        hospital: bill.hospital,
        bill: { total: 120_000, socialPaid: 10_001 },
      }
      const facts: Facts = { ...sheets, policy: policy ?? {}, line }
      const frame = { ...sheets, policy, line, lineChargeLevel: undefined, readCounter: () => HELD }
      return { frame, context: { pack, facts, counter: () => HELD } }
    }),
  )
}

/** The result, or that a fact is missing. */
function told<T>(say: () => T): T | 'missing' {
  try {
    return say()
  } catch (error) {
    if (error instanceof FactMissing || error instanceof Refused) return 'missing'
    throw error
  }
}

function sameTruth(
  source: Expression | undefined,
  closure: ((frame: FactFrame) => boolean) | undefined,
  { frame, context }: Sides,
): void {
  if (source === undefined || closure === undefined) {
    expect(closure === undefined).toBe(source === undefined)
    return
  }
  expect([source.source, told(() => closure(frame))]).toEqual([
    source.source,
    told(() => truth(source, context)),
  ])
}

function sameMoney(
  value: Value | undefined,
  closure: ((frame: FactFrame) => number) | undefined,
  { frame, context }: Sides,
): void {
  if (value === undefined || closure === undefined) return
  expect([value, told(() => closure(frame))]).toEqual([value, told(() => money(value, context))])
}

function sameRate(
  value: Value | undefined,
  closure: ((frame: FactFrame) => Rate) | undefined,
  { frame, context }: Sides,
): void {
  if (value === undefined || closure === undefined) return
  const oracle = told(() => rate(value, context))
  const core = told(() => closure(frame))
  if (oracle === 'missing' || core === 'missing') expect(core).toBe(oracle)
  else expect(equal(core, oracle)).toBe(true)
}

function equal(core: Rate, oracle: Exact): boolean {
  return BigInt(core.num) * oracle.den === oracle.num * BigInt(core.den)
}

function sameBenefit(core: CompiledBenefit, sides: Sides): void {
  const { benefit } = core
  sameTruth(benefit.when, core.when, sides)
  sameTruth(benefit.lines, core.lines, sides)
  benefit.base.forEach((item, index) => {
    sameTruth(item.lines, core.base[index]?.lines, sides)
    sameRate(item.weight, core.base[index]?.weight, sides)
  })
  benefit.firstShares.forEach((share, index) => {
    sameTruth(share.when, core.firstShares[index]?.when, sides)
    sameRate(share.rate, core.firstShares[index]?.rate, sides)
  })
  benefit.itemLimits.forEach((limit, index) => {
    sameMoney(limit.amount, core.itemLimits[index]?.amount, sides)
  })
  sameMoney(benefit.deductible?.amount, core.deductible?.amount, sides)
  benefit.bands?.rows.forEach((row, index) => {
    sameMoney(row.upTo, core.bands?.rows[index]?.upTo, sides)
    sameRate(row.rate, core.bands?.rows[index]?.rate, sides)
  })
  benefit.adjustments.forEach((adjustment, index) => {
    sameTruth(adjustment.when, core.adjustments[index]?.when, sides)
    sameRate(adjustment.rate, core.adjustments[index]?.rate, sides)
  })
  benefit.limits.forEach((limit, index) => {
    sameTruth(limit.when, core.limits[index]?.when, sides)
    if (limit.on !== 'quantity') sameMoney(limit.amount, core.limits[index]?.amount, sides)
  })
}

test('compiled conditions, amounts and rates agree with a plain reading', () => {
  fc.assert(
    fc.property(histories, (history) => {
      for (const pack of history.packs) {
        const core = compiled(pack)
        for (const sides of sidesOf(history, pack)) {
          sameTruth(pack.covers, core.covers, sides)
          for (const benefit of core.benefits) sameBenefit(benefit, sides)
        }
      }
    }),
    { numRuns: 60, seed: 3 },
  )
})
