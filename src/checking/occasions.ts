import { packScope, typedExpression } from '../rules/compile/pack-scope.ts'
import {
  FactMissing,
  ValueUndefined,
  type CompiledBenefit,
  type CompiledCondition,
  type CompiledPack,
  type FactFrame,
} from '../rules/compiled.ts'
import type { FactSheet, FactValue } from '../rules/facts.ts'
import { PACK_KINDS } from '../rules/kind.ts'
import type { Expression } from '../rules/pack.ts'
import { noteTerm } from './mentions.ts'
import { Vocabulary, type Fact, type Stated } from './vocabulary.ts'

/** Facts by key; see `Fact.key`. */
export type Facts = ReadonlyMap<string, Stated>

/** More combinations are not gone through one by one but in even steps. */
const COMBINATIONS_MAX = 4_000

/**
 * Facts under which a benefit applies, as far as `covers` and `when` decide: one set for each value that some fact of
 * the conditions can have then, the first with the most ordinary values. Of conditions that never hold those facts, if any,
 * under which they have no value: such a bill is refused.
 */
export function occasionsOf(compiled: CompiledPack, index: number, day: number): readonly Facts[] {
  const benefit = compiled.benefits[index]
  const read = [compiled.pack.covers, benefit?.benefit.when]
  const facts = factsRead(compiled, read, false)
  const conditions = [compiled.covers, benefit?.when]
  const onSomeBill = (meets: (frame: FactFrame) => boolean) => (given: Facts) =>
    BILLS.some((bill) => meets(frameOf(given, compiled.pack.product, day, bill)))
  const applies = onSomeBill((frame) => conditions.every((one) => holds(one, frame)))
  const found = eachValueOnce(facts, applies)
  return found.length > 0 ? found : eachValueOnce(facts, onSomeBill(breaksOff(conditions)))
}

/** Whether, of conditions asked one after the other, one has no value. */
function breaksOff(
  conditions: readonly (CompiledCondition | undefined)[],
): (frame: FactFrame) => boolean {
  return (frame) => {
    try {
      conditions.every((condition) => condition === undefined || condition(frame))
      return false
    } catch (error) {
      if (error instanceof ValueUndefined) return true
      if (error instanceof FactMissing) return false
      throw error
    }
  }
}

/** Facts of lines for which some condition over lines of the benefit holds, each condition once. */
export function lineOccasions(
  compiled: CompiledPack,
  benefit: CompiledBenefit,
  given: Facts,
  day: number,
): readonly FactSheet[] {
  const { base, itemLimits, lines } = benefit.benefit
  const read = [lines, ...base.map((item) => item.lines), ...itemLimits.map((one) => one.lines)]
  const facts = factsRead(compiled, read, true)
  const frame = frameOf(given, compiled.pack.product, day, BILLS[0])
  const inner = [...benefit.base, ...benefit.itemLimits].map((item) => item.lines)
  const wanted = [undefined, ...inner.filter((condition) => condition !== undefined)]
  const sheets = wanted.flatMap((condition) => {
    const found = firstOf(facts, (line) => {
      frame.line = sheetOf(line, 'line', '')
      return holds(benefit.lines, frame) && holds(condition, frame)
    })
    return found === undefined ? [] : [sheetOf(found, 'line', '')]
  })
  return [...new Map(sheets.map((sheet) => [JSON.stringify(sheet), sheet])).values()]
}

function factsRead(
  compiled: CompiledPack,
  expressions: readonly (Expression | undefined)[],
  lines: boolean,
): readonly Fact[] {
  const { pack } = compiled
  const scope = packScope(pack)
  const reading = { vocabulary: new Vocabulary(), product: pack.product, lists: pack.lists }
  for (const expression of expressions) {
    const typed = expression && typedExpression(expression, scope, lines, 'bool')
    if (typed !== undefined) noteTerm(typed.term, reading)
  }
  const facts = reading.vocabulary.facts()
  return lines ? facts.filter(({ reference }) => reference.group === 'line') : facts
}

function firstOf(facts: readonly Fact[], applies: (given: Facts) => boolean): Facts | undefined {
  for (const given of combinations(facts)) if (applies(given)) return given
  return undefined
}

function eachValueOnce(
  facts: readonly Fact[],
  applies: (given: Facts) => boolean,
): readonly Facts[] {
  const seen = new Set<string>()
  const found: Facts[] = []
  for (const given of combinations(facts)) {
    const values = [...given].map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    const isNew = found.length === 0 || values.some((value) => !seen.has(value))
    if (!isNew || !applies(given)) continue
    for (const value of values) seen.add(value)
    found.push(given)
  }
  return found
}

/** Every combination of values, the first value of every fact first. */
function* combinations(facts: readonly Fact[]): Generator<Facts> {
  const count = facts.reduce((product, { values }) => product * values.length, 1)
  const step = Math.max(1, Math.ceil(count / COMBINATIONS_MAX))
  for (let number = 0; number < count; number += step) {
    let rest = number
    const given = new Map<string, Stated>()
    for (const { key, values } of facts) {
      given.set(key, values[rest % values.length])
      rest = Math.floor(rest / values.length)
    }
    yield given
  }
}

/** What conditions may find of the bill: nothing yet, or everything. */
const BILLS = [0, Number.MAX_SAFE_INTEGER].map((amount): FactSheet => ({
  total: amount,
  inScope: amount,
  preSelfPay: amount,
  overLimit: amount,
  ownPay: amount,
  socialPaid: amount,
  commercialPaid: amount,
  socialSettled: amount > 0,
  settledKinds: amount > 0 ? PACK_KINDS : [],
  supplement: false,
}))

/** A frame of the facts for a holder of `product`. */
export function frameOf(
  given: Facts,
  product: string,
  day: number,
  bill: FactSheet = {},
): FactFrame {
  const dates = { start: day, end: day }
  return {
    person: sheetOf(given, 'person', ''),
    visit: { ...dates, ...sheetOf(given, 'visit', '') },
    hospital: sheetOf(given, 'hospital', ''),
    bill,
    policy: { ...dates, ...sheetOf(given, 'policy', product) },
    line: undefined,
    lineChargeLevel: undefined,
    readCounter: () => 0,
  }
}

/** The facts of one group; what is left out stays out. */
export function sheetOf(given: Facts, group: string, product: string): FactSheet {
  const ending = group === 'policy' ? `@${product}` : ''
  const sheet: Record<string, FactValue> = {}
  for (const [key, value] of given) {
    const isOwn = key.startsWith(`${group}.`) && key.endsWith(ending)
    if (!isOwn || value === undefined) continue
    sheet[key.slice(group.length + 1, key.length - ending.length)] = value
  }
  return sheet
}

/** A condition that reads what is not stated, or cannot be computed, does not hold for a trial. */
function holds(condition: CompiledCondition | undefined, frame: FactFrame): boolean {
  try {
    return condition === undefined || condition(frame)
  } catch (error) {
    if (error instanceof FactMissing || error instanceof ValueUndefined) return false
    throw error
  }
}
