import { describe, expect, test } from 'vitest'
import { compileCatalog } from '../../src/catalog/compile.ts'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import { describeProblem } from '../../src/errors/problem.ts'
import { settlementId } from '../../src/ledger/settlement-id.ts'
import { given } from '../store/places.ts'
import { aRow } from '../catalog/builders.ts'
import { basic, codes, day, paid, plan, Town, townProfile, type Tree } from './replay/town.ts'

const V1 = basic({ rate: '50%' })
const V2 = basic({ rate: '60%', from: '2024-01-01' })
const V3 = basic({ rate: '70%', from: '2024-01-01' })
const PLAN = plan({ rate: '40%' })
const PLAN2 = plan({ rate: '80%' })

/** V1 and the plan are active, V2, V3 and the other plan are published; the clock is in May 2024. */
async function town(): Promise<Town> {
  const opened = await (await Town.open('2024-05-10')).found([V1, V2, V3, PLAN, PLAN2])
  await opened.activate(V1, '2020-01-01')
  await opened.activate(PLAN, '2020-01-01')
  return opened
}

describe('the life of a version', () => {
  test('published it is checked and has no effect; in shadow neither', async () => {
    const t = await town()
    const before = t.ruleSet
    expect(t.stateOf(V2)).toBe('checked')
    given(await t.engine.rules.shadow('town', V2.hash))
    expect(t.stateOf(V2)).toBe('shadow')
    expect(t.ruleSet).toBe(before)
    expect(paid(await t.settle(), 'town-fund')).toBe(45_000)
  })

  test('activated from a day to come it holds from that day, and the one before until then', async () => {
    const t = await town()
    await t.activate(V2, '2024-06-01')
    expect(paid(await t.settle({ person: 'P0' }), 'town-fund')).toBe(45_000)
    t.today = '2024-05-31'
    expect(paid(await t.settle({ person: 'P1' }), 'town-fund')).toBe(45_000)
    t.today = '2024-06-01'
    expect(paid(await t.settle({ person: 'P2' }), 'town-fund')).toBe(54_000)
    expect([t.stateOf(V1), t.stateOf(V2)]).toEqual(['active', 'active'])
  })

  test('activated for the past it holds for what is settled from now on; what was settled stands', async () => {
    const t = await town()
    const first = await t.settle({ person: 'P0' })
    await t.activate(V2, '2024-01-01')
    expect(paid(await t.settle({ person: 'P1' }), 'town-fund')).toBe(54_000)
    expect(given(t.engine.recompute(String(first['settlement']))).isSameExplanation).toBe(true)
    // A part given back is settled with the rules of the original.
    const bill = { lines: [{ id: 'X1', name: '项目', inScope: '600.00' }] }
    const again = await t.ask('resettle', { settlement: first['settlement'], bill })
    expect(paid(again, 'town-fund')).toBe(25_000)
  })

  test('the version before is retired when no day is left to it', async () => {
    const t = await town()
    await t.activate(V2, '2024-01-01')
    await t.activate(V3, '2024-01-01')
    expect([V1, V2, V3].map((pack) => t.stateOf(pack))).toEqual(['active', 'retired', 'active'])
  })

  test('a pack that chooses its version by admission keeps the old one for who was admitted before', async () => {
    const old = basic({ rate: '50%', by: 'admission' })
    const recent = basic({ rate: '60%', by: 'admission' })
    const t = await (await Town.open('2024-05-10')).found([old, recent])
    await t.activate(old, '2020-01-01')
    await t.activate(recent, '2024-05-05')
    const before = await t.settle({ person: 'P0', admitted: '2024-05-04' })
    const after = await t.settle({ person: 'P1', admitted: '2024-05-05' })
    expect([paid(before, 'town-fund'), paid(after, 'town-fund')]).toEqual([45_000, 54_000])
  })

  test('commands out of order are refused and leave no record', async () => {
    const t = await town()
    const before = t.engine.seq
    const { rules } = t.engine
    const jurisdiction = 'town'
    const refusals = [
      await rules.activate({ jurisdiction, pack: V1.hash, from: day('2024-05-01') }),
      await rules.shadow(jurisdiction, V1.hash),
      await rules.shadow(jurisdiction, 'nothing'),
      await rules.rollBack({ jurisdiction, pack: 'town/other' }),
      await rules.resume(jurisdiction, V1.hash),
      await rules.activate({ jurisdiction: 'nowhere', pack: V1.hash, from: day('2024-05-01') }),
      await rules.publish({ jurisdiction: 'nowhere', packs: [V1] }),
    ]
    expect(refusals.map((result) => (result.ok ? 'ok' : result.problems[0]?.code))).toEqual([
      'PACK_STATE_WRONG',
      'PACK_STATE_WRONG',
      'CONTENT_UNKNOWN',
      'PACK_STATE_WRONG',
      'PACK_STATE_WRONG',
      'JURISDICTION_UNKNOWN',
      'JURISDICTION_UNKNOWN',
    ])
    expect(t.engine.seq).toBe(before)
    const never = refusals[3]
    const told = never?.ok === false ? never.problems : []
    expect(told.flatMap((one) => [describeProblem(one, 'zh'), describeProblem(one, 'en')])).toEqual(
      [
        '政策包 town/other 没有可回退的启用，不能回退',
        'pack town/other is without an activation to take back; it cannot be rolled back',
      ],
    )
  })

  test('a version cannot be activated from a day after its own last', async () => {
    const short = basic({ rate: '90%', from: '2024-01-01', to: '2024-03-31' })
    const t = await (await Town.open('2024-05-10')).found([V1, short])
    await t.activate(V1, '2020-01-01')
    const before = t.ruleSet
    const from = day('2024-04-01')
    const refused = await t.engine.rules.activate({ jurisdiction: 'town', pack: short.hash, from })
    expect(refused.ok ? [] : refused.problems.map(({ code }) => code)).toEqual(['PACK_DAYS_OVER'])
    expect(t.ruleSet).toBe(before)
    expect(paid(await t.settle(), 'town-fund')).toBe(45_000)
  })

  test('published again nothing changes; a pack whose own cases fail is not published', async () => {
    const t = await town()
    const state = given(await t.engine.rules.publish({ jurisdiction: 'town', packs: [V1, V2] }))
    expect(state.packs).toHaveLength(5)
    const cases = (payment: string) => `
cases:
  - name: 一次住院
    given:
      visit: { kind: inpatient, start: 2024-05-01, end: 2024-05-09 }
      lines: [{ id: L1, name: 项目, inScope: 1100.00 }]
    expect: { payment: ${payment} }`
    const wrong = basic({ rate: '55%', more: cases('999.00') })
    const right = basic({ rate: '55%', more: cases('550.00') })
    const refused = await t.engine.rules.publish({ jurisdiction: 'town', packs: [wrong] })
    expect(refused.ok ? [] : refused.problems.map(({ code }) => code)).toEqual(['CLI_CASE_DIFFERS'])
    expect(t.stateOf(wrong)).toBeUndefined()
    given(await t.engine.rules.publish({ jurisdiction: 'town', packs: [right] }))
    expect(t.stateOf(right)).toBe('checked')
  })
})

