import { expect, test } from 'vitest'
import { replayLedger } from '../../src/engine/replay/replay-ledger.ts'
import type { ReplayReport } from '../../src/engine/replay/replay-report.ts'
import type { Store } from '../../src/engine/ports.ts'
import type { RulePack } from '../../src/rules/pack.ts'
import { accepted } from '../conformance/rules.ts'
import { packsOf, Town } from '../workers/town.ts'

function onlyPack(text: string): RulePack {
  const [pack] = packsOf(text).packs
  if (pack === undefined) throw new Error('no pack')
  return pack
}

const TOP_UP = onlyPack(`
pack: town/top-up
kind: commercial
payer: { id: town-top-up }
effective: { from: 2023-01-01 }
source: 己条款
benefits: [{ id: all, clause: 一, base: [deductible, coinsurance], rate: 100% }]
`)

/** Of 300 yuan it leaves as much to the patient as the town's own, but 150 yuan of it as deductible instead of 100. */
const OTHER_CELLS = onlyPack(`
pack: town/basic
kind: basic
payer: { id: town-fund, wire: hifp_pay }
effective: { from: 2023-01-01 }
source: 甲文件 修订
benefits:
  - id: all
    clause: 一
    base: [inScope]
    deductible: { per: year, amount: 150.00 }
    rate: 80%
    limits: [{ on: payment, per: year, amount: 900.00 }]
`)

function replayed(store: Store, packs: readonly string[]): ReplayReport {
  const steps = replayLedger(store, { candidate: { jurisdiction: 'town', packs } })
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

async function answered(
  town: Town,
  operation: 'supplement' | 'reverse',
  body: Record<string, unknown>,
): Promise<unknown> {
  const request = { operation, hospital: 'H', requestId: operation, body }
  const reply = await town.engine.submit(request)
  if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply.problems))
  return reply.answer['settlement']
}

/** A settlement and what the top-up pays on it. */
async function supplemented(active: readonly RulePack[]) {
  const town = await Town.open({ workers: 0 })
  const packs = [TOP_UP, OTHER_CELLS, PACKAGE_PRICE]
  accepted(await town.engine.rules.publish({ jurisdiction: 'town', packs }), 'publish')
  for (const pack of active) await town.activate(pack)
  const reply = await town.settle('A1', { yuan: 300 })
  if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply.problems))
  await town.activate(TOP_UP)
  const settlements = [reply.answer['settlement']]
  const body = { person: 'A1', settlements, packs: ['town/top-up'] }
  return { town, supplement: await answered(town, 'supplement', body) }
}

function groups({ lineGroups }: ReplayReport, side: 'before' | 'after'): readonly unknown[] {
  return lineGroups.map(({ category, [side]: amount }) => [category, amount])
}

test('a supplement that pays as much of other cells takes from each group what it took', async () => {
  const { town } = await supplemented([])
  const { town: other } = await supplemented([OTHER_CELLS])
  const report = replayed(town.store, [OTHER_CELLS.hash])
  expect(groups(report, 'before')).toEqual(groups(replayed(town.store, []), 'before'))
  expect(groups(report, 'after')).toEqual(groups(replayed(other.store, []), 'before'))
  await town.close()
  await other.close()
})

test('such a supplement leaves nothing in the groups once it is reversed', async () => {
  const { town, supplement } = await supplemented([])
  await answered(town, 'reverse', { settlement: supplement })
  const report = replayed(town.store, [OTHER_CELLS.hash])
  expect(report.settlements).toMatchObject({ standing: 1, reversed: 1, changed: 1 })
  expect(report.lineGroups).toEqual([
    expect.objectContaining({ category: 'deductible', before: 10_000, after: 15_000 }),
    expect.objectContaining({ category: 'coinsurance', before: 8_000, after: 3_000 }),
    expect.objectContaining({ category: 'ownPay', before: 700, after: 700 }),
  ])
  await town.close()
})

const PACKAGE_PRICE = onlyPack(`
pack: town/basic
kind: basic
payer: { id: town-fund, wire: hifp_pay }
effective: { from: 2023-01-01 }
source: 甲文件 病种
packages:
  - { id: visit, title: { zh: 门诊, en: Visit }, clause: 二, when: 'visit.kind == "outpatient"', standard: 1007.00 }
benefits: [{ id: all, clause: 一, base: [inScope], rate: 60% }]
`)

test('what a supplement pays of a package price is taken from the group of the package price', async () => {
  const { town } = await supplemented([PACKAGE_PRICE])
  expect(replayed(town.store, []).lineGroups).toEqual([
    { chargeType: '', category: 'ownPay', before: 700, after: 700 },
  ])
  await town.close()
})
