import type { CompiledPacks, ReadContent } from '../rule-sets.ts'
import { RuleSets } from '../rule-sets.ts'
import type { Store } from '../ports.ts'
import { headOf, StoreRows } from '../store-rows.ts'
import { journalRecords } from './journal-records.ts'
import { Replay, type ReplayOptions } from './replay.ts'
import type { ReplayReport } from './replay-report.ts'

export interface LedgerReplay extends ReplayOptions {
  /** What the ledger need not have: the candidate. */
  readonly content?: ReadonlyMap<string, Uint8Array>
  /** Packs compiled before; what this one compiles is added. */
  readonly compiled?: CompiledPacks
}

export interface ReplayProgress {
  /** Records taken, of all. */
  readonly taken: number
  readonly of: number
}

/** Records between two looks at the progress. */
const PROGRESS_EVERY = 256

/** Settles the whole journal of a ledger again. Reads only. Yields how far it is, returns the report. */
export function* replayLedger(
  store: Store,
  { content = new Map(), compiled, ...options }: LedgerReplay,
): Generator<ReplayProgress, ReplayReport> {
  const read: ReadContent = (hash) => {
    const bytes = content.get(hash) ?? store.get('content', hash)
    if (bytes === undefined) throw new Error(`no content ${hash}`)
    return bytes
  }
  const replay = new Replay(new StoreRows(store), new RuleSets(read, compiled), options)
  const { seq } = headOf(store)
  for (const record of journalRecords(store)) {
    if (record.seq > seq) break
    replay.take(record)
    if (record.seq % PROGRESS_EVERY === 0) yield { taken: record.seq, of: seq }
  }
  yield { taken: seq, of: seq }
  return replay.report()
}
