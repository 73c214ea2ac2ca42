/** Whether these are the keys of `object`, in their order; no list is made of them. */
export function hasKeys(object: object, keys: readonly string[]): boolean {
  let index = 0
  for (const key in object) {
    if (key !== keys[index]) return false
    index += 1
  }
  return index === keys.length
}
