/**
 * What is still unpaid on a line and why (design: residual category). The array order is the order in
 * which ties of a spread are broken inside one line, and the index is the column of a cell.
 */
export const CATEGORIES = [
  'deductible',
  'coinsurance',
  'overCap',
  'inScope',
  'preSelfPay',
  'overLimit',
  'ownPay',
] as const

export type Category = (typeof CATEGORIES)[number]

export const CATEGORY_COUNT = CATEGORIES.length

/** Column of each category inside a line's cells. */
export const COLUMN = {
  deductible: 0,
  coinsurance: 1,
  overCap: 2,
  inScope: 3,
  preSelfPay: 4,
  overLimit: 5,
  ownPay: 6,
} as const satisfies Record<Category, number>

/** Columns 0..3 are the in-scope part of a line, whatever it is called. */
export const IN_SCOPE_COLUMNS = 4

/** Whether a base item on `wanted` takes the cells of `column`: `inScope` takes the in-scope part under all its names. */
export function takesColumn(wanted: number, column: number): boolean {
  return wanted === COLUMN.inScope ? column < IN_SCOPE_COLUMNS : column === wanted
}
