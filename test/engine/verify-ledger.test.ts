import { beforeAll, describe, expect, test } from 'vitest'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import { describeProblem } from '../../src/errors/problem.ts'
import type { Put, Store } from '../../src/engine/ports.ts'
import type { LedgerRecord } from '../../src/ledger/record.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { forgedStore, journalOf } from './flips/forged-ledger.ts'
import { writeSmallHistory } from './flips/small-history.ts'

let store: Store
let journal: readonly LedgerRecord[]

beforeAll(async () => {
  store = openMemoryStore()
  await writeSmallHistory(store)
  journal = journalOf(store)
})

/** Findings in words, the first ones first. */
async function found(ledger: Store): Promise<readonly string[]> {
  const { findings } = await verifyLedger(ledger)
  return findings.first.map(({ problem }) => `${problem.code} ${describeProblem(problem, 'en')}`)
}

test('a ledger with every kind of record is clean', async () => {
  expect(await found(store)).toEqual([])
  const kinds = new Set(journal.map(({ kind }) => kind))
  expect(kinds.size).toBe(14)
})

test('a forged copy without a change is clean: what a forger does to hashes and seals is not what is found', async () => {
  expect(await found(await forgedStore(store, journal))).toEqual([])
})

type Tree = Readonly<Record<string, unknown>>

/** Paths of the texts, numbers and truth values inside `value`; of a list of its first and last item. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  const members = Object.entries(value)
  const shown = Array.isArray(value) ? [...members.slice(0, 1), ...members.slice(-1)] : members
  return shown.flatMap(([key, inner]) => leaves(inner, [...path, key]))
}

/** Every member, but of the answer every fourth: it is compared as one. */
function sampled(paths: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return paths.filter(([first], index) => first !== 'answer' || index % 4 === 0)
}

/** `value` with the leaf at `path` changed a little. */
function changed(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) {
    if (typeof value === 'number') return value + 1
    if (typeof value === 'boolean') return !value
    return `${String(value)}x`
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => (String(index) === key ? changed(item, rest) : item))
  }
  return { ...(value as Tree), [key]: changed((value as Tree)[key], rest) }
}

/** What nothing else follows from, such as what people wrote: the hash chain alone guards it. */
const FREE = [
  /^\w+\.bill\.lines\.\d+\.date$/,
  /^\w+\.at$/,
  /^registry\.(source|entries\..*)$/,
  /^confirmed\.platform\./,
  /^(cancelled|reversal)\.reason$/,
  /^platform\.evidence$/,
  /^audit\.entries\./,
]

describe('a changed member of a record is found, though chain, head and seals are made to fit', () => {
  const KINDS = [
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
  ] as const
  test.each(KINDS)('%s', async (kind) => {
    const record = journal.findLast((one) => one.kind === kind)
    if (record === undefined) throw new Error('no such record')
    const silent: string[] = []
    for (const path of sampled(leaves(record))) {
      const other = changed(record, path) as LedgerRecord
      const records = journal.map((one) => (one === record ? other : one))
      const name = `${kind}.${path.join('.')}`
      if ((await found(await forgedStore(store, records))).length === 0) silent.push(name)
    }
    expect(silent.filter((name) => !FREE.some((free) => free.test(name)))).toEqual([])
  })
})

describe('rows', () => {
  const TABLES = [
    'request',
    'holder',
    'stay',
    'unique',
    'prepared',
    'registry',
    'balance',
    'rules',
    'audit',
    'content',
  ] as const
  test.each(TABLES)('a row of %s that is missing, extra or another is found', async (table) => {
    const withRows = async (change: (row: Put) => readonly Put[]) => {
      let isDone = false
      const ledger = await forgedStore(store, journal, (puts) =>
        puts.flatMap((put) => {
          if (put.table !== table || isDone) return [put]
          isDone = true
          return change(put)
        }),
      )
      return found(ledger)
    }
    expect(await withRows(() => [])).not.toEqual([])
    const key = table === 'prepared' || table === 'audit' ? 7 : 'more'
    expect(await withRows((row) => [row, { ...row, key }])).not.toEqual([])
    expect(
      await withRows((row) => [{ ...row, value: Uint8Array.of(...(row.value ?? []), 0) }]),
    ).not.toEqual([])
  })
})
