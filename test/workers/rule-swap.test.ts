import { expect, test } from 'vitest'
import { settlementId } from '../../src/ledger/settlement-id.ts'
import { accepted } from '../conformance/rules.ts'
import { basicAt, Town } from './town.ts'

const SWAPS = 100

test('100 versions put in force under load: no bill fails, none sees two', async () => {
  const town = await Town.open({ batchMax: 8 })
  const versions = Array.from({ length: SWAPS }, (_, index) => basicAt((index + 1) / 2))
  const waiting: ReturnType<Town['settle']>[] = []
  for (const [index, version] of versions.entries()) {
    waiting.push(...['A', 'B', 'G'].map(async (one) => town.settle(`${one}${index % 20}`)))
    const publication = { jurisdiction: 'town', packs: [version] }
    accepted(await town.engine.rules.publish(publication), 'publish')
    await town.activate(version)
    // The swaps keep pace with the bills, so that there are bills under most versions.
    await waiting[3 * (index - 2)]
  }
  const replies = await Promise.all(waiting)
  expect(replies.filter(({ kind }) => kind === 'refused')).toEqual([])
  const splits = town.splits()
  expect(splits).toHaveLength(3 * SWAPS)
  // Under the rule set that the journal says was in force, every one comes out as it was posted.
  let ruleSet: string | undefined
  for (const record of town.records()) {
    if (record.kind === 'rules') ({ ruleSet } = record.state)
    if (record.kind !== 'settlement') continue
    expect(record.ruleSet).toBe(ruleSet)
    const again = accepted(town.engine.recompute(settlementId(record.seq)), 'recompute')
    expect(again.isSameExplanation).toBe(true)
    expect(again.settlement.patient).toEqual(record.answer.patient)
  }
  expect(new Set(splits.map((split) => split.ruleSet)).size).toBeGreaterThan(SWAPS / 4)
  await town.close()
})
