import { assert } from '../assert.ts'
import { ByteReader } from './bytes/byte-reader.ts'
import { ByteWriter } from './bytes/byte-writer.ts'
import type { RowSums } from './balances.ts'
import { readMembers, writeMembers } from './members-codec.ts'
import type { LedgerRecord, SplitRecord } from './record.ts'

/** What of a split only its place in the journal decides. */
export type SplitBase = Pick<SplitRecord, 'seq' | 'at' | 'day' | 'request'>

/** All the rest of a split: what is known where it is evaluated. */
export type SplitContent = Omit<SplitRecord, keyof SplitBase | 'packed'>

/**
 * The content of a split as bytes, written where it was evaluated: the writer puts them into a block as they are. Those of one
 * dictionary were packed together and can be read with it one by one.
 */
export interface PackedSplit {
  /** The same object for all that were packed together. */
  readonly dictionary: Uint8Array
  readonly bytes: Uint8Array
  /** `rowSumsOf` of its answer. */
  readonly sums: RowSums
}

/** Packs splits together. */
export class SplitPacker {
  readonly #dictionary = new ByteWriter()
  readonly #writer = new ByteWriter(this.#dictionary)

  /** Begins a new dictionary. */
  restart(): void {
    this.#dictionary.restart()
    this.#writer.restart()
  }

  pack(content: SplitContent): Uint8Array {
    const start = this.#writer.end
    writeMembers(this.#writer, content)
    return this.#writer.copy(start)
  }

  /** That of everything packed since `restart`; nothing may be packed behind it. */
  dictionary(): Uint8Array {
    return this.#dictionary.copy()
  }
}

/** The split of a record as it was packed; undefined: it was not, or is none. */
export function packedOf(record: LedgerRecord): PackedSplit | undefined {
  return record.kind === 'settlement' || record.kind === 'prepared' ? record.packed : undefined
}

/** The dictionary of packed splits, read; good for as many of them as there are. */
export function openDictionary(bytes: Uint8Array): ByteReader {
  return new ByteReader(bytes).takeIn()
}

/** The inverse of `pack`; throws when the bytes are not those of a split. */
export function unpackSplit(bytes: Uint8Array, dictionary: ByteReader): SplitContent {
  const reader = new ByteReader(bytes, dictionary)
  const content = readMembers(reader)
  assert(reader.left === 0, 'a packed split ends with its last member')
  const { kind } = content
  assert(kind === 'settlement' || kind === 'prepared', 'only splits are packed')
  return content as unknown as SplitContent
}

/** The whole record, with its members in the order in which every split has them. */
export function wholeSplit(
  { seq, at, day, request }: SplitBase,
  content: SplitContent,
): SplitRecord {
  const { kind, ...rest } = content
  return { kind, seq, at, day, ...(request !== undefined && { request }), ...rest }
}

/** What the fold and the checks of the writer look at, known without unpacking. */
export type KnownContent = Omit<SplitContent, 'bill' | 'before' | 'answer' | 'digest'>

/** A record of a packed split: `bill`, `before`, `answer` and `digest` are unpacked when somebody looks at them. */
export function packedRecord(
  base: SplitBase,
  known: KnownContent,
  packed: PackedSplit,
  content: () => SplitContent,
): SplitRecord {
  const { kind, ...rest } = known
  const { seq, at, day, request } = base
  return {
    kind,
    seq,
    at,
    day,
    ...(request !== undefined && { request }),
    ...rest,
    packed,
    get bill() {
      return content().bill
    },
    get before() {
      return content().before
    },
    get answer() {
      return content().answer
    },
    get digest() {
      return content().digest
    },
  }
}
