import { expect, test } from 'vitest'
import type { Engine } from '../../src/engine/open-engine.ts'
import { Chance } from '../hostile/chance.ts'
import { accepted } from '../conformance/rules.ts'
import { netted, sorted } from './books.ts'
import { dayOfIso, startOf } from './days.ts'
import { newLines, newStay } from './generate-bill.ts'
import type { Tree } from './model-split.ts'
import { REGISTER } from './register.ts'
import { EngineRun } from './run-engine.ts'

/*
 * Point 6: taking a settlement back leaves the books as if it had never been, at once where nobody later read its counters, else
 * after the recalculation run. The budget of a group is left out: it is taken as it comes and marks nobody.
 */

const AT = startOf(dayOfIso('2025-12-30')) + 10 * 3_600_000
const SEEDS = Array.from({ length: 400 }, (_none, index) => index)

interface Bill {
  readonly hospital: string
  readonly person: string
  readonly bill: Tree
}

/** Bills of one person, each of a stay of its own. */
function bills(seed: number): readonly Bill[] {
  const chance = new Chance(seed)
  const person = chance.oneOf(['P1', 'P2', 'P3'])
  return Array.from({ length: 2 + chance.below(4) }, (_none, index) => {
    const hospital = chance.oneOf(['H1', 'H2'])
    const stay = newStay(chance, { id: `V${index}`, person, hospital }, dayOfIso('2025-12-30'))
    const lines = newLines(chance, stay, 1 + chance.below(3))
    return { hospital, person, bill: { person: { id: person }, visit: stay.visit, lines } }
  })
}

async function started(): Promise<EngineRun> {
  const run = await EngineRun.start(AT)
  const entries = REGISTER.map(({ kind, id, entry }) => ({ kind, id, entry: withoutGroup(entry) }))
  accepted(await run.engine.registry('no group', entries), 'register')
  return run
}

function withoutGroup(entry: unknown): unknown {
  const { policies, ...rest } = Object(entry) as { readonly policies?: readonly Tree[] }
  if (policies === undefined) return entry
  return { ...rest, policies: policies.filter(({ product }) => product !== 'keep/group') }
}

async function settleAll(engine: Engine, list: readonly (Bill & { id: string })[]) {
  const ids: string[] = []
  for (const { hospital, bill, id } of list) ids.push(await settle(engine, hospital, bill, id))
  return ids
}

async function settle(engine: Engine, hospital: string, bill: Tree, id: string): Promise<string> {
  const body = { bill }
  const reply = await engine.submit({ operation: 'settle', hospital, requestId: id, body })
  return reply.kind === 'answer' ? String(reply.answer['settlement']) : expect.unreachable(id)
}

async function ask(
  engine: Engine,
  operation: 'reverse' | 'recalculate',
  hospital: string,
  body: Tree,
) {
  const reply = await engine.submit({ operation, hospital, requestId: operation, body })
  return reply.kind === 'answer' ? reply.answer : expect.unreachable(JSON.stringify(reply))
}

const HOLDERS = ['person:P1', 'person:P2', 'person:P3', 'family:F1', 'policy:SH', 'group:G']

/** Every counter and balance, and what the days come to but for the number of rows. */
function books(engine: Engine) {
  const stays = ['H1', 'H2'].flatMap((hospital) =>
    Array.from({ length: 6 }, (_none, index) => `stay:V${index}\0${hospital}`),
  )
  return {
    counters: [...HOLDERS, ...stays].map((holder) => [holder, sorted(engine.counters(holder))]),
    balances: netted(engine.balances().map((one) => ({ ...one, day: String(one.day) }))),
  }
}

test.each([
  ['no later one', 1],
  ['later ones', 2],
] as const)('settle and reverse with %s restores the books', async (_name, round) => {
  let recalculated = 0
  for (const seed of SEEDS) {
    const all = bills(seed + round * 1_000).map((one, index) => ({ ...one, id: `R${index}` }))
    const taken = round === 1 ? all.length - 1 : Math.floor(all.length / 2)
    const [never, reversed] = [await started(), await started()]
    await settleAll(never.engine, all.toSpliced(taken, 1))
    const ids = await settleAll(reversed.engine, all)
    const { hospital = '', person } = all[taken] ?? {}
    const { later } = await ask(reversed.engine, 'reverse', hospital, { settlement: ids[taken] })
    if (later === true) {
      const { changed } = await ask(reversed.engine, 'recalculate', '', { person })
      if (Array.isArray(changed) && changed.length > 0) recalculated += 1
    }
    expect(books(reversed.engine), `seed ${seed}`).toEqual(books(never.engine))
    await never.close()
    await reversed.close()
  }
  if (round === 2) expect(recalculated).toBeGreaterThan(SEEDS.length / 10)
  else expect(recalculated).toBe(0)
})
