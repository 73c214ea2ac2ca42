import type { Discrepancy } from './discrepancy.ts'
import { NATIONAL_AMOUNTS, nationalAmounts, nationalKey, type NationalRow } from './national-row.ts'
import { close, facing, grouped, naming, sumAmounts, type OpenRows } from './open-rows.ts'

const WIDTH = NATIONAL_AMOUNTS.length
const named = naming(nationalAmounts, WIDTH)

/** One row of one file that is two in the other, or all of a visit that is one row in one of them. */
export function dividedRows(open: OpenRows<NationalRow>): readonly Discrepancy<NationalRow>[] {
  return facing(open, (row) => nationalKey(row, ['id'])).flatMap(({ ours, theirs }) => {
    const partsOfOurs = takingParts(theirs)
    const split = ours.flatMap((whole) => {
      const parts = partsOfOurs(whole)
      if (parts === undefined) return []
      close(open, [whole], parts)
      return [named('split', [whole], parts)]
    })
    const partsOfTheirs = takingParts(ours.filter((row) => open.ours.has(row)))
    const merged = theirs.flatMap((whole) => {
      const parts = open.theirs.has(whole) ? partsOfTheirs(whole) : undefined
      if (parts === undefined) return []
      close(open, parts, [whole])
      return [named('merged', parts, [whole])]
    })
    return [...split, ...merged]
  })
}

/** More rows of one visit are not searched for pairs. */
const PARTS_SEARCHED_MAX = 200

/**
 * Finds the parts of a row among `rows`: all that are left of them, or two. Each row is part of one. What the search needs is
 * worked out once for as long as no row is taken: a file without visits is one group of all its rows.
 */
function takingParts(
  rows: readonly NationalRow[],
): (whole: NationalRow) => readonly NationalRow[] | undefined {
  let left = candidatesOf(rows)
  return (whole) => {
    const parts = partsOf(whole, left)
    if (parts === undefined) return undefined
    const taken = new Set(parts)
    left = candidatesOf(left.rows.filter((row) => !taken.has(row)))
    return parts
  }
}

function partsOf(whole: NationalRow, left: Candidates): readonly NationalRow[] | undefined {
  if (left.rows.length < 2) return undefined
  if (amountsKey(nationalAmounts(whole)) === left.sum) return left.rows
  return left.rows.length > PARTS_SEARCHED_MAX ? undefined : pairOf(whole, left)
}

interface Candidates {
  readonly rows: readonly NationalRow[]
  /** `amountsKey` of all of them together. */
  readonly sum: string
  readonly totals: ReadonlySet<number>
  readonly byAmounts: ReadonlyMap<string, readonly NationalRow[]>
}

function candidatesOf(rows: readonly NationalRow[]): Candidates {
  return {
    rows,
    sum: amountsKey(sumAmounts(rows, nationalAmounts, WIDTH)),
    totals: new Set(rows.map(({ total }) => total)),
    byAmounts: grouped(rows, (row) => amountsKey(nationalAmounts(row))),
  }
}

function pairOf(
  whole: NationalRow,
  { byAmounts, rows, totals }: Candidates,
): readonly NationalRow[] | undefined {
  for (const first of rows) {
    if (!totals.has(whole.total - first.total)) continue
    const amounts = nationalAmounts(first)
    const rest = nationalAmounts(whole).map((amount, index) => amount - (amounts[index] ?? 0))
    const second = byAmounts.get(amountsKey(rest))?.find((row) => row !== first)
    if (second !== undefined) return [first, second]
  }
  return undefined
}

function amountsKey(amounts: readonly number[]): string {
  return amounts.join()
}
