import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open-engine.ts'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { builtProgram } from '../built-program.ts'
import { given } from '../store/places.ts'
import {
  BUDGET_FEN,
  installPlant,
  NOW,
  plantRequest,
  unlimitedShare,
} from './bounds/shared-budget.ts'

const MANY = 100_000
const WAITING_MAX = 2_000
const MB = 2 ** 20

interface Flood {
  readonly answered: number
  readonly repeats: number
  readonly overloaded: number
  readonly other: number
  readonly refusedBeforeAnswers: number
  readonly heap: number
  readonly maxRss: number
}

function flood(count: number, what = 'new'): Flood {
  const args = [
    '--expose-gc',
    builtProgram('test/engine/bounds/flood'),
    String(count),
    String(WAITING_MAX),
    what,
  ]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  process.stdout.write(`${count} ${what}: ${stdout}`)
  return JSON.parse(stdout) as Flood
}

test('a hundred thousand settlements at once: refused beyond the limit, before any is settled, and held by nobody', () => {
  const few = flood(WAITING_MAX)
  expect(few).toMatchObject({ answered: WAITING_MAX, overloaded: 0, other: 0 })
  const many = flood(MANY)
  expect(many).toMatchObject({
    answered: WAITING_MAX,
    overloaded: MANY - WAITING_MAX,
    refusedBeforeAnswers: MANY - WAITING_MAX,
    other: 0,
  })
  expect(many.heap - few.heap).toBeLessThan(32 * MB)
  expect(many.maxRss - few.maxRss).toBeLessThan(512 * MB)
})

test('a hundred thousand repeats of what was answered are answered, and fill no queue', () => {
  const many = flood(MANY, 'repeat')
  expect(many).toMatchObject({ answered: 0, repeats: MANY, overloaded: 0, other: 0 })
  expect(many.heap).toBeLessThan(64 * MB)
})

test('ten thousand settlements spend a shared budget to the fen', async () => {
  const count = 10_000
  const store = openMemoryStore()
  const engine = given(await openEngine({ store, clock: () => NOW }))
  await installPlant(engine, 'group')
  const indexes = Array.from({ length: count }, (_, index) => index)
  const paid = await Promise.all(
    indexes.map(async (index) => {
      const reply = await engine.submit(plantRequest(index))
      if (reply.kind === 'refused') throw new Error(JSON.stringify(reply.problems))
      const [payer] = reply.answer['payers'] as readonly { readonly amount: number }[]
      return payer?.amount ?? 0
    }),
  )
  let left = BUDGET_FEN
  for (const [index, amount] of paid.entries()) {
    expect([index, amount]).toEqual([index, Math.min(left, unlimitedShare(index))])
    left -= amount
  }
  expect(left).toBe(0)
  const [budget] = [...engine.counters('group:G')]
  expect(budget?.[1]).toBe(BUDGET_FEN)
  expect(engine.balances().find(({ from }) => from === 'payer:plant-insurer')).toMatchObject({
    amount: BUDGET_FEN,
  })
  await engine.close()
  expect((await verifyLedger(store)).findings.total).toBe(0)
})
