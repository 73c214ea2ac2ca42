import { describe, expect, test } from 'vitest'
import type { InForce } from '../../src/adjudication/in-force.ts'
import {
  child,
  entriesOf,
  itemsOf,
  scalarText,
  type SourceNode,
} from '../../src/rules/read/source-node.ts'
import { measure, must, part, textOf, textsOf, yuanOf, type Measured } from './measure.ts'
import { amounts, comparedExpected, comparedPrinted, differences } from './published-case.ts'
import { inForceOf, namesIn, packsOfCity, readAllRules, readTree } from './rules.ts'
import { settleBill } from './settle-bill.ts'

/**
 * Published worked examples (`cases/`, as collected) against the bills in `bills/`, which say how a case's inputs
 * become a bill and which amount of the settlement each expected number is. See the README beside this file.
 */

const rules = readAllRules()
const names = namesIn('bills', '.yaml')

/** Real bills line by line have a test of their own. */
const cases = namesIn('cases', '.json').filter((name) => !name.startsWith('real-bill-'))

test('every published case has a bill, 84 of them verified', () => {
  expect(names).toEqual(cases)
  const verified = cases.filter((name) => textOf(part(readCase(name), 'verified')) === 'true')
  expect(verified).toHaveLength(84)
})

describe('published case', () => {
  test.each(names)('%s', (name) => {
    const file = readTree(`bills/${name}.yaml`)
    expect(textOf(part(file, 'case'))).toBe(name)
    const published = readCase(name)
    const measured = settleAll(file, inForceOfFile(file))
    for (const compare of [comparedExpected, comparedPrinted]) {
      const { published: says, settled } = compare(file, published, measured)
      expect(settled).toEqual(says)
    }
  })

  /** Those marked as contradicting themselves, and no others, state what the engine says and why. */
  test.each(names)('%s differs from its page only where the page contradicts itself', (name) => {
    const file = readTree(`bills/${name}.yaml`)
    const published = readCase(name)
    const differs = differences(file, published)
    expect(differs.length > 0).toBe(textOf(part(published, 'verified')) === 'false')
    expect(child(child(file, 'engine'), 'why') !== undefined).toBe(differs.length > 0)
    for (const { says, printed, collected } of differs) {
      expect(says).not.toBe(printed)
      expect([says, printed]).toEqual(expect.arrayContaining([...collected]))
    }
  })
})

/** Packs that do not concern a bill must not disturb it. */
describe('published case with every pack of its city in force', () => {
  const inCities = names.filter((name) => !profileOf(readTree(`bills/${name}.yaml`)).includes('/'))

  test.each(inCities)('%s', (name) => {
    const file = readTree(`bills/${name}.yaml`)
    const city = profileOf(file)
    const inForce = inForceOf(rules, packsOfCity(rules, city), city)
    expect(amounts(part(file, 'expected'), settleAll(file, inForce))).toEqual(
      amounts(part(file, 'expected'), settleAll(file, inForceOfFile(file))),
    )
  })
})

describe('hand-computed case', () => {
  test.each(namesIn('hand', '.yaml'))('%s', (name) => {
    const file = readTree(`hand/${name}.yaml`)
    const inForce = inForceOfFile(file)
    const counters = new Map<string, number>()
    const settlements: Measured['settlements'][number][] = []
    for (const step of itemsOf(part(file, 'steps'))) {
      const reversed = scalarText(child(step, 'reverse'))
      if (reversed === undefined) {
        settlements.push(settleBill(part(step, 'bill'), inForce, counters))
      } else {
        takeBack(must(settlements[Number(reversed) - 1], `no step ${reversed}`), counters)
      }
      const measured = { settlements: settlements.slice(-1), counters }
      const expected = entriesOf(part(step, 'expect'))
      expect(
        Object.fromEntries(
          expected.map(({ key, value }) => [key, measure(part(value, 'of'), measured)]),
        ),
      ).toEqual(Object.fromEntries(expected.map(({ key, value }) => [key, statedAmount(value)])))
    }
  })
})

/** A reversal takes the settlement's own contributions out; later settlements stand. */
function takeBack(
  settlement: Measured['settlements'][number],
  counters: Map<string, number>,
): void {
  for (const { key, before, after } of settlement.counters) {
    counters.set(key, (counters.get(key) ?? 0) - (after - before))
  }
}

/** Fen, or with `unit: times` or `days` the whole number itself. */
function statedAmount(node: SourceNode): number {
  const is = part(node, 'is')
  return child(node, 'unit') === undefined ? yuanOf(is) : Number(textOf(is))
}

function settleAll(file: SourceNode, inForce: InForce): Measured {
  const counters = new Map<string, number>()
  const bill = child(file, 'bill')
  const bills = bill === undefined ? itemsOf(part(file, 'bills')) : [bill]
  return { settlements: bills.map((item) => settleBill(item, inForce, counters)), counters }
}

function inForceOfFile(file: SourceNode): InForce {
  const catalog = scalarText(child(file, 'catalog'))
  return inForceOf(rules, textsOf(part(file, 'packs')), profileOf(file), catalog)
}

function profileOf(file: SourceNode): string {
  return textOf(part(file, 'profile'))
}

function readCase(name: string): SourceNode {
  return readTree(`cases/${name}.json`)
}
