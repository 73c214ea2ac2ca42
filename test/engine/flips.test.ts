import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { builtProgram } from '../built-program.ts'
import { AskedChild } from '../store/asked-child.ts'
import { Child } from '../store/child.ts'
import { seededChance } from '../store/chance.ts'
import { given } from '../store/places.ts'
import { writeSmallHistory } from './flips/small-history.ts'

const FLIPS = 1_000
/** Beside them, in the pages from which everything else is found. */
const META_FLIPS = 60
const META_BYTES = [0, 4096].map((from) => ({ from, length: 160 }))
const SEED = 20_260
const SMALL_MAP = { mapSizeBytes: 2 ** 26 }
/** Each a process of its own; a copy that takes one down counts as found, and the process is started again. */
const WORKERS = 2

let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qingfen-flips-'))
  const written = given(await openLedgerStore(join(folder, 'written'), SMALL_MAP))
  await writeSmallHistory(written)
  // A copy has few free pages, so that most flips hit something.
  await written.backup(join(folder, 'ledger'))
  await written.close()
  const store = given(await openLedgerStore(join(folder, 'ledger'), SMALL_MAP))
  // Both meta pages then lead to the same rows, so that no flip brings an earlier state back.
  await store.commit([])
  await store.commit([])
  await store.close()
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Verifies copies in turn, in a folder of its own. */
function flipVerifier(name: string): AskedChild {
  const copies = join(folder, name)
  return new AskedChild(() => {
    rmSync(copies, { recursive: true, force: true })
    mkdirSync(copies)
    const file = join(folder, 'ledger', 'data.mdb')
    const program = builtProgram('test/engine/flips/children/flip-verifier')
    return new Child(process.execPath, [program, copies, file])
  })
}

test(`of ${FLIPS} flipped bits each is found, or no key and no value has it`, async () => {
  const size = readFileSync(join(folder, 'ledger', 'data.mdb')).length
  const chance = seededChance(SEED)
  const draw = (bound: number) => Math.floor(chance() * bound)
  const flips = Array.from({ length: FLIPS }, () => [draw(size), draw(8)] as const)
  for (const { from, length } of META_BYTES) {
    const more = Array.from(
      { length: META_FLIPS / 2 },
      () => [from + draw(length), draw(8)] as const,
    )
    flips.push(...more)
  }
  const verdicts = new Map<string, string>()
  let next = 0
  const work = async (name: string) => {
    const verifier = flipVerifier(name)
    for (let flip = flips[next++]; flip !== undefined; flip = flips[next++]) {
      verdicts.set(flip.join(' '), await verifier.ask(flip.join(' ')))
    }
    await verifier.stop()
  }
  await Promise.all(Array.from({ length: WORKERS }, async (_, index) => work(`copies-${index}`)))
  const counts = new Map<string, number>()
  for (const verdict of verdicts.values()) counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
  process.stdout.write(`seed ${SEED}, ${size} bytes: ${JSON.stringify([...counts])}\n`)
  const missed = [...verdicts].filter(([, verdict]) => !/^(found .+|free)$/.test(verdict))
  expect(missed).toEqual([])
  expect(counts.get('free') ?? 0).toBeLessThan(FLIPS)
})
