import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SETTLEMENT_ROUTES } from '../../../src/server/insurers/settlement-routes.ts'
import { disclose } from '../../../src/server/insurers/disclosure.ts'
import { FACTS } from '../../../src/rules/facts.ts'
import { accepted } from '../../conformance/rules.ts'
import { person, policy, RouteTown, type Answer } from './route-town.ts'

let town: RouteTown
beforeAll(async () => {
  town = await RouteTown.open()
})
afterAll(async () => {
  await town.close()
})

let requests = 0

interface BillOf {
  readonly hospital?: string
  /** Yuan of a line that A's benefit takes, and of one that it does not. */
  readonly taken?: number
  readonly left?: number
}

async function settled(
  id: string,
  { hospital = 'H', taken = 100, left = 50 }: BillOf = {},
): Promise<string> {
  requests += 1
  const bill = {
    person: { id },
    visit: {
      id: `V${requests}`,
      kind: 'inpatient',
      start: '2024-06-01',
      ward: 'SECRET-WARD',
      department: 'SECRET-DEPARTMENT',
      diagnosis: 'SECRET-DIAGNOSIS',
    },
    lines: [
      { id: 'L1', code: 'A1', name: 'SECRET-NAME', inScope: `${taken}.00` },
      { id: 'SECRET-LINE', code: 'SECRET-CODE', name: 'SECRET-NAME', inScope: `${left}.00` },
    ],
  }
  const reply = await town.engine.submit({
    operation: 'settle',
    hospital,
    requestId: `R${requests}`,
    body: { bill },
  })
  if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply.problems))
  return String(reply.answer['settlement'])
}

async function asked(
  id: string,
  query: Readonly<Record<string, string>>,
  as = 'insurer-a',
): Promise<Answer> {
  return town.ask(SETTLEMENT_ROUTES, id, { as, query })
}

function idsOf({ settlements }: Answer): readonly unknown[] {
  return (settlements as readonly Answer[]).map(({ settlement }) => settlement)
}

const TODAY = { from: '2024-06-10', to: '2024-06-10' }

describe("an insurer's own settlements", () => {
  it('tell its own amounts, lines and facts, and of all others one sum', async () => {
    const settlement = await settled('P3')
    const call = { as: 'insurer-a', params: { settlement } }
    const answer = await town.ask(SETTLEMENT_ROUTES, 'settlements.read', call)
    // The fund pays 60 % of both lines; of the 40 yuan that are left of L1 A pays half, and B 30 % of what is left then.
    expect(answer).toMatchObject({
      settlement,
      state: 'settled',
      person: 'P3',
      hospital: 'H',
      total: 15_000,
      own: [{ payer: 'payer-a', policy: 'A-3', amount: 2_000 }],
      others: 9_000 + 1_200,
      patient: 2_800,
      facts: { person: { age: 40 } },
      lines: [{ id: 'L1', amount: 10_000, paid: 2_000, facts: { code: 'A1' } }],
      benefits: [{ pack: 'a/plan', benefit: 'rest', policy: 'A-3', gross: 4_000, payment: 2_000 }],
    })
    expect(JSON.stringify(answer)).not.toContain('SECRET')
    expect(town.subjects.at(-1)).toBe(settlement)
  })

  it('are found by person, stay and days, and by no insurer that took no part', async () => {
    const mine = await settled('P3')
    const other = await settled('P2', { hospital: 'K' })
    expect(idsOf(await asked('settlements.find', { person: 'P3' }))).toContain(mine)
    const stay = `V${requests - 1}`
    expect(idsOf(await asked('settlements.find', { hospital: 'H', stay }))).toEqual([mine])
    expect(idsOf(await asked('settlements.find', TODAY))).toContain(mine)
    expect(idsOf(await asked('settlements.find', TODAY))).not.toContain(other)
    expect(idsOf(await asked('settlements.find', { person: 'P2' }))).toEqual([])
    expect(idsOf(await asked('settlements.find', { person: 'P2' }, 'insurer-b'))).toEqual([other])
    const yesterday = { from: '2024-06-09', to: '2024-06-09' }
    expect(idsOf(await asked('settlements.find', yesterday))).toEqual([])
    const call = { as: 'insurer-a', params: { settlement: other } }
    const unknown = await town.refused(SETTLEMENT_ROUTES, 'settlements.read', call)
    expect(unknown).toEqual(['SETTLEMENT_UNKNOWN'])
  })

  it('come in pages that leave none out', async () => {
    for (let count = 0; count < 5; count += 1) await settled('P3')
    const all = idsOf(await asked('settlements.find', { ...TODAY, limit: '500' }))
    const paged: unknown[] = []
    let after: Readonly<Record<string, string>> = {}
    for (;;) {
      const page = await asked('settlements.find', { ...TODAY, ...after, limit: '2' })
      paged.push(...idsOf(page))
      const { next } = page
      if (typeof next !== 'string') break
      after = { after: next }
    }
    expect(paged).toEqual(all)
  })

  it('refuse what asks for too much or for another payer', async () => {
    const queries = [
      {},
      { stay: 'V1' },
      { from: '2024-06-10', to: '2024-06-09' },
      { from: '2020-01-01', to: '2024-06-10' },
      { from: '2024-02-30' },
      { ...TODAY, payer: 'SECRET-B' },
    ]
    for (const query of queries) {
      const codes = await town.refused(SETTLEMENT_ROUTES, 'settlements.find', {
        as: 'insurer-a',
        query,
      })
      expect(codes).toEqual(['RANGE_WRONG'])
    }
    const without = { as: 'insurer-c', query: TODAY }
    for (const { id } of SETTLEMENT_ROUTES) {
      expect(await town.refused(SETTLEMENT_ROUTES, id, without)).toEqual(['GRANT_MISSING'])
    }
  })

  it('are told as their last recalculation left them', async () => {
    const id = 'RECALCULATED'
    const registered = async (age: number) => {
      const { entry, ...rest } = person(id, [policy(`A-${id}`, 'a/plan')])
      const facts = { insutype: '310', age, retired: false, tier: 1 }
      await town.register([{ ...rest, entry: { ...(entry as object), facts } }])
    }
    await registered(40)
    const settlement = await settled(id)
    const call = { as: 'insurer-a', params: { settlement } }
    const before = await town.ask(SETTLEMENT_ROUTES, 'settlements.read', call)
    expect(before).toMatchObject({ recalculated: false, own: [{ amount: 2_000 }] })
    await registered(17)
    const body = { person: id, with: 'now' }
    const request = { operation: 'recalculate', hospital: '', requestId: 'again', body } as const
    expect(await town.engine.submit(request)).toMatchObject({ kind: 'answer' })
    const after = await town.ask(SETTLEMENT_ROUTES, 'settlements.read', call)
    expect(after).toMatchObject({ recalculated: true, facts: {}, lines: [], benefits: [] })
    expect(after['patient']).toBe(6_000)
  })

  it('are exported as NDJSON and CSV, and add up to the totals of the day', async () => {
    const reversed = await settled('P3', { hospital: 'K' })
    const body = { settlement: reversed }
    const request = { operation: 'reverse', hospital: 'K', requestId: 'undo', body } as const
    expect(await town.engine.submit(request)).toMatchObject({ kind: 'answer' })
    const query = { ...TODAY, detail: 'full' }
    const text = await town.text(SETTLEMENT_ROUTES, 'settlements.export', {
      as: 'insurer-a',
      query,
    })
    const rows = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer)
    expect(rows.find(({ settlement }) => settlement === reversed)).toMatchObject({
      state: 'reversed',
    })
    expect(rows[0]).toMatchObject({ lines: [{ id: 'L1' }] })
    expect(text).not.toContain('SECRET')
    const live = rows.filter(({ state }) => state === 'settled')
    const own = live.flatMap((row) => row['own'] as readonly { amount: number }[])
    const amount = own.reduce((sum, part) => sum + part.amount, 0)
    const { totals } = await asked('settlements.totals', TODAY)
    expect(totals).toEqual([
      { day: '2024-06-10', hospital: 'H', payer: 'payer-a', to: { provider: amount }, amount },
    ])
    const csv = { ...TODAY, format: 'csv' }
    const table = await town.text(SETTLEMENT_ROUTES, 'settlements.export', {
      as: 'insurer-a',
      query: csv,
    })
    expect(table.startsWith('\uFEFFsettlement,state,')).toBe(true)
    expect(table.trim().split('\r\n')).toHaveLength(rows.length + 1)
    expect(table).not.toContain('SECRET')
  })
})

