import { afterEach, expect, test } from 'vitest'
import type { Evaluator, SplitJob, SplitOutcome } from '../../src/engine/evaluator-port.ts'
import { sha256Hex } from '../../src/ledger/hash.ts'
import type { Fault } from '../../src/workers/fault.ts'
import { openPool } from '../../src/workers/open-pool.ts'
import type { PoolOptions } from '../../src/workers/pool-options.ts'
import { NO_THREAD, outOfThreads } from './out-of-threads.ts'
import { billOf, packOf, townProfile } from './town.ts'

const BASIC = packOf('town/basic')
const BUFFERS = new Map<string, Uint8Array>()

function kept(value: object): string {
  const bytes = Buffer.from(JSON.stringify(value))
  const hash = sha256Hex(bytes)
  BUFFERS.set(hash, bytes)
  return hash
}

BUFFERS.set(BASIC.hash, Buffer.from(JSON.stringify(BASIC)))
const RULE_SET = kept({
  profile: kept(townProfile()),
  packs: [{ id: BASIC.id, hash: BASIC.hash }],
})

const opened: Evaluator[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map(async (pool) => pool.close()))
})

function poolOf(options: Partial<PoolOptions>): Evaluator {
  const pool = openPool({
    workers: 1,
    timeBudgetMs: 4_000,
    content: (hash) => {
      const bytes = BUFFERS.get(hash)
      if (bytes === undefined) throw new Error(`no content ${hash}`)
      return bytes
    },
    ...options,
  })
  if (pool === undefined) throw new Error('no pool')
  opened.push(pool)
  return pool
}

function jobOf(person: string, change: Partial<SplitJob> = {}): SplitJob {
  const document = { ...billOf(person, 'V', 300), hospital: { id: 'H' }, policies: [] }
  return {
    ruleSet: RULE_SET,
    suspended: [],
    document,
    day: 19_884,
    counters: [],
    ...change,
  }
}

async function evaluateAll(pool: Evaluator, persons: readonly string[]): Promise<SplitOutcome[]> {
  return Promise.all(persons.map(async (person) => pool.evaluate(jobOf(person))))
}

const PERSONS = Array.from({ length: 12 }, (_, index) => `A${index}`)

test.each<[Fault['what'], string]>([
  ['throw', 'defect'],
  ['exit', 'died'],
  ['hang', 'hung'],
])('%s on one bill of a batch fails that bill only: %s, with its pack', async (what, why) => {
  const pool = poolOf({ faults: [{ what, person: 'A5' }] })
  const outcomes = await evaluateAll(pool, PERSONS.slice(0, 6))
  expect(outcomes.map(({ kind }) => kind)).toEqual([
    ...Array<string>(5).fill('evaluated'),
    'failed',
  ])
  expect(outcomes[5]).toEqual({ kind: 'failed', why, pack: BASIC.hash })
  const held = await pool.evaluate(jobOf('A5', { suspended: [BASIC.hash] }))
  expect(held).toMatchObject({ kind: 'refused', problems: [{ code: 'PAYER_SUSPENDED' }] })
  expect((await pool.evaluate(jobOf('A0'))).kind).toBe('evaluated')
})

test('a refusal comes back as it was made', async () => {
  const pool = poolOf({})
  const { document } = jobOf('A0')
  const outcome = await pool.evaluate(jobOf('A0', { document: { ...document, lines: [] } }))
  expect(outcome).toMatchObject({ kind: 'refused', problems: [{ code: 'BILL_EMPTY' }] })
})

test('contents that cannot be read, and a closed pool, leave the bill to the writer', async () => {
  const errors: unknown[] = []
  const pool = poolOf({ onError: (error) => errors.push(error) })
  expect(await pool.evaluate(jobOf('A0', { ruleSet: 'f'.repeat(64) }))).toEqual({
    kind: 'unavailable',
  })
  expect(errors).toHaveLength(1)
  expect((await pool.evaluate(jobOf('A0'))).kind).toBe('evaluated')
  const last = evaluateAll(pool, PERSONS)
  await pool.close()
  expect((await last).map(({ kind }) => kind)).toEqual(PERSONS.map(() => 'evaluated'))
  expect(await pool.evaluate(jobOf('A0'))).toEqual({ kind: 'unavailable' })
})

test.each<Fault['what']>(['exit', 'hang'])(
  'where the system has no thread to replace one ended by %s, bills are left to the writer',
  async (what) => {
    const errors: unknown[] = []
    const faults: readonly Fault[] = [{ what, person: 'A5' }]
    const pool = poolOf({ faults, onError: (error) => errors.push(error) })
    expect((await pool.evaluate(jobOf('A0'))).kind).toBe('evaluated')
    await outOfThreads(async () => {
      expect(await pool.evaluate(jobOf('A5'))).toEqual({ kind: 'unavailable' })
      expect(await pool.evaluate(jobOf('A0'))).toEqual({ kind: 'unavailable' })
    })
    expect(errors).toHaveLength(2)
    for (const error of errors) expect(error).toMatchObject({ cause: NO_THREAD })
    expect((await pool.evaluate(jobOf('A0'))).kind).toBe('evaluated')
  },
)
