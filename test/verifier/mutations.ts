import type { Settlement } from '../../src/adjudication/settlement.ts'

type Path = readonly (string | number)[]

/** Path of every number anywhere in `value`. */
export function numbersOf(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'number') return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => numbersOf(member, [...path, key]))
}

/** `settlement` with the number at `path` changed by `by`. */
export function changed(settlement: Settlement, path: Path, by: number): Settlement {
  const copy = structuredClone(settlement)
  let holder: object = copy
  for (const key of path.slice(0, -1)) {
    const member: unknown = Reflect.get(holder, key)
    if (typeof member !== 'object' || member === null)
      throw new Error(`no object at ${path.join('.')}`)
    holder = member
  }
  const last = path.at(-1) ?? ''
  const stated: unknown = Reflect.get(holder, last)
  if (typeof stated !== 'number') throw new Error(`no number at ${path.join('.')}`)
  Reflect.set(holder, last, stated + by)
  return copy
}
