import { isDeepStrictEqual } from 'node:util'
import { assert } from '../../src/assert.ts'
import type { Engine } from '../../src/engine/open-engine.ts'
import type { Store } from '../../src/engine/ports.ts'
import { READ_ONLY } from '../../src/engine/request.ts'
import { recordsOf } from '../../src/engine/store-rows.ts'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import { describeProblem } from '../../src/errors/problem.ts'
import type { LedgerRecord } from '../../src/ledger/record.ts'
import { keyOf, type Exchange } from './killed-run.ts'

/** Fails at the first finding of a verification; settlements before `from` are not adjudicated again. */
export async function expectClean(store: Store, from = 0): Promise<void> {
  const { findings } = await verifyLedger(store, { from })
  const [first] = findings.first
  const what = first === undefined ? '' : `${first.seq}: ${describeProblem(first.problem, 'en')}`
  assert(findings.total === 0, `the ledger is verified, ${findings.total} findings, ${what}`)
}

/**
 * Sent again, what was acknowledged gets the same answer; what was not, or was refused, is answered or refused, and when answered
 * gets the same answer from then on. Gives the exchanges as clients know them now.
 */
export async function sentAgain(
  engine: Engine,
  exchanges: readonly Exchange[],
): Promise<readonly Exchange[]> {
  const known: Exchange[] = []
  for (const { request, reply } of exchanges) {
    if (READ_ONLY.has(request.operation)) continue
    const again = await engine.submit(request)
    if (reply?.kind === 'answer') {
      assert(again.kind === 'answer' && again.repeat, `acknowledged and kept: ${request.requestId}`)
      assert(isDeepStrictEqual(again.answer, reply.answer), `the same: ${request.requestId}`)
    } else if (again.kind === 'answer') {
      const third = await engine.submit(request)
      assert(third.kind === 'answer' && third.repeat, `kept from now on: ${request.requestId}`)
      assert(isDeepStrictEqual(third.answer, again.answer), `one answer: ${request.requestId}`)
    }
    known.push({ request, reply: again })
  }
  return known
}

/** The journal; no request made two records that carry it, and records are numbered without a gap. */
export function journalOnceEach(store: Store): readonly LedgerRecord[] {
  const seen = new Set<string>()
  const records: LedgerRecord[] = []
  for (const { value } of store.range('journal')) {
    for (const record of recordsOf(value)) {
      records.push(record)
      assert(record.seq === records.length, 'records are numbered without a gap')
      const { request } = record
      if (request === undefined) continue
      const key = keyOf(request.hospital, request.id)
      assert(!seen.has(key), `once only: ${key}`)
      seen.add(key)
    }
  }
  return records
}
