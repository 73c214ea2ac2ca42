import {
  child,
  entriesOf,
  itemsOf,
  scalarText,
  type SourceNode,
} from '../../src/rules/read/source-node.ts'
import { measure, must, part, textOf, yuanOf, type Measured } from './measure.ts'

/** Amounts in fen by the key the case file gives them. */
type Amounts = Readonly<Record<string, number>>

/** What one case publishes beside what the engine says, key by key: every number of the case, none left out. */
export interface Compared {
  readonly published: Amounts
  readonly settled: Amounts
}

/** The numbers of `expected`, to the fen. */
export function comparedExpected(
  file: SourceNode,
  published: SourceNode,
  measured: Measured,
): Compared {
  const expected = part(published, 'expected')
  return {
    published: { ...yuanByKey(expected), ...saidOf(file, keysOf(expected)) },
    settled: amounts(part(file, 'expected'), measured),
  }
}

/** The numbers the page prints, at the precision it prints. */
export function comparedPrinted(
  file: SourceNode,
  published: SourceNode,
  measured: Measured,
): Compared {
  const values = part(published, 'published_values')
  const mapped = entriesOf(part(file, 'printed'))
  const expected = amounts(part(file, 'expected'), measured)
  const said = saidOf(file)
  return {
    published: Object.fromEntries(
      entriesOf(values).map(({ key, value }) => {
        const mapping = mapped.find((entry) => entry.key === key)?.value
        return [key, said[scalarText(mapping) ?? key] ?? yuanOf(value)]
      }),
    ),
    settled: Object.fromEntries(
      mapped.map(({ key, value }) => [key, printedAmount(value, expected, measured)]),
    ),
  }
}

/** A number that the engine does not say as the page prints it. */
export interface Difference {
  readonly says: number
  readonly printed: number
  /** As collected in the case: what the page prints, or already put right. */
  readonly collected: readonly number[]
}

export function differences(file: SourceNode, published: SourceNode): readonly Difference[] {
  const values = entriesOf(part(published, 'published_values'))
  return differing(file).map((item) => {
    const key = textOf(part(item, 'key'))
    const names = entriesOf(part(file, 'printed')).flatMap(({ key: name, value }) =>
      [name, scalarText(value)].includes(key) ? [name] : [],
    )
    return {
      says: yuanOf(part(item, 'says')),
      printed: yuanOf(part(item, 'printed')),
      collected: values.flatMap((value) =>
        names.includes(value.key) ? [yuanOf(value.value)] : [],
      ),
    }
  })
}

export function amounts(expected: SourceNode, measured: Measured): Amounts {
  return Object.fromEntries(
    entriesOf(expected).map(({ key, value }) => [key, measure(value, measured)]),
  )
}

/** A key of `expected`, or an expression; with `toNearest` rounded half up to the unit that the page prints. */
function printedAmount(node: SourceNode, expected: Amounts, measured: Measured): number {
  const key = scalarText(node)
  if (key !== undefined) return must(expected[key], `${node.where}: nothing expected is ${key}`)
  const unit = child(node, 'toNearest')
  if (unit === undefined) return measure(node, measured)
  const nearest = yuanOf(unit)
  return Math.floor(measure(part(node, 'of'), measured) / nearest + 0.5) * nearest
}

function differing(file: SourceNode): readonly SourceNode[] {
  return itemsOf(child(child(file, 'engine'), 'differs'))
}

/** What the engine says instead, of `keys` only if given. */
function saidOf(file: SourceNode, keys?: readonly string[]): Amounts {
  const said = differing(file).map(
    (item) => [textOf(part(item, 'key')), part(item, 'says')] as const,
  )
  return Object.fromEntries(
    said
      .filter(([key]) => keys === undefined || keys.includes(key))
      .map(([key, says]) => [key, yuanOf(says)]),
  )
}

function keysOf(node: SourceNode): readonly string[] {
  return entriesOf(node).map(({ key }) => key)
}

function yuanByKey(node: SourceNode): Amounts {
  return Object.fromEntries(entriesOf(node).map(({ key, value }) => [key, yuanOf(value)]))
}
