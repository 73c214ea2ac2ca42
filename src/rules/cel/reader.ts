import type { FactFrame } from '../compiled.ts'

/** `element` is what `exists` or `all` looks at; only one can surround a term, so one place is enough. */
export type Reader<T> = (frame: FactFrame, element?: string) => T

/** A reader that needs no facts; `constant` is what it always reads. */
export type ConstantReader<T> = Reader<T> & { readonly constant: T }

export function constantReader<T>(constant: T): ConstantReader<T> {
  return Object.assign(() => constant, { constant })
}

export function isConstantReader<T>(reader: Reader<T>): reader is ConstantReader<T> {
  return 'constant' in reader
}
