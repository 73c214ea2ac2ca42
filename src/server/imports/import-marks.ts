import type { Store } from '../../engine/ports.ts'
import { IMPORTS, type RegistryAnswer } from '../../engine/registry-answers.ts'
import { StoreRows } from '../../engine/store-rows.ts'
import { requestRowKey } from '../../ledger/rows.ts'
import type { ImportRequest } from './import-state.ts'

/*
 * An import of mode `all` may be cut off when it has written a part. Each of its records therefore carries a mark: it is on the disk
 * when, and only when, the entries are, and no lost work folder hides that something is written.
 */

/** How far an import of mode `all` had come with a record, in all of its tries. */
export interface ImportMark {
  readonly request: ImportRequest
  /** Which of its records, from 1. */
  readonly number: number
  /** Entries up to this record. */
  readonly written: number
}

export function markAnswer(mark: ImportMark): RegistryAnswer {
  const { id, fingerprint } = mark.request
  return { id: markId(id, mark.number), fingerprint, answer: { ...mark } }
}

/** The last one; undefined when the import has written nothing, or is of mode `skip`. */
export function lastMark(store: Store, id: string): ImportMark | undefined {
  const rows = new StoreRows(store)
  let seq: number | undefined
  for (let number = 1; ; number += 1) {
    const row = rows.get('request', requestRowKey(IMPORTS, markId(id, number)))
    if (row === undefined) break
    seq = row.seq
  }
  // What `markAnswer` made.
  return seq === undefined ? undefined : (rows.record(seq).reply as unknown as ImportMark)
}

/** Ids of imports have no dot. */
function markId(id: string, number: number): string {
  return `${id}.${number}`
}