describe('rolling back', () => {
  test('restores exactly the rule set before, activation by activation', async () => {
    const t = await town()
    const sets = [t.ruleSet, await t.activate(V2, '2024-05-01'), await t.activate(V3, '2024-05-20')]
    const rollBack = async () =>
      given(await t.engine.rules.rollBack({ jurisdiction: 'town', pack: 'town/basic' })).ruleSet
    expect(await rollBack()).toBe(sets[1])
    expect(await rollBack()).toBe(sets[0])
    expect([V1, V2, V3].map((pack) => t.stateOf(pack))).toEqual(['active', 'checked', 'checked'])
    expect(paid(await t.settle(), 'town-fund')).toBe(45_000)
    expect(await t.activate(V2, '2024-05-01')).toBe(sets[1])
  })

  test('leaves a later activation of another pack alone', async () => {
    const t = await town()
    await t.activate(V2, '2024-05-01')
    await t.activate(PLAN2, '2024-05-01')
    given(await t.engine.rules.rollBack({ jurisdiction: 'town', pack: 'town/basic' }))
    expect([V1, V2, PLAN2].map((pack) => t.stateOf(pack))).toEqual(['active', 'checked', 'active'])
    const answer = await t.settle()
    expect([paid(answer, 'town-fund'), paid(answer, 'town-insurer')]).toEqual([45_000, 41_600])
  })

  test('leaves alone what was published, put into shadow or suspended since', async () => {
    const t = await town()
    await t.activate(V2, '2024-05-01')
    given(await t.engine.rules.shadow('town', V3.hash))
    const late = basic({ rate: '75%' })
    given(await t.engine.rules.publish({ jurisdiction: 'town', packs: [late] }))
    given(await t.engine.rules.suspend('town', PLAN.hash))
    given(await t.engine.rules.rollBack({ jurisdiction: 'town', pack: 'town/basic' }))
    expect([V1, V2, V3, late].map((pack) => t.stateOf(pack))).toEqual([
      'active',
      'checked',
      'shadow',
      'checked',
    ])
    expect(t.engine.rulesState('town')?.suspended).toEqual([PLAN.hash])
  })

  test('a state does not grow with other packs’ activations', async () => {
    const t = await town()
    await t.activate(V2, '2024-05-01')
    const history = t.engine.rulesState('town')?.history ?? []
    expect(history.map(({ pack, packs }) => [pack, packs.length])).toEqual([
      ['town/basic', 3],
      ['town/plan', 2],
      ['town/basic', 3],
    ])
  })
})

