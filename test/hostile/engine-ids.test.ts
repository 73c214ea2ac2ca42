import { expect, test } from 'vitest'
import { OPERATIONS } from '../../src/engine/request.ts'
import { hostileValues } from './engine-members.ts'
import { ask, billOf, codesOf, lineOf, startRun } from './engine-run.ts'

test('settlement ids of nothing, and of records that are no settlements, are unknown', async () => {
  const run = await startRun()
  for (const settlement of ['S000000000000', 'S000000000001', 'S999999999999', 'constructor']) {
    for (const operation of ['find', 'reverse', 'cancel', 'confirm'] as const) {
      const body = { settlement, ...(operation === 'confirm' && { platform: { setlinfo: {} } }) }
      expect(codesOf(await ask(run, operation, body))).toEqual(['SETTLEMENT_UNKNOWN'])
    }
    expect(run.engine.recompute(settlement).ok).toBe(false)
  }
})

test('an entry whose id no table can hold is refused, and the engine goes on', async () => {
  const run = await startRun()
  const entries = [{ kind: 'person' as const, id: 'p'.repeat(5_000), entry: {} }]
  const written = await run.engine.registry('hostile', entries)
  expect(written.ok ? [] : written.problems.map(({ code }) => code)).toEqual(['STORE_KEY_INVALID'])
  const bill = billOf('A', { lines: [lineOf('1')] })
  expect(codesOf(await ask(run, 'settle', { bill }))).toEqual(['answer'])
})

test('names of accounts keep what stands in them', async () => {
  const run = await startRun()
  const supplier = 'supplier:a>provider:b'
  const bill = billOf('A', { lines: [{ ...lineOf('1'), tags: [supplier] }] })
  expect(codesOf(await ask(run, 'settle', { bill }))).toEqual(['answer'])
  const balances = run.engine.balances().filter(({ to }) => to !== 'patient')
  expect(new Set(balances.map(({ to }) => to))).toEqual(new Set([supplier]))
  expect(balances.reduce((sum, { amount }) => sum + amount, 0)).toBe(10_000)
})

test('ids of odd characters', async () => {
  const run = await startRun()
  const visit = { kind: 'inpatient', start: '2025-12-01', end: '2025-12-05' }
  for (const id of [
    'constructor',
    '__proto__',
    'toString',
    '>',
    '␀',
    ' ',
    'x\u0000H2',
    'a|b',
    'a#b',
  ]) {
    await ask(run, 'lines.add', { stay: id, lines: [lineOf(id)] })
    const bill = { person: { id: 'P1' }, visit: { ...visit, id }, staged: true }
    const [first] = [await ask(run, 'settle', { bill, invoice: id })]
    const isName = !['\u0000', '|', '#'].some((sign) => id.includes(sign))
    expect(codesOf(first)[0], JSON.stringify(id)).toBe(
      isName ? 'answer' : 'TEXT_CHARACTER_FORBIDDEN',
    )
    if (first.kind !== 'answer') continue
    const again = await ask(run, 'settle', { bill: { ...bill, staged: [id] } })
    expect(codesOf(again)).toEqual(['LINE_NOT_WAITING'])
    const reversed = await ask(run, 'reverse', { settlement: first.answer['settlement'] })
    expect(codesOf(reversed)).toEqual(['answer'])
  }
  expect(run.engine.balances()).toEqual([])
  expect([...run.engine.counters('person:P1')]).toEqual([])
})

test('whatever stands in a member of a request, it is answered or refused, never a defect', async () => {
  const run = await startRun()
  const bill = billOf('A', { lines: [lineOf('1')] })
  const settled = await ask(run, 'settle', { bill })
  const settlement = settled.kind === 'answer' ? settled.answer['settlement'] : undefined
  const whole = {
    bill,
    settlement,
    person: 'P1',
    day: '2025-12-10',
    stay: 'A',
    ids: ['1'],
    lines: [lineOf('2')],
    settlements: [settlement],
    packs: ['keep/afterwards'],
    platform: { setlinfo: {} },
    evidence: 'x',
    expect: { patient: '1.00' },
    invoice: 'I',
    notAfter: 9e14,
    date: '2025-12-10',
    with: 'now',
    from: '2025-12-10',
    to: '2025-12-10',
    without: ['C1'],
    reason: 'r',
    requestId: 'r',
  }
  for (const operation of OPERATIONS) {
    for (const [key, value] of hostileValues(whole)) {
      const body = Object.fromEntries(
        Object.entries(whole).filter(([name]) => name === key || KNOWN[operation]?.includes(name)),
      )
      const reply = await ask(run, operation, { ...body, [key]: value })
      expect(codesOf(reply), `${operation} ${key} ${JSON.stringify(value)}`).not.toContain('DEFECT')
    }
  }
})

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  quote: ['bill'],
  settle: ['bill'],
  prepare: ['bill'],
  confirm: ['settlement', 'platform'],
  cancel: ['settlement'],
  'lines.add': ['stay', 'lines'],
  'lines.withdraw': ['stay', 'ids'],
  reverse: ['settlement'],
  resettle: ['settlement'],
  supplement: ['person', 'settlements', 'packs'],
  recalculate: ['person'],
  find: ['person', 'day'],
  dayTotals: ['day'],
  closeDay: ['day'],
  'platform.confirm': ['settlement', 'evidence'],
}
