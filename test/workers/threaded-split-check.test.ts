import { beforeAll, expect, test } from 'vitest'
import type { Store } from '../../src/engine/ports.ts'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import type { LedgerRecord } from '../../src/ledger/record.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { onThreads } from '../../src/workers/on-threads.ts'
import { ThreadedSplitCheck } from '../../src/workers/threaded-split-check.ts'
import { forgedStore, journalOf } from '../engine/flips/forged-ledger.ts'
import { writeSmallHistory } from '../engine/flips/small-history.ts'
import { outOfThreads } from './out-of-threads.ts'
import { packOf, REGISTER, Town } from './town.ts'

let store: Store

beforeAll(async () => {
  store = openMemoryStore()
  await writeSmallHistory(store)
})

function threadsFor(ledger: Store): ThreadedSplitCheck {
  const read = (hash: string) => {
    const bytes = ledger.get('content', hash)
    if (bytes === undefined) throw new Error(`no content ${hash}`)
    return bytes
  }
  return new ThreadedSplitCheck(read, 2)
}

/** What is found with threads, and without. */
async function bothWays(ledger: Store) {
  const splits = threadsFor(ledger)
  try {
    return [await verifyLedger(ledger, { splits }), await verifyLedger(ledger)] as const
  } finally {
    await splits.stop()
  }
}

test('threads find nothing in a ledger that is right', async () => {
  const [threaded] = await bothWays(store)
  expect(threaded.findings.first).toEqual([])
  expect(threaded.splits).toBeGreaterThan(10)
})

test.each([0, 1])(
  'where the system has %i threads and not two, all is verified',
  async (threads) => {
    await outOfThreads(async () => {
      const [threaded, inline] = await bothWays(store)
      expect(threaded.findings.first).toEqual([])
      expect(threaded.splits).toBe(inline.splits)
    }, threads)
  },
)

test('threads find what is found without them', async () => {
  const records = journalOf(store).map((record): LedgerRecord => {
    if (record.kind !== 'settlement' && record.kind !== 'prepared') return record
    const { answer } = record
    return { ...record, answer: { ...answer, deductibleUsed: answer.deductibleUsed + 1 } }
  })
  const [threaded, inline] = await bothWays(await forgedStore(store, records))
  expect(threaded.findings.total).toBeGreaterThan(10)
  expect(threaded.findings.first).toEqual(inline.findings.first)
})

test('a hospital or a person registered again between two settlements is read by each as it was', async () => {
  const town = await Town.open({ workers: 0 })
  for (let bill = 0; bill < 30; bill += 1) {
    expect((await town.settle(`A${bill % 3}`)).kind).toBe('answer')
    const again = REGISTER.filter(({ kind, id }) =>
      bill % 2 === 0 ? kind === 'hospital' : id === 'A1',
    )
    if (bill % 5 === 4) await town.register(again)
  }
  const [threaded, inline] = await bothWays(town.store)
  expect(threaded.findings.first).toEqual(inline.findings.first)
  expect(threaded.findings.total).toBe(0)
  expect(threaded.splits).toBe(30)
  await town.close()
})

test('a settlement for which a pack was held back then is found with threads as without', async () => {
  const town = await Town.open({ workers: 0 })
  const { hash } = packOf('town/basic')
  const stands = (result: { readonly ok: boolean }) => expect(result.ok).toBe(true)
  stands(await town.engine.rules.suspend('town', hash))
  stands(await town.engine.rules.resume('town', hash))
  for (let bill = 0; bill < 3; bill += 1) await town.settle(`A${bill}`)
  const [rightThreaded] = await bothWays(town.store)
  expect(rightThreaded.findings.total).toBe(0)
  // As if it had never been let go on: something harmless is in the place of that command.
  const records = journalOf(town.store).map((record): LedgerRecord => {
    if (record.kind !== 'rules' || record.command !== 'resume') return record
    const { seq, at, day } = record
    return { kind: 'audit', seq, at, day, entries: [] }
  })
  const [threaded, inline] = await bothWays(await forgedStore(town.store, records))
  const refused = inline.findings.first.filter(({ problem }) =>
    String(problem.details['why']).startsWith('PAYER_SUSPENDED'),
  )
  expect(refused).toHaveLength(3)
  expect(threaded.findings.first).toEqual(inline.findings.first)
  await town.close()
})

test('a content that is missing is found with threads as without', async () => {
  const town = await Town.open({ workers: 0 })
  for (let bill = 0; bill < 5; bill += 1) await town.settle(`A${bill}`)
  const key = packOf('town/basic').hash
  await town.store.commit([{ table: 'content', key, value: undefined }])
  const [threaded, inline] = await bothWays(town.store)
  expect(inline.findings.counts.map(([code]) => code)).toContain('LEDGER_ROW_MISSING')
  expect(threaded.findings).toEqual(inline.findings)
  await town.close()
})

test('a thread that ends before its time says nothing about the ledger: it is verified without', async () => {
  const splits = threadsFor(store)
  let times = 0
  const verified = await onThreads(splits, async (threads) => {
    times += 1
    await threads?.stop()
    return verifyLedger(store, threads === undefined ? {} : { splits: threads })
  })
  expect(times).toBe(2)
  expect(verified.findings.total).toBe(0)
  expect(verified.splits).toBeGreaterThan(10)
})
