import { assert } from '../assert.ts'
import { addFen, fen, subtractFen, ZERO_FEN, type Fen } from '../money/fen.ts'
import type { BookTotals, Discrepancy } from './discrepancy.ts'
import type { DiscrepancyKind } from './kinds.ts'

/** Rows of both books for which no counterpart was found so far. Each pass takes out what it explains. */
export interface OpenRows<Row> {
  readonly ours: Set<Row>
  readonly theirs: Set<Row>
}

export interface Pair<Row> {
  readonly ours: Row
  readonly theirs: Row
}

/** A row and how many rows like it stand level. */
export interface Unequal<Row> {
  readonly open: OpenRows<Row>
  /** Open rows like one that stands level: too many of a kind. */
  readonly copies: OpenRows<Row>
}

/** Takes equal rows off against each other, one by one. `keyOf` is the whole row as a text. */
export function unequalRows<Row extends object>(
  ours: Iterable<Row>,
  theirs: Iterable<Row>,
  keyOf: (row: Row) => string,
): Unequal<Row> {
  const counts = new Map<string, number>()
  for (const row of ours) {
    const key = keyOf(row)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const unequal: Unequal<Row> = {
    open: { ours: new Set(), theirs: new Set() },
    copies: { ours: new Set(), theirs: new Set() },
  }
  const level = new Set<string>()
  for (const row of theirs) {
    const key = keyOf(row)
    const count = counts.get(key)
    if (count === undefined) unequal.open.theirs.add({ ...row })
    else if (count === 0) unequal.copies.theirs.add({ ...row })
    else {
      counts.set(key, count - 1)
      // Only where more than one of ours is alike can one of them be left over.
      if (count > 1) level.add(key)
    }
  }
  for (const row of ours) {
    const key = keyOf(row)
    const count = counts.get(key) ?? 0
    if (count === 0) continue
    counts.set(key, count - 1)
    const side = level.has(key) ? unequal.copies.ours : unequal.open.ours
    side.add({ ...row })
  }
  return unequal
}

export function grouped<Item>(
  items: Iterable<Item>,
  keyOf: (item: Item) => string | undefined,
): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

/**
 * Takes out pairs of open rows that have the same key, in the order of the books. A row whose key is undefined stays. What
 * makes two rows a pair is all in their keys, theirs by `keyOfTheirs`: each row is looked at once, where a search among
 * candidates of which none suits would take the product of both books.
 */
export function pairOff<Row>(
  open: OpenRows<Row>,
  keyOf: (row: Row) => string | undefined,
  keyOfTheirs = keyOf,
): readonly Pair<Row>[] {
  const waiting = new Map(
    [...grouped(open.ours, keyOf)].map(([key, rows]) => [key, rows.values()] as const),
  )
  const pairs: Pair<Row>[] = []
  for (const theirs of open.theirs) {
    const key = keyOfTheirs(theirs)
    const next = key === undefined ? undefined : waiting.get(key)?.next()
    if (next === undefined || next.done === true) continue
    const ours = next.value
    pairs.push({ ours, theirs })
    open.ours.delete(ours)
    open.theirs.delete(theirs)
  }
  return pairs
}

/** Takes `ours` and `theirs` out. */
export function close<Row>(open: OpenRows<Row>, ours: Iterable<Row>, theirs: Iterable<Row>): void {
  for (const row of ours) open.ours.delete(row)
  for (const row of theirs) open.theirs.delete(row)
}

/** Open rows of both sides by key, where both have some. */
export function facing<Row>(
  open: OpenRows<Row>,
  keyOf: (row: Row) => string | undefined,
): readonly { readonly ours: readonly Row[]; readonly theirs: readonly Row[] }[] {
  const theirs = grouped(open.theirs, keyOf)
  return [...grouped(open.ours, keyOf)].flatMap(([key, rows]) => {
    const others = theirs.get(key)
    return others === undefined ? [] : [{ ours: rows, theirs: others }]
  })
}

/** The amounts of a row, fen, always as many. */
export type AmountsOf<Row> = (row: Row) => readonly Fen[]

export function sumAmounts<Row>(
  rows: Iterable<Row>,
  amountsOf: AmountsOf<Row>,
  width: number,
): readonly Fen[] {
  let sums: readonly Fen[] = Array.from({ length: width }, () => ZERO_FEN)
  for (const row of rows) {
    const amounts = amountsOf(row)
    sums = sums.map((sum, index) => addFen(sum, amounts[index] ?? ZERO_FEN))
  }
  return sums
}

export function totalsOf<Row>(
  rows: readonly Row[],
  amountsOf: AmountsOf<Row>,
  width: number,
): BookTotals {
  return { rows: rows.length, amounts: sumAmounts(rows, amountsOf, width) }
}

/** Makes discrepancies of one format, each with its effect. */
export function naming<Row>(amountsOf: AmountsOf<Row>, width: number) {
  return (
    kind: DiscrepancyKind,
    ours: readonly Row[],
    theirs: readonly Row[],
  ): Discrepancy<Row> => {
    const left = sumAmounts(ours, amountsOf, width)
    const right = sumAmounts(theirs, amountsOf, width)
    const effect = right.map((amount, index) => subtractFen(amount, left[index] ?? ZERO_FEN))
    return { kind, ours, theirs, effect }
  }
}

/** Throws `InvariantError` unless the discrepancies make up the whole difference of the books. */
export function assertExplained<Row>(
  ours: BookTotals,
  theirs: BookTotals,
  discrepancies: readonly Discrepancy<Row>[],
): void {
  for (const [index, amount] of theirs.amounts.entries()) {
    const explained = discrepancies.reduce((sum, { effect }) => sum + (effect[index] ?? 0), 0)
    assert(
      fen(explained) === subtractFen(amount, ours.amounts[index] ?? ZERO_FEN),
      'the differences found make up the difference of the books',
    )
  }
}
