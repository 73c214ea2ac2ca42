import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { historyText } from '../../src/cli/ledger/history-text.ts'
import {
  settlementHistory,
  type SettlementHistory,
} from '../../src/cli/ledger/settlement-history.ts'
import { widthOf } from '../../src/cli/render/columns.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { writeSmallHistory } from '../engine/flips/small-history.ts'
import { freshFolder, given } from '../store/places.ts'

const folder = freshFolder()
let history: SettlementHistory

beforeAll(async () => {
  const store = given(await openLedgerStore(folder, { mapSizeBytes: 2 ** 26 }))
  await writeSmallHistory(store)
  history = given(settlementHistory(store, 'S000000000021'))
  await store.close()
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a counter is shown in its unit, a quantity as the number that it is', () => {
  const counters = [
    { key: 'a', unit: 'quantity', before: 0, after: 155_000 },
    { key: 'b', unit: 'times', before: 0, after: 2 },
    { key: 'c', unit: 'fen', before: 0, after: 150 },
  ] as const
  const settlement = { ...history.settlement, counters }
  const view = { columns: 80, shown: 'zh', explain: false } as const
  const lines = historyText({ ...history, settlement }, view).split('\n')
  expect(lines).toContain('  a  0 → 15.5 数量')
  expect(lines).toContain('  b  0 → 2 次')
  expect(lines).toContain('  c  0.00 → 1.50 元')
})

test('what has to be recalculated is said in whole sentences, within the width', () => {
  const marked = { ...history, changedSince: true }
  const lines = historyText(marked, { columns: 80, shown: 'both', explain: false }).split('\n')
  const head = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith('  ')),
  )
  expect(head.join(' ')).not.toContain(' ; ')
  for (const line of head) expect(widthOf(line)).toBeLessThanOrEqual(80)
})
