import { isPlainObject } from '../plain-facts.ts'

const REPLACEMENT = 0xfffd
const REPLACEMENT_BYTES = Buffer.from(String.fromCharCode(REPLACEMENT), 'utf8')

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
  const open: object[] = [tree]
  const look = (value: unknown) => {
    if (typeof value === 'string') count += replacementsOf(value)
    else if (typeof value === 'object' && value !== null) open.push(value)
  }
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (Array.isArray(value)) for (const item of value as readonly unknown[]) look(item)
    else if (isPlainObject(value)) {
      for (const key in value) {
        count += replacementsOf(key)
        look(value[key])
      }
    } else if (!ArrayBuffer.isView(value)) {
      // What an extension of MessagePack made.
      for (const [key, member] of Object.entries(value)) {
        count += replacementsOf(key)
        look(member)
      }
    }
  }
  return count
}

/** By its characters: looking for one that Latin text cannot hold is a call into the runtime for every text. */
function replacementsOf(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) === REPLACEMENT) count += 1
  return count
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
