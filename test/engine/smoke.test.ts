import { expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open-engine.ts'
import { readAllPackFiles } from '../../src/cli/load-rules.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'

test('settles', async () => {
  const files = readAllPackFiles(['rules/chongqing'])
  if (!files.ok) throw new Error('packs')
  const store = openMemoryStore()
  const now = Date.UTC(2023, 2, 20, 4)
  const opened = await openEngine({
    store,
    clock: () => now,
    onDefect: (e) => {
      console.error(e)
    },
  })
  if (!opened.ok) throw new Error('engine')
  const engine = opened.value
  const [profile] = files.value.profiles
  if (profile === undefined) throw new Error('profile')
  const published = await engine.rules.publish({ profile, packs: files.value.packs })
  if (!published.ok) throw new Error(JSON.stringify(published.problems))
  for (const pack of files.value.packs) {
    const a = await engine.rules.activate({
      jurisdiction: profile.id,
      pack: pack.hash,
      from: pack.effective.from,
    })
    if (!a.ok) throw new Error(JSON.stringify(a.problems))
  }
  const r = await engine.registry('test', [
    {
      kind: 'person',
      id: 'P1',
      entry: {
        id: 'P1',
        jurisdiction: profile.id,
        facts: { insutype: '390', region: '500000' },
        identities: [{ word: '低保', from: '2020-01-01' }],
        coverage: [{ from: '2020-01-01' }],
        policies: [
          {
            id: 'POL-YKB',
            product: 'chongqing/yukuaibao',
            plan: 'upgrade',
            start: '2023-01-01',
            end: '2023-12-31',
          },
        ],
      },
    },
    {
      kind: 'hospital',
      id: 'H-CQ',
      entry: { id: 'H-CQ', facts: { level: '2', region: '500000' } },
    },
  ])
  expect(r.ok).toBe(true)
  const bill = {
    person: { id: 'P1' },
    visit: {
      id: 'V1',
      kind: 'inpatient',
      start: '2023-03-01',
      end: '2023-03-20',
      referred: true,
      place: 'local',
    },
    total: '200000.00',
    lines: [
      { id: '1', name: '政策', inScope: '180000.00' },
      { id: '2', name: '目录外', ownPay: '20000.00' },
    ],
  }
  const request = {
    operation: 'settle' as const,
    hospital: 'H-CQ',
    requestId: 'R1',
    body: { bill },
  }
  const one = await engine.submit(request)
  console.log(JSON.stringify(one, null, 1).slice(0, 3000))
  const two = await engine.submit(request)
  expect(two.kind === 'answer' && two.repeat).toBe(true)
  if (one.kind !== 'answer' || two.kind !== 'answer') throw new Error('')
  expect(JSON.stringify(two.answer)).toBe(JSON.stringify(one.answer))
  console.log([...engine.counters('person:P1')], engine.balances())
  const rev = await engine.submit({
    operation: 'reverse',
    hospital: 'H-CQ',
    requestId: 'R2',
    body: { settlement: one.answer['settlement'] },
  })
  console.log(JSON.stringify(rev))
  console.log([...engine.counters('person:P1')], engine.balances())
  for (const [operation, body] of [
    ['quote', { bill }],
    ['prepare', { bill: { ...bill, visit: { ...bill.visit, id: 'V2' } } }],
    ['find', { person: 'P1', day: '2023-03-20' }],
    ['dayTotals', { day: '2023-03-20' }],
    ['unresolved', {}],
    ['lines.add', { stay: 'V3', lines: bill.lines }],
    [
      'settle',
      { bill: { ...bill, visit: { ...bill.visit, id: 'V3' }, lines: undefined, staged: true } },
    ],
    ['reverse', { settlement: 'S000000000042' }],
  ] as const) {
    const x = await engine.submit({
      operation,
      hospital: 'H-CQ',
      requestId: `X-${operation}`,
      body,
    })
    console.log(operation, JSON.stringify(x).slice(0, 600))
  }
})
