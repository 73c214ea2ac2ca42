/*
 * V8 keeps texts in a dozen forms (of one or two bytes, internalized, a slice, a concatenation …), and those of bills and counters
 * come in most of them. A place that has met more than four of them looks `text.length` and `text.charCodeAt` up by name each time,
 * which takes several times as long as reading the unit. So here the functions are constants, and what is added to the empty text is
 * known to be a text, whose length is then read as it is. A loop over units takes a quarter of the time.
 */

interface Units {
  readonly charCodeAt: (this: string, index: number) => number
  readonly slice: (this: string, from: number, to: number) => string
}

const UNITS: Units = String.prototype
const { charCodeAt, slice } = UNITS

/** `text.charCodeAt(index)`. */
export function unitAt(text: string, index: number): number {
  return charCodeAt.call(text, index)
}

/** `text.length`. */
export function lengthOf(text: string): number {
  return ('' + text).length
}

/** `text.slice(from, to)`. */
export function partOf(text: string, from: number, to: number): string {
  return slice.call(text, from, to)
}
