import { expect, test } from 'vitest'
import type { Bill, BillLine } from '../../src/adjudication/bill.ts'
import type { Coverage } from '../../src/adjudication/coverage.ts'
import { settle } from '../../src/adjudication/settle.ts'
import type { Refusal, Settlement } from '../../src/adjudication/settlement.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import type { Benefit, Limit, RulePack, Value } from '../../src/rules/pack.ts'
import type { Profile } from '../../src/rules/profile.ts'
import { verifySettlement } from '../../src/verifier/verify-settlement.ts'
import * as build from '../oracle/build.ts'
import { differences } from '../oracle/compare.ts'
import { oracleSettle } from '../oracle/oracle-settle.ts'

/** What was once wrong to the fen, or ended in an exception: each with the smallest bill that showed it. */

const { bands, benefit, bill, cel, counter, line, limit, pack, percent, profile, yuan } = build
const NOBODY: Coverage = { person: { id: 'P' }, policies: [] }
const DAY = build.DAY_2023

function answer(
  packs: readonly RulePack[],
  oneBill: Bill,
  coverage = NOBODY,
  rules: Profile = profile(),
  before: ReadonlyMap<string, number> = new Map(),
): Settlement | Refusal {
  const compiled = packs.map((one) => {
    const result = compilePack(one)
    if (!result.ok) throw new Error(JSON.stringify(result.problems))
    return result.value
  })
  const core = settle(oneBill, coverage, before, { profile: rules, packs: compiled })
  const oracle = oracleSettle(oneBill, coverage, before, { profile: rules, packs })
  expect(differences(core, oracle)).toEqual([])
  if (core.kind === 'settlement') expect(verifySettlement(core)).toEqual([])
  return core
}

/** As `answer`; for bills that are not refused. */
function settled(...given: Parameters<typeof answer>): Settlement {
  const core = answer(...given)
  if (core.kind === 'refusal') throw new Error(JSON.stringify(core.problems))
  return core
}

function counters({ counters: changes }: Settlement): Record<string, number> {
  return Object.fromEntries(
    changes.filter(({ key }) => !key.includes('|admission')).map(({ key, after }) => [key, after]),
  )
}

/** Pays all of its base. */
function whole(id: string, more: Parameters<typeof benefit>[1] = {}): Benefit {
  return benefit(id, { bands: bands(id, [{ rate: percent(100) }]), ...more })
}

function number(num: number, den = 1): Value {
  return { type: 'literal', num, den }
}

function quantityLimit(id: string, amount: number, period: 'month' | 'year'): Limit {
  const key = cel('line.code')
  const own = { ...counter(`a:x.${id}`, period, 'person', 'quantity'), key }
  return { ...limit('x', 'quantity', number(amount)), id, counter: own }
}

test('of several limits on quantity the tightest decides, and each counts what was accepted', () => {
  const limits = [quantityLimit('month', 10, 'month'), quantityLimit('year', 15, 'year')]
  const thirty: BillLine = { ...line('1', { inScope: 300 }, { code: 'A' }), quantity: 300_000 }
  const core = settled([pack('a', 'basic', { benefits: [whole('x', { limits })] })], bill([thirty]))
  // 10 of 30 tablets: a third of 300.00; not 10/30 of 15/30 of it.
  expect(core.payers.map(({ amount }) => amount)).toEqual([100_00])
  expect(counters(core)).toMatchObject({
    'person:P|a:x.month|2023-03|A': 100_000,
    'person:P|a:x.year|2023|A': 100_000,
  })
})

test('two caps and a count on one running total count one payment', () => {
  const cap = counter('cap', 'year')
  const limits = [
    limit('x', 'payment', yuan(1000), { counter: cap }),
    { ...limit('x', 'payment', yuan(500), { counter: cap }), id: 'second' },
  ]
  const x = whole('x', { limits, counts: [{ counter: cap, what: 'payment' }] })
  const core = settled([pack('a', 'basic', { benefits: [x] })], bill([line('1', { inScope: 100 })]))
  expect(counters(core)['person:P|cap|2023|']).toBe(100_00)
})

test('a deductible and the cap on deductibles may share a running total', () => {
  const borne = counter('borne', 'year')
  const deductible = build.deductible('x', yuan(30), { counter: borne })
  const limits = [limit('x', 'deductible', yuan(50), { counter: borne })]
  const packs = [pack('a', 'basic', { benefits: [whole('x', { deductible, limits })] })]
  const core = settled(packs, bill([line('1', { inScope: 100 })]))
  expect(counters(core)['person:P|borne|2023|']).toBe(30_00)
})

test('a fixed benefit counts its payment once in a running total named twice', () => {
  const cap = counter('cap', 'year')
  const limits = [limit('f', 'payment', yuan(1000), { counter: cap })]
  const fixed = { per: 'once', amount: yuan(88) } as const
  const f = benefit('f', { base: [], fixed, limits, counts: [{ counter: cap, what: 'payment' }] })
  const packs = [pack('a', 'commercial', { benefits: [f] })]
  const core = settled(packs, bill([line('1', { inScope: 100 })]))
  expect(counters(core)['person:P|cap|2023|']).toBe(88_00)
})

