import { afterAll, beforeAll, expect, test } from 'vitest'
import { PackCheckPool } from '../../../src/workers/pack-check-pool.ts'
import { acmeText } from './grants.ts'
import { HOSTILE, table } from './hostile-packs.ts'
import { readPacks } from '../../../src/rules/read/read-packs.ts'
import { PackTown, uploadOf } from './pack-town.ts'
import { accepted } from '../../conformance/rules.ts'
import { townProfile } from '../../workers/town.ts'

let town: PackTown

beforeAll(async () => {
  town = await PackTown.open()
})

afterAll(async () => {
  await town.close()
})

const HASH = '0'.repeat(64)

/** A thread that was stopped begins anew for the next pack, which a busy machine takes its time for. */
const TIMEOUT = 60_000

/** The hash that an upload of the text has to name, if it can be read at all. */
function hashOf(text: string): string {
  if (text.length > 100_000) return HASH
  const read = readPacks(text, 'pack.yaml', () => undefined)
  return (read.ok ? read.value.packs[0]?.hash : undefined) ?? HASH
}

test.each(HOSTILE.map(([what, text, codes, lists = {}]) => [what, text, codes, lists] as const))(
  '%s is refused, and settling goes on',
  async (_, text, codes, lists) => {
    const command = town.acme.sign(uploadOf(hashOf(text)))
    const upload = town.upload(command, text, 'acme', lists)
    let refused: readonly string[] | undefined
    void upload.then((answer) => {
      refused = answer.codes
    })
    let settled = 0
    while (refused === undefined) {
      expect(await town.settle(`A${settled % 20}`)).toEqual([])
      settled += 1
      await nextTurn()
    }
    expect(settled).toBeGreaterThan(0)
    expect(refused).toEqual(codes)
    expect(town.engine.rulesState('town')?.packs).toHaveLength(1)
  },
  TIMEOUT,
)

async function nextTurn(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
}

const TEXTS = { 'pack.yaml': acmeText() }

test(
  'what takes too long is stopped, and the next pack is looked at',
  async () => {
    // No machine reads the largest upload in that time; to try a pack it has as long as on any day.
    const checks = new PackCheckPool({ readMs: 1 })
    const slow = { 'pack.yaml': acmeText({ rate: table(4_900) }) }
    const [pack] = accepted(
      readPacks(acmeText(), 'pack.yaml', () => undefined),
      'read',
    ).packs
    if (pack === undefined) throw new Error('no pack')
    const trial = { packs: [pack], beside: [], profile: townProfile(), search: false }
    const [stopped, tried] = await Promise.all([checks.read(slow), checks.try(trial)])
    expect(stopped.ok ? '' : stopped.problems[0]?.code).toBe('PACK_CHECK_TOO_COSTLY')
    expect(accepted(tried, 'try').errors).toEqual([])
    await checks.close()
  },
  TIMEOUT,
)

test(
  'no more packs wait than may',
  async () => {
    const checks = new PackCheckPool({ waitingMax: 2 })
    const all = await Promise.all([1, 2, 3].map(async () => checks.read(TEXTS)))
    expect(all.map((one) => (one.ok ? '' : one.problems[0]?.code))).toEqual([
      '',
      '',
      'PACK_CHECK_BUSY',
    ])
    await checks.close()
  },
  TIMEOUT,
)

test(
  'what is looked at when the server stops is refused, and later packs are looked at',
  async () => {
    const checks = new PackCheckPool()
    const reading = [checks.read(TEXTS), checks.read(TEXTS)]
    await nextTurn()
    await checks.close()
    const stopped = await Promise.all(reading)
    expect(stopped.map((one) => (one.ok ? '' : one.problems[0]?.code))).toEqual([
      'ENGINE_STOPPING',
      'ENGINE_STOPPING',
    ])
    expect((await checks.read(TEXTS)).ok).toBe(true)
    await checks.close()
  },
  TIMEOUT,
)
