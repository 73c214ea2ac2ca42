import { expect, test } from 'vitest'
import type { EngineReply } from '../../src/engine/request.ts'
import { describeHistory, type History, type Step } from '../model/history.ts'
import { generateHistory } from '../model/generate-history.ts'
import { PLACES } from '../model/rules.ts'
import { packOf } from '../model/run-engine.ts'
import {
  HistoryRun,
  paidByBalances,
  paidByReport,
  replayed,
  type Version,
} from './replay/history-run.ts'

const FROM = Number(process.env['QINGFEN_REPLAY_FROM'] ?? 0)
const COUNT = Number(process.env['QINGFEN_REPLAY_COUNT'] ?? 60)
const SEEDS = Array.from({ length: COUNT }, (_, index) => FROM + index)

/** Settlements that a supplement stands on, when their person is recalculated. */
const SUPPLEMENTED = [1_000_175, 1_001_091, 1_001_705]

test(`settled again under the same packs nothing differs (seeds ${FROM} to ${FROM + COUNT - 1})`, async () => {
  let settlements = 0
  for (const seed of [...SEEDS, ...SUPPLEMENTED]) {
    const history = generateHistory(seed)
    const run = await HistoryRun.start()
    await run.run(history)
    const paid = new Map<string, number>()
    for (const { jurisdiction } of PLACES) {
      const report = replayed(run.store, { candidate: { jurisdiction, packs: [] } })
      settlements += report.settlements.seen
      expect(report.settlements, describeHistory(history)).toMatchObject({ changed: 0, refused: 0 })
      expect(report.patients.after).toBe(report.patients.before)
      expect(paidByReport(report, 'after')).toEqual(paidByReport(report, 'before'))
      for (const [payer, amount] of paidByReport(report, 'before')) {
        paid.set(payer, (paid.get(payer) ?? 0) + amount)
      }
    }
    expect(paid, describeHistory(history)).toEqual(paidByBalances(run))
  }
  expect(settlements).toBeGreaterThan(COUNT * 2)
})

/** The history without steps that would change the versions of one pack. */
function withoutPack(history: History, id: string): History {
  const steps = history.steps.map((step): Step => {
    const isOther = step.kind !== 'activate' && step.kind !== 'rollBack'
    if (isOther || packOf(step).pack.id !== id) return step
    return { kind: 'registry', changes: [] }
  })
  return { ...history, steps }
}

const VERSIONS = PLACES.flatMap(({ jurisdiction, later }) =>
  later.map((pack) => ({ jurisdiction, hash: pack.hash, id: pack.id, payer: pack.payer.id })),
)

function outcomes(replies: readonly (EngineReply | undefined)[]): readonly string[] {
  return replies.map((reply) => {
    if (reply?.kind === 'refused') return reply.problems.map(({ code }) => code).join()
    return JSON.stringify(reply?.answer['state'] ?? 'answer')
  })
}

test.each(VERSIONS)(
  'a replay under $id of $jurisdiction says what its activation does',
  async (version) => {
    const tally = { compared: 0, changed: 0, refusedElse: 0 }
    for (const seed of SEEDS) {
      const history = withoutPack(generateHistory(seed), version.id)
      const without = await HistoryRun.start()
      await without.run(history)
      const active: Version = version
      const withIt = await HistoryRun.start([active])
      await withIt.run(history)
      const { jurisdiction } = version
      const report = replayed(without.store, { candidate: { jurisdiction, packs: [version.hash] } })
      // What was refused the journal does not have; who asks otherwise is another history.
      const isSameHistory =
        outcomes(without.replies).join(' ') === outcomes(withIt.replies).join(' ')
      if (!isSameHistory || report.settlements.refused > 0) {
        tally.refusedElse += 1
        continue
      }
      const same = replayed(withIt.store, { candidate: { jurisdiction, packs: [] } })
      tally.compared += 1
      tally.changed += report.settlements.changed
      const shown = describeHistory(history)
      expect(paidByReport(report, 'after'), shown).toEqual(paidByReport(same, 'before'))
      expect(report.patients.after, shown).toBe(same.patients.before)
      expect(
        report.lineGroups
          .filter(({ after }) => after !== 0)
          .map(({ chargeType, category, after }) => [chargeType, category, after]),
        shown,
      ).toEqual(
        same.lineGroups
          .filter(({ before }) => before !== 0)
          .map(({ chargeType, category, before }) => [chargeType, category, before]),
      )
    }
    expect(tally.compared).toBeGreaterThan(COUNT / 3)
    expect(tally.changed).toBeGreaterThan(0)
  },
)
