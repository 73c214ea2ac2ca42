import { Packr } from 'msgpackr'

/**
 * MessagePack with inline records: objects of one shape name their keys once. Deterministic: the same value, with its keys in
 * the same order, gives the same bytes. Whole numbers beyond 32 bits are written as doubles, which hold every safe integer.
 */
const compact = new Packr({ useRecords: true, moreTypes: false, int64AsType: 'number' })

/** What others wrote: their maps are objects. Records are read too. */
const foreign = new Packr({
  useRecords: true,
  mapsAsObjects: true,
  moreTypes: false,
  int64AsType: 'number',
})

/** Plain maps, for readers that know no records. */
const plain = new Packr({ useRecords: false, moreTypes: false, variableMapSize: true })

/** The bytes are the caller's own. */
export function encode(value: unknown): Uint8Array {
  return compact.pack(value)
}

export function decode(bytes: Uint8Array): unknown {
  return compact.unpack(bytes)
}

/** Bytes that came from outside, with plain maps or with inline records. */
export function decodeForeign(bytes: Uint8Array): unknown {
  return foreign.unpack(bytes)
}

export function encodePlain(value: unknown): Uint8Array {
  return plain.pack(value)
}
