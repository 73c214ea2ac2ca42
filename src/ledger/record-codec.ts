import { assert } from '../assert.ts'
import { ByteReader } from './bytes/byte-reader.ts'
import { ByteWriter } from './bytes/byte-writer.ts'
import { TAG } from './bytes/tags.ts'
import { readMembers, writeMembers } from './members-codec.ts'
import {
  openDictionary,
  packedOf,
  unpackSplit,
  wholeSplit,
  type PackedSplit,
} from './packed-split.ts'
import type { LedgerRecord, RequestKey, SplitRecord } from './record.ts'

/*
 * The payload of a block (docs/ledger.md, section 10). Its records share the names of their members and their texts, which are written
 * once; nothing outside the block has to be known to read it.
 */

/** Writes records behind what `writer` has; the context is theirs alone. */
export function writeRecords(writer: ByteWriter, records: readonly LedgerRecord[]): void {
  writer.forget()
  writer.uint(records.length)
  const dictionaries: Uint8Array[] = []
  for (const record of records) {
    const packed = packedOf(record)
    if (packed === undefined) writeMembers(writer, record)
    else writePacked(writer, record as SplitRecord, packed, dictionaries)
  }
}

/** The payload of a block by itself. */
export function encodeRecords(records: readonly LedgerRecord[]): Uint8Array {
  const writer = new ByteWriter()
  writeRecords(writer, records)
  return writer.copy()
}

/** The inverse; throws when the bytes are not those of a payload. */
export function decodeRecords(payload: Uint8Array): readonly LedgerRecord[] {
  const reader = new ByteReader(payload)
  const records: LedgerRecord[] = []
  const dictionaries: ByteReader[] = []
  for (let left = reader.count(); left > 0; left -= 1) {
    while (reader.isNext(TAG.dictionary)) dictionaries.push(openDictionary(reader.bytes()))
    records.push(
      reader.isNext(TAG.packed)
        ? readPacked(reader, dictionaries)
        : (readMembers(reader) as unknown as LedgerRecord),
    )
  }
  assert(reader.left === 0, 'a block ends with its last record')
  return records
}

/** A dictionary stands in front of the first split of the block that was packed with it. */
function writePacked(
  writer: ByteWriter,
  { seq, at, day, request }: SplitRecord,
  { dictionary, bytes }: PackedSplit,
  dictionaries: Uint8Array[],
): void {
  let place = dictionaries.indexOf(dictionary)
  if (place < 0) {
    place = dictionaries.push(dictionary) - 1
    writer.byte(TAG.dictionary)
    writer.bytes(dictionary)
  }
  writer.byte(TAG.packed)
  writer.uint(place)
  writer.uint(seq)
  writer.uint(at)
  writer.uint(day)
  writer.value(request)
  writer.bytes(bytes)
}

function readPacked(reader: ByteReader, dictionaries: readonly ByteReader[]): SplitRecord {
  const dictionary = dictionaries[reader.uint()]
  assert(dictionary !== undefined, 'a dictionary comes before what was packed with it')
  const seq = reader.uint()
  const at = reader.uint()
  const day = reader.uint()
  const request = reader.value() as RequestKey | undefined
  const base = { seq, at, day, ...(request !== undefined && { request }) }
  return wholeSplit(base, unpackSplit(reader.bytes(), dictionary))
}