test('each version of a pack pays from its own payer', () => {
  const one = pack('a', 'basic', {
    benefits: [whole('x')],
    payer: { id: 'old', name: { zh: '', en: '' } },
    effective: { from: 0, to: DAY + 63, by: 'line' },
  })
  const other: RulePack = {
    ...one,
    hash: 'f'.repeat(64),
    payer: { id: 'new', name: { zh: '', en: '' } },
    effective: { from: DAY + 64, by: 'line' },
  }
  const lines = [
    line('1', { inScope: 100 }, { date: DAY + 60 }),
    line('2', { inScope: 50 }, { date: DAY + 65 }),
  ]
  const core = settled([one, other], bill(lines))
  expect(core.payers.map(({ id, amount }) => [id, amount])).toEqual([
    ['old', 100_00],
    ['new', 50_00],
  ])
})

test('a fixed benefit of a pack that comes into force within the stay is paid', () => {
  const fixed = { per: 'once', amount: yuan(88) } as const
  const c = pack('c', 'commercial', {
    benefits: [benefit('f', { base: [], fixed })],
    effective: { from: DAY + 64, by: 'line' },
  })
  const lines = [60, 65, 400].map((day) => line(`${day}`, { inScope: 1 }, { date: DAY + day }))
  expect(settled([c], bill(lines)).fixed.map(({ amount }) => amount)).toEqual([88_00])
})

function packaged(id: string, standard: number, more: Partial<RulePack> = {}): RulePack {
  const title = { zh: id, en: id }
  const price = { id, title, clause: '一', when: cel('true'), standard: yuan(standard) }
  return pack(id, 'basic', { packages: [price], benefits: [whole('x')], ...more })
}

test('which package price holds does not depend on the order of the packs', () => {
  const packs = [packaged('b', 70), packaged('a', 80)]
  const charged = bill([line('1', { inScope: 100 })])
  expect(settled(packs, charged).packageAdjustment).toBe(-20_00)
  expect(settled(packs.toReversed(), charged)).toEqual(settled(packs, charged))
})

test('a package price of a pack that requires a policy holds for those who have one', () => {
  const packs = [packaged('a', 80, { requiresPolicy: true })]
  const charged = bill([line('1', { inScope: 100 })])
  expect(settled(packs, charged).packageAdjustment).toBe(0)
  const policies = [{ id: 'L', product: 'a', start: DAY, end: DAY + 364 }]
  expect(settled(packs, charged, { ...NOBODY, policies }).packageAdjustment).toBe(-20_00)
})

const TWO_LINES = [
  line('1', { inScope: 100 }, { date: DAY + 60 }),
  line('2', { inScope: 50 }, { date: DAY + 65 }),
]

function paidByLine(policy: Record<string, number>, more: Parameters<typeof whole>[1]): number {
  const effective = { from: 0, by: 'line' } as const
  const packs = [
    pack('c', 'commercial', { requiresPolicy: true, effective, benefits: [whole('x', more)] }),
  ]
  const policies = [{ id: 'L', product: 'c', start: DAY, end: DAY + 364, ...policy }]
  const core = settled(packs, bill(TWO_LINES), { ...NOBODY, policies })
  return core.payers.reduce((sum, { amount }) => sum + amount, 0)
}

test('by line, a policy pays the lines of the days on which it is in force', () => {
  expect(paidByLine({ start: DAY + 64 }, {})).toBe(50_00)
  expect(paidByLine({ end: DAY + 62 }, {})).toBe(100_00)
})

test('by line, the waiting period ends and a policy year begins within a stay', () => {
  expect(paidByLine({ start: DAY + 34 }, { waitingDays: number(30) })).toBe(50_00)
  const limits = [
    limit('x', 'payment', yuan(40), { counter: counter('l', 'policyYear', 'policy') }),
  ]
  expect(paidByLine({ start: DAY + 63 - 365 }, { limits })).toBe(80_00)
})

/** Codes of a refusal; the oracle, which has no such bounds, is not asked. */
function refusedBy(
  x: Benefit,
  kind: 'basic' | 'commercial',
  before = new Map<string, number>(),
): string[] {
  const compiled = compilePack(pack('a', kind, { benefits: [x] }))
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  const inForce = { profile: profile(), packs: [compiled.value] }
  const core = settle(bill([line('1', { inScope: 100 })]), NOBODY, before, inForce)
  return core.kind === 'refusal' ? core.problems.map(({ code }) => code) : []
}