describe('a swap under load', () => {
  test('each settlement is computed wholly with one rule set, and none fails', async () => {
    const persons = 400
    const t = await (await Town.open('2024-05-10')).found([V1, V2, V3, PLAN, PLAN2], persons)
    await t.activate(V1, '2020-01-01')
    await t.activate(PLAN, '2020-01-01')
    const answers: Promise<Tree>[] = []
    const swaps: Promise<unknown>[] = []
    const jurisdiction = 'town'
    for (let index = 0; index < persons; index += 1) {
      answers.push(t.settle({ person: `P${index}` }))
      if (index === 100) swaps.push(t.activate(V2, '2024-01-01'), t.activate(PLAN2, '2024-01-01'))
      if (index === 200) swaps.push(t.activate(V3, '2024-01-01'))
      if (index === 300) swaps.push(t.engine.rules.rollBack({ jurisdiction, pack: 'town/basic' }))
      // The batches before are being flushed when the next requests come.
      if (index % 37 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    const settled = await Promise.all(answers)
    await Promise.all(swaps)
    const byRules = new Map<string, Set<string>>()
    const records = new Map(t.records().map((record) => [settlementId(record.seq), record]))
    for (const answer of settled) {
      const record = records.get(String(answer['settlement']))
      const ruleSet = record?.kind === 'settlement' ? record.ruleSet : ''
      const amounts = byRules.get(ruleSet) ?? new Set()
      byRules.set(ruleSet, amounts)
      amounts.add(`${paid(answer, 'town-fund')} ${paid(answer, 'town-insurer')}`)
      expect(given(t.engine.recompute(String(answer['settlement']))).isSameExplanation).toBe(true)
    }
    // Fund and insurer of one settlement belong to one rule set; V2 with PLAN was in force between two commands.
    const [half, swapped, last] = ['45000 20800', '54000 34400', '63000 27200']
    const amounts = [...byRules.values()].map((set) => [...set])
    expect(amounts.every((set) => set.length === 1)).toBe(true)
    expect(amounts.flat()).toEqual(expect.arrayContaining([half, swapped, last]))
  })
})

describe('what is not a pack', () => {
  test('a new profile and a new catalogue hold for the next bill; stored bills keep theirs', async () => {
    const t = await town()
    const catalogue = (tenths: number) => {
      const selfPayRates = [{ rate: { num: tenths, den: 10 } }]
      const row = aRow({ code: 'A1', chargeLevel: 'B', selfPayRates })
      return new Uint8Array(given(compileCatalog([row])))
    }
    given(await t.engine.rules.publish({ jurisdiction: 'town', catalog: catalogue(1) }))
    const line = { id: 'C1', code: 'A1', name: '药品', date: '2024-05-10', amount: '1000.00' }
    const bill = (person: string) =>
      t.bill({ person, more: { lines: [{ ...line, quantity: '1' }] } })
    const first = await t.ask('settle', { bill: bill('P0') })
    given(await t.engine.rules.publish({ jurisdiction: 'town', catalog: catalogue(2) }))
    const second = await t.ask('settle', { bill: bill('P1') })
    expect([first, second].map((answer) => paid(answer, 'town-fund'))).toEqual([40_000, 35_000])
    expect(given(t.engine.recompute(String(first['settlement']))).isSameExplanation).toBe(true)
    const strict = townProfile('reversal: { mode: keep, days: 0 }')
    given(await t.engine.rules.publish({ profile: strict }))
    const third = await t.settle({ person: 'P2' })
    t.today = '2024-05-12'
    expect(codes(await t.submit('reverse', { settlement: third['settlement'] }))).toEqual([
      'REVERSAL_TOO_LATE',
    ])
    expect(codes(await t.submit('reverse', { settlement: second['settlement'] }))).toEqual([])
    expect((await verifyLedger(t.store)).findings.first).toEqual([])
  })
})

describe('a suspended pack', () => {
  test('refuses its bills, is left out on request, and pays by a supplement when it is back', async () => {
    const t = await town()
    given(await t.engine.rules.suspend('town', PLAN.hash))
    const bill = t.bill({ person: 'P0' })
    expect(codes(await t.submit('settle', { bill }))).toEqual(['PAYER_SUSPENDED'])
    const settled = await t.ask('settle', { bill, without: ['P0-plan'] })
    expect([paid(settled, 'town-fund'), paid(settled, 'town-insurer')]).toEqual([45_000, 0])
    const asked = { person: 'P0', settlements: [settled['settlement']], packs: ['town/plan'] }
    expect(codes(await t.submit('supplement', asked))).toEqual(['PAYER_SUSPENDED'])
    given(await t.engine.rules.resume('town', PLAN.hash))
    const late = await t.ask('supplement', asked)
    // As much as it would have paid at once: (550.00 − 30.00) × 40 %.
    expect(paid(late, 'town-insurer')).toBe(20_800)
    const other = await t.settle({ person: 'P1' })
    expect(paid(other, 'town-insurer')).toBe(20_800)
  })
})
