import { expect, test } from 'vitest'
import { ask, billOf, codesOf, lineOf, startRun } from './engine-run.ts'

test('lines that wait in one stay are not settled under the name of another', async () => {
  const run = await startRun()
  await ask(run, 'lines.add', { stay: 'A', lines: [lineOf('1')] })
  const visit = { mdtrt_id: 'A', kind: 'inpatient', start: '2025-12-01', end: '2025-12-05' }
  const bill = { ...billOf('A', { staged: true }), visit }
  expect(codesOf(await ask(run, 'settle', { bill: { ...bill, mdtrt_id: 'B' } }))).toEqual([
    'LINE_NOT_WAITING',
  ])
  expect(codesOf(await ask(run, 'settle', { bill }))).toEqual(['answer'])
  expect(codesOf(await ask(run, 'settle', { bill: { ...bill, mdtrt_id: 'C' } }))).toEqual([
    'LINE_NOT_WAITING',
  ])
})

test('a bill that names two persons is refused', async () => {
  const run = await startRun()
  const bill = billOf('A', { lines: [lineOf('1')] })
  const both = { ...bill, person: { id: 'P1', psn_no: 'P2' } }
  expect(codesOf(await ask(run, 'settle', { bill: both }))).toContain('FIELD_STATED_TWICE')
  const beside = { ...bill, psn_no: 'P2' }
  expect(codesOf(await ask(run, 'settle', { bill: beside }))).toContain('FIELD_STATED_TWICE')
})
