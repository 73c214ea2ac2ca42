import { describe, expect, test } from 'vitest'
import type { InForce } from '../../src/adjudication/in-force.ts'
import {
  child,
  entriesOf,
  itemsOf,
  scalarText,
  type SourceNode,
} from '../../src/rules/read/source-node.ts'
import { measure, must, textOf, textsOf, yuanOf, type Measured } from './measure.ts'
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
    const differs = itemsOf(child(child(file, 'engine'), 'differs'))
    expect(differs.length > 0).toBe(textOf(part(published, 'verified')) === 'false')

    expect(amounts(part(file, 'expected'), measured)).toEqual({
      ...yuanByKey(part(published, 'expected')),
      ...saysByKey(differs),
    })
    for (const item of differs) {
      expect(yuanOf(part(item, 'says'))).not.toBe(yuanOf(part(item, 'printed')))
    }
    expect(atPrintedPrecision(child(file, 'printed'), measured)).toEqual(
      printedValues(child(file, 'printed'), part(published, 'published_values')),
    )
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

function amounts(expected: SourceNode, measured: Measured): Readonly<Record<string, number>> {
  return Object.fromEntries(
    entriesOf(expected).map(({ key, value }) => [key, measure(value, measured)]),
  )
}

function yuanByKey(node: SourceNode): Readonly<Record<string, number>> {
  return Object.fromEntries(entriesOf(node).map(({ key, value }) => [key, yuanOf(value)]))
}

function saysByKey(differs: readonly SourceNode[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    differs.map((item) => [textOf(part(item, 'key')), yuanOf(part(item, 'says'))]),
  )
}

/** Each amount rounded half up to the unit that the page prints. */
function atPrintedPrecision(
  printed: SourceNode | undefined,
  measured: Measured,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    entriesOf(printed).map(({ key, value }) => {
      const unit = yuanOf(part(value, 'toNearest'))
      return [key, Math.floor(measure(part(value, 'of'), measured) / unit + 0.5) * unit]
    }),
  )
}

function printedValues(
  printed: SourceNode | undefined,
  published: SourceNode,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    entriesOf(printed).map(({ key }) => [key, yuanOf(part(published, key))]),
  )
}

function readCase(name: string): SourceNode {
  return readTree(`cases/${name}.json`)
}

function part(node: SourceNode, key: string): SourceNode {
  return must(child(node, key), `${node.where}: ${key} is missing`)
}
