/** `T` without undefined: a key that may be undefined becomes optional. */
export type Stated<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K]
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** `fields` without those that are undefined: what was not stated is absent, not present and empty. */
export function stated<T extends object>(fields: T): Stated<T> {
  const result: Record<string, unknown> = {}
  for (const key in fields) {
    if (fields[key] !== undefined) result[key] = fields[key]
  }
  return result as Stated<T>
}
