import { expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open-engine.ts'
import { rowKey } from '../../src/ledger/rows.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { given } from '../store/places.ts'
import { journalOf } from './flips/forged-ledger.ts'
import { SMALL_DAY, writeSmallHistory } from './flips/small-history.ts'

const PREPARED = 29

/** Confirms what the small history left prepared, with these members of the platform's setlinfo. */
async function confirmed(stated: Readonly<Record<string, unknown>>) {
  const store = openMemoryStore()
  await writeSmallHistory(store)
  const split = journalOf(store).find(({ seq }) => seq === PREPARED)
  if (split?.kind !== 'prepared') throw new Error('nothing is prepared')
  const engine = given(await openEngine({ store, clock: () => SMALL_DAY + 90_000_000 }))
  const setlinfo = { ...split.answer.setlinfo, ...stated }
  const body = { settlement: 'S000000000029', platform: { setlinfo } }
  const request = { operation: 'confirm', hospital: 'H1', requestId: 'confirm', body } as const
  const reply = await engine.submit(request)
  await engine.close()
  const records = journalOf(store).filter(({ kind }) => kind === 'confirmed')
  return { reply, record: records.at(-1), count: records.length }
}

test.each([
  ['setl_id', 'A\tV\tP\t1.00\t1.00\t0.00\t0\nB'],
  ['mdtrt_id', 'V\t'],
  ['psn_no', 'P\r\n'],
  ['clr_optins', '4301\u0000'],
])('a %s that would be a cell of its own in the 3202 file is refused', async (field, text) => {
  const { count, reply } = await confirmed({ [field]: text })
  expect(reply).toMatchObject({
    kind: 'refused',
    problems: [{ code: 'TEXT_CHARACTER_FORBIDDEN', where: `platform.setlinfo.${field}` }],
  })
  expect(count).toBe(1)
})

test('a setl_id that is a number is in one settlement only, as one that is text', async () => {
  const { record } = await confirmed({ setl_id: 4_000_017 })
  expect(record).toMatchObject({ unique: [rowKey('setl', '4000017')] })
})

test.each([[null], [''], [undefined]])('a setl_id may be missing: %j', async (id) => {
  const { record, reply } = await confirmed({ setl_id: id })
  expect(reply.kind).toBe('answer')
  expect(record).toMatchObject({ unique: [] })
})
