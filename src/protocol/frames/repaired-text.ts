const REPLACEMENT = '\uFFFD'
const REPLACEMENT_BYTES = Buffer.from(REPLACEMENT, 'utf8')

/**
 * Whether reading `bytes` as MessagePack put replacement characters in place of bytes that are no UTF-8, as text in GBK would be:
 * names would be lost, and different ids become the same. `tree` is what was read. A replacement character that was sent as such
 * stays.
 */
export function hasRepairedText(tree: object, bytes: Uint8Array): boolean {
  const found = replacementsIn(tree)
  return found > 0 && found > occurrences(bytes)
}

/** Not by recursion: how deep a message is, is for its sender to say. */
function replacementsIn(tree: object): number {
  let count = 0
  const open: unknown[] = [tree]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value === 'string') count += replacementsOf(value)
    else if (Array.isArray(value)) for (const item of value as readonly unknown[]) open.push(item)
    else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        count += replacementsOf(key)
        open.push(member)
      }
    }
  }
  return count
}

function replacementsOf(text: string): number {
  return text.includes(REPLACEMENT) ? text.split(REPLACEMENT).length - 1 : 0
}

function occurrences(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let count = 0
  let from = buffer.indexOf(REPLACEMENT_BYTES)
  while (from >= 0) {
    count += 1
    from = buffer.indexOf(REPLACEMENT_BYTES, from + REPLACEMENT_BYTES.length)
  }
  return count
}
