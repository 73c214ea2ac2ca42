import type { FactFrame } from '../compiled.ts'

/** `element` is what `exists` or `all` looks at; only one can surround a term, so one place is enough. */
export type Reader<T> = (frame: FactFrame, element?: string) => T
