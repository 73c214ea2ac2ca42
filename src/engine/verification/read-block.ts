import { problem, type Problem } from '../../errors/problem.ts'
import { sha256 } from '../../ledger/hash.ts'
import type { LedgerRecord } from '../../ledger/record.ts'
import { HASH_BYTES, recordsOf } from '../store-rows.ts'
import { shortText } from './first-difference.ts'

export interface ReadBlock {
  /** Undefined: its bytes are no list of records. */
  readonly records: readonly LedgerRecord[] | undefined
  /** As stored: what the next block follows. */
  readonly hash: Uint8Array
  readonly problems: readonly Problem[]
}

/** A block of the journal, checked against the hash of the one before it and decoded. */
export function readBlock(first: number, block: Uint8Array, before: Uint8Array): ReadBlock {
  const problems: Problem[] = []
  const hash = block.slice(0, HASH_BYTES)
  const recomputed = sha256(before, block.subarray(HASH_BYTES))
  if (Buffer.compare(hash, recomputed) !== 0) {
    const texts = { stored: shortText(hash), recomputed: shortText(recomputed) }
    problems.push(problem('LEDGER_CHAIN_BROKEN', '', { record: first, ...texts }))
  }
  const records = decoded(block)
  if (typeof records !== 'string') return { records, hash, problems }
  problems.push(problem('LEDGER_BLOCK_UNREADABLE', '', { record: first, why: records }))
  return { records: undefined, hash, problems }
}

/** The records, or why there are none. */
function decoded(block: Uint8Array): readonly LedgerRecord[] | string {
  try {
    const records: unknown = recordsOf(block)
    if (!Array.isArray(records) || records.length === 0) return 'no list of records'
    const wrong = records.findIndex((record) => !isRecord(record))
    return wrong < 0 ? (records as LedgerRecord[]) : `no record at ${wrong}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const KINDS: ReadonlySet<unknown> = new Set<LedgerRecord['kind']>([
  'settlement',
  'prepared',
  'confirmed',
  'cancelled',
  'reversal',
  'recalculation',
  'recalculated',
  'lines',
  'registry',
  'content',
  'rules',
  'platform',
  'dayClosed',
  'audit',
])

/** Every record has these; what else it has is compared with the same record made again. */
function isRecord(record: unknown): boolean {
  if (typeof record !== 'object' || record === null) return false
  const { seq, at, day, kind } = record as Readonly<Record<string, unknown>>
  return [seq, at, day].every(Number.isSafeInteger) && KINDS.has(kind)
}