test('what leaves the exact range is a refusal with a code, never an exception', () => {
  const fine = [{ rate: number(123_456_789_013, 1_000_000_000_007) }]
  const by = number(987_654_321_097, 1_000_000_000_039)
  const adjusted = whole('x', {
    bands: bands('x', fine),
    adjustments: [{ op: 'multiply', rate: by }],
  })
  expect(refusedBy(adjusted, 'basic')).toEqual(['VALUE_UNDEFINED'])
  const most = number(Number.MAX_SAFE_INTEGER)
  const daily = benefit('x', { base: [], fixed: { per: 'day', amount: most } })
  expect(refusedBy(daily, 'commercial')).toEqual(['VALUE_UNDEFINED'])
  const full = new Map([['stay:V|x.bands|V|', Number.MAX_SAFE_INTEGER - 99_99]])
  expect(refusedBy(whole('x'), 'basic', full)).toEqual(['AMOUNT_OUT_OF_RANGE'])
  const perUnit = whole('x', { itemLimits: [{ per: 'unit', amount: most }] })
  const many: BillLine = { ...line('1', { inScope: 100 }), quantity: 50_000 }
  expect(settled([pack('a', 'basic', { benefits: [perUnit] })], bill([many])).patient.total).toBe(0)
})

test('the trace has room for as many limits as a benefit has', () => {
  const limits = Array.from({ length: 1_500 }, (_, index) => {
    const own = counter(`a:x.l${index}`, 'year')
    return { ...limit('x', 'payment', yuan(1000), { counter: own }), id: `l${index}` }
  })
  const x = whole('x', { limits })
  const core = settled([pack('a', 'basic', { benefits: [x] })], bill([line('1', { inScope: 100 })]))
  expect(Object.values(counters(core)).every((after) => after === 100_00)).toBe(true)
})

test('a floor on other categories than those of a benefit of cost is paid from its own cells', () => {
  const floor = { rate: percent(50), base: [{ category: 'inScope' } as const] }
  const x = whole('x', { of: 'cost', base: [{ category: 'ownPay' }], floor })
  const lines = [line('1', { inScope: 100, ownPay: 10 })]
  const core = settled([pack('a', 'commercial', { benefits: [x] })], bill(lines))
  // Half of 100.00: all 10.00 of own pay, and 40.00 of the in-scope part.
  expect(core.payers.map(({ amount }) => amount)).toEqual([50_00])
  expect(core.lines[0]?.residual).toEqual([0, 0, 0, 60_00, 0, 0, 0])
})

test('by line, a policy that begins within the stay pays at once what has no waiting', () => {
  const effective = { from: 0, by: 'line' } as const
  const waits = whole('waits', { base: [{ category: 'ownPay' }], waitingDays: number(30) })
  const benefits = [waits, whole('x')]
  const packs = [pack('c', 'commercial', { requiresPolicy: true, effective, benefits })]
  const policies = [{ id: 'L', product: 'c', start: DAY + 64, end: DAY + 364 }]
  const core = settled(packs, bill(TWO_LINES), { ...NOBODY, policies })
  expect(core.patient.total).toBe(100_00)
})

test('a line of which nothing is left does not decide which group a running cap serves first', () => {
  // Per code 0.01 is left: of A on line 3, of B on line 2. The cap over the days takes the earlier line.
  const running = counter('a:x.item-2', 'year')
  const itemLimits = [
    { per: 'item', amount: yuan(0.01) } as const,
    { per: 'day', amount: yuan(0.01), counter: running } as const,
  ]
  const lines = [
    line('1', { inScope: 10 }, { code: 'A', date: DAY + 60 }),
    line('2', { inScope: 10 }, { code: 'B', date: DAY + 61 }),
    line('3', { inScope: 90 }, { code: 'A', date: DAY + 60 }),
  ]
  const packs = [pack('a', 'basic', { benefits: [whole('x', { itemLimits })] })]
  const core = settled(packs, bill(lines))
  expect(core.lines.map(({ paid }) => paid[0])).toEqual([0, 1, 0])
})

test('a limit on days that leaves days out says that it bound', () => {
  const limits = [limit('x', 'days', number(1))]
  const lines = [
    { ...line('1', { inScope: 100 }), day: DAY },
    { ...line('2', { inScope: 50 }), day: DAY + 1 },
  ]
  const core = settled([pack('a', 'basic', { benefits: [whole('x', { limits })] })], bill(lines))
  expect(core.payers.map(({ amount }) => amount)).toEqual([100_00])
  const step = core.explanation.find((one) => one.step === 'benefit')
  expect(step?.limits).toMatchObject([{ on: 'days', room: 1, bound: true }])
})

test('a benefit whose times are used up needs no facts for its other limits', () => {
  const limits = [
    { ...limit('x', 'base', yuan(100)), when: cel('daysBetween(visit.start, visit.end) > 7') },
    { ...limit('x', 'times', number(0)), id: 'times' },
  ]
  const core = settled(
    [pack('a', 'basic', { benefits: [whole('x', { limits })] })],
    bill([line('1', { inScope: 100 })], { visit: { id: 'V', kind: 'outpatient', start: DAY } }),
  )
  expect(core.payers.map(({ amount }) => amount)).toEqual([0])
})
