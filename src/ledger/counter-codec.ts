import type { ByteReader } from './bytes/byte-reader.ts'
import type { ByteWriter } from './bytes/byte-writer.ts'

const BAR = '|'

/**
 * A counter key `owner:ownerId|counter id|rest` in three texts: the holder comes again in the keys beside it, the counter in those of
 * others. A key of another form comes as a whole, behind an empty text.
 */
export function writeCounterKey(writer: ByteWriter, key: string): void {
  const first = key.indexOf(BAR)
  const second = first > 0 ? key.indexOf(BAR, first + 1) : -1
  if (second < 0) {
    writer.text('')
    writer.text(key)
    return
  }
  writer.part(key, 0, first)
  writer.part(key, first + 1, second)
  writer.part(key, second + 1, key.length)
}

export function readCounterKey(reader: ByteReader): string {
  const holder = reader.text()
  if (holder === '') return reader.text()
  const counter = reader.text()
  return `${holder}${BAR}${counter}${BAR}${reader.text()}`
}
