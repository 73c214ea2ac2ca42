import type { CounterKey } from '../adjudication/counter-key.ts'
import { assert } from '../assert.ts'
import type { ByteReader } from './bytes/byte-reader.ts'
import type { ByteWriter } from './bytes/byte-writer.ts'

/** A counter in three texts: the owner comes again in the keys beside it, the id in those of others. */
export function writeCounterKey(writer: ByteWriter, { owner, id, rest }: CounterKey): void {
  assert(owner !== '', 'a counter has an owner')
  writer.name(owner)
  writer.name(id)
  writer.name(rest)
}

export function readCounterKey(reader: ByteReader): CounterKey {
  const owner = reader.text()
  assert(owner !== '', 'a counter has an owner')
  return { owner, id: reader.name(), rest: reader.text() }
}
