/** A property that only a bug can break did not hold. Never turned into a business reply. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

/** Throws `InvariantError` unless `condition` holds; `property` states what holds, positively. */
export function assert(condition: boolean, property: string): asserts condition {
  if (!condition) throw new InvariantError(`broken invariant: ${property}`)
}

/** Marks a branch that the closed union makes impossible; a new member fails to compile here. */
export function unreachable(value: never): never {
  throw new InvariantError(`broken invariant: no such case: ${JSON.stringify(value)}`)
}
