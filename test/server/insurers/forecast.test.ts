import { expect, test } from 'vitest'
import { recordsOf } from '../../../src/engine/store-rows.ts'
import type { ShadowReport } from '../../../src/engine/replay/shadow-runner.ts'
import type { SplitRecord } from '../../../src/ledger/record.ts'
import { accepted } from '../../conformance/rules.ts'
import { billOf } from '../../workers/town.ts'
import { PackTown } from './pack-town.ts'

const PERSONS = 20
const OLD = { rate: '50%' }
const NEW = { rate: '62.5%', when: 'visit.days < 20' }
const BILLS = 120

/** The bills of a month: several a person, so that the year's sums run over. */
async function settleMonth(town: PackTown): Promise<void> {
  for (let index = 0; index < BILLS; index += 1) {
    const day = String(1 + (index % 10)).padStart(2, '0')
    const bill = billOf(`A${(index * 7) % PERSONS}`, `V${index}`, 40 + ((index * 37) % 900))
    const dated = { ...bill, visit: { ...bill.visit, start: `2024-06-${day}`, days: index % 25 } }
    const reply = await town.engine.submit({
      operation: 'settle',
      hospital: 'H',
      requestId: `M${index}`,
      body: { bill: dated },
    })
    if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply.problems))
  }
}

function splitsOf(town: PackTown): readonly SplitRecord[] {
  const records = [...town.store.range('journal')].flatMap(({ value }) => recordsOf(value))
  return records.filter((record): record is SplitRecord => record.kind === 'settlement')
}

function paid(town: PackTown, payer: string): number {
  const all = splitsOf(town).flatMap(({ answer }) => answer.payers)
  return all.reduce((sum, { id, amount }) => (id === payer ? sum + amount : sum), 0)
}

/** When the shadow has seen the whole journal. */
async function caughtUp(town: PackTown, hash: string): Promise<ShadowReport> {
  for (;;) {
    const report = accepted(town.engine.shadowReport('town', hash), 'report')
    if (report.behind === 0) return report
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}

test('what a shadow says of a month is what activation does to the same bills', async () => {
  const before = await PackTown.open()
  await before.command('activate', await before.uploaded(OLD))
  const hash = await before.uploaded(NEW)
  const start = paid(before, 'acme-insurer')
  expect(start).toBe(0)
  await before.command('shadow', hash)
  await settleMonth(before)
  const forecast = await caughtUp(before, hash)

  const plain = await PackTown.open()
  await plain.command('activate', await plain.uploaded(OLD))
  await settleMonth(plain)

  const after = await PackTown.open()
  await after.command('activate', await after.uploaded(NEW))
  await settleMonth(after)

  // The shadow changed nothing.
  const answers = (town: PackTown) => splitsOf(town).map(({ answer }) => answer.payers)
  expect(answers(before)).toEqual(answers(plain))
  for (const payer of ['acme-insurer', 'town-fund']) {
    const found = forecast.payers.find((one) => one.payer === payer)
    const sums = { before: paid(before, payer), after: paid(after, payer) }
    // A payer whose sum stays as it was need not be named.
    if (found !== undefined || sums.before !== sums.after) expect(found).toMatchObject(sums)
  }
  const patient = ({ answer }: SplitRecord) => answer.patient.total
  const [old, now] = [splitsOf(before), splitsOf(after)]
  const changed = old.flatMap((split, index) => {
    const other = now[index]
    if (other === undefined || patient(other) === patient(split)) return []
    return [`S${String(split.seq).padStart(12, '0')} ${patient(split)} ${patient(other)}`]
  })
  expect(forecast.settlements).toMatchObject({ seen: BILLS, standing: BILLS, refused: 0 })
  expect(forecast.settlements.changed).toBe(changed.length)
  const told = forecast.largest.map((one) => `${one.settlement} ${one.before} ${one.after}`)
  expect(told.length).toBe(Math.min(100, changed.length))
  expect(changed).toEqual(expect.arrayContaining(told))

  const shown = await before.call(
    'acme',
    'GET',
    `/v1/packs/${hash}/shadow-report?jurisdiction=town`,
  )
  expect(shown.value).toMatchObject({
    payers: [{ payer: 'acme-insurer', after: paid(after, 'acme-insurer') }],
    settlements: forecast.settlements,
  })
  expect(JSON.stringify(shown.value)).not.toContain('town-fund')
  expect(JSON.stringify(shown.value)).not.toMatch(/"A\d/)
  for (const town of [before, plain, after]) await town.close()
})