describe('disclosure', () => {
  const names = Object.entries(FACTS).flatMap(([group, facts]) => [
    `${group}.*`,
    ...Object.keys(facts).map((name) => `${group}.${name}`),
  ])

  it('never tells another payer, what only others use, or what is not granted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ taken: fc.nat(5_000), left: fc.nat(5_000) }),
        fc.subarray(['a', 'b'], { minLength: 1 }),
        fc.constantFrom(10, 17, 18, 40),
        fc.subarray(names),
        async (amounts, held, age, facts) => {
          requests += 1
          const id = `R${requests}`
          const policies = held.map((one) =>
            one === 'a' ? policy(`A-${id}`, 'a/plan') : policy(`SECRET-${id}`, 'b/plan'),
          )
          const entry = person(id, policies)
          const aged = {
            ...(entry.entry as object),
            facts: { age, tier: 1, retired: false, income: '77777.00' },
          }
          await town.register([{ ...entry, entry: aged }])
          const settlement = await settled(id, { taken: amounts.taken + 1, left: amounts.left + 1 })
          const again = accepted(town.engine.recompute(settlement), 'recompute')
          const told = disclose(again, { payers: ['payer-a'], jurisdictions: ['town'], facts })
          const text = JSON.stringify(told)
          expect(text).not.toContain('SECRET')
          expect(text).not.toContain('77777')
          const groups = Object.entries(told.facts).flatMap(([group, sheet]) =>
            Object.keys(sheet).map((name) => `${group}.${name}`),
          )
          const isUsed = held.includes('a') && age >= 18
          const isGranted = facts.includes('person.age') || facts.includes('person.*')
          expect(groups).toEqual(isUsed && isGranted ? ['person.age'] : [])
          expect(told.lines.map((line) => line.id)).toEqual(isUsed ? ['L1'] : [])
          const own = told.lines.reduce((sum, line) => sum + line.paid, 0)
          const paid = again.settlement.payers.find(({ id: payer }) => payer === 'payer-a')
          expect(own).toBe(paid?.amount ?? 0)
        },
      ),
      { numRuns: 60, seed: 4 },
    )
  })
})
