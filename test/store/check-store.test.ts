import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { TABLES, type Key } from '../../src/engine/ports.ts'
import { checkStore } from '../../src/store/check-store.ts'
import { crc32, tableCrc32 } from '../../src/store/crc32.ts'
import { LmdbRows } from '../../src/store/lmdb-rows.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { MemoryRows } from '../../src/store/memory-rows.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { openSealed, writeFormat } from '../../src/store/open-sealed.ts'
import type { RowPut, RowStore } from '../../src/store/row-store.ts'
import type { SealedStore } from '../../src/store/sealed-store.ts'
import { sealOf, writeSeal } from '../../src/store/seal.ts'
import { builtProgram } from '../built-program.ts'
import { AskedChild } from './asked-child.ts'
import { seededChance } from './chance.ts'
import { Child } from './child.ts'
import { freshFolder, given } from './places.ts'
import { StoreModel, randomCommit } from './random-commits.ts'
import { rowsDigest } from './rows-digest.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function newFolder(): string {
  const folder = freshFolder()
  folders.push(folder)
  return folder
}

function problemsOf(store: SealedStore): readonly string[] {
  return [...checkStore(store)].flatMap((step) =>
    step.kind === 'problem'
      ? [
          `${step.problem.code} ${step.problem.details['table']} ${step.problem.details['key'] ?? ''}`.trim(),
        ]
      : [],
  )
}

function sealedValue(table: RowPut['table'], key: Key, ...bytes: readonly number[]): Uint8Array {
  const sealed = Buffer.alloc(bytes.length + 4)
  const value = Uint8Array.from(bytes)
  writeSeal(sealed, 0, value, sealOf(table, key, value))
  return sealed
}

describe.each([
  ['memory', () => new MemoryRows()],
  ['lmdb', () => new LmdbRows(newFolder(), { mapSizeBytes: 2 ** 24, reserveBytes: 0 })],
])('what was done to rows behind the back of a store, %s', (_, makeRows: () => RowStore) => {
  async function tampered(...puts: readonly RowPut[]): Promise<SealedStore> {
    const rows = makeRows()
    await writeFormat(rows)
    const first = given(openSealed(rows))
    await first.commit(
      [1, 2, 3].flatMap((number) => [
        { table: 'journal' as const, key: number, value: Uint8Array.of(number, 7) },
        { table: 'holder' as const, key: `person:${number}`, value: Uint8Array.of(number, 8) },
      ]),
    )
    expect(problemsOf(first)).toEqual([])
    await rows.commit(puts)
    return given(openSealed(rows))
  }

  it('a changed value', async () => {
    const value = sealedValue('holder', 'person:2', 2, 8)
    value[0] = 3
    const store = await tampered({ table: 'holder', key: 'person:2', value })
    expect(problemsOf(store)).toEqual(['LEDGER_DAMAGED holder "person:2"'])
    expect(() => store.get('holder', 'person:2')).toThrow(/damaged/)
    expect(() => [...store.range('holder')]).toThrow(/damaged/)
    expect(store.get('holder', 'person:1')).toEqual(Uint8Array.of(1, 8))
  })

  it.each([
    ['a value of another key', sealedValue('holder', 'person:1', 1, 8)],
    ['a value of another table', sealedValue('stay', 'person:2', 2, 8)],
    ['a value without a seal', Uint8Array.of(2, 8)],
    ['nothing', new Uint8Array(0)],
  ])('%s in place of it', async (__, value) => {
    const store = await tampered({ table: 'holder', key: 'person:2', value })
    expect(problemsOf(store)).toContain('LEDGER_DAMAGED holder "person:2"')
    expect(() => store.get('holder', 'person:2')).toThrow(/damaged/)
  })

  it('a lost row', async () => {
    const store = await tampered({ table: 'journal', key: 2, value: undefined })
    expect(problemsOf(store)).toEqual(['LEDGER_ROWS_DIFFER journal'])
  })

  it('an extra row, whole in itself', async () => {
    const value = sealedValue('journal', 9, 1)
    const store = await tampered({ table: 'journal', key: 9, value })
    expect(problemsOf(store)).toEqual(['LEDGER_ROWS_DIFFER journal'])
  })

  it('a row as it was before, whole in itself', async () => {
    const value = sealedValue('holder', 'person:2', 2, 7)
    const store = await tampered({ table: 'holder', key: 'person:2', value })
    expect(problemsOf(store)).toEqual(['LEDGER_ROWS_DIFFER holder'])
  })

  it('a row lost and another one in its place', async () => {
    const store = await tampered(
      { table: 'journal', key: 2, value: undefined },
      { table: 'journal', key: 4, value: sealedValue('journal', 4, 4, 7) },
    )
    expect(problemsOf(store)).toEqual(['LEDGER_ROWS_DIFFER journal'])
  })
})

it('keeps sums through every kind of commit', async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const chance = seededChance(seed)
    const [model, rows] = [new StoreModel(), new MemoryRows()]
    let store = openMemoryStore(rows)
    for (let commit = 0; commit < 20; commit += 1) {
      const puts = randomCommit(model, chance)
      model.apply(puts)
      await store.commit(puts)
      if (chance() < 0.2) {
        await store.close()
        store = openMemoryStore(rows)
      }
    }
    expect(problemsOf(store), `seed ${seed}`).toEqual([])
    expect(model.difference(store), `seed ${seed}`).toBeUndefined()
  }
})

it('says how far it is', () => {
  const steps = [...checkStore(openMemoryStore())]
  expect(steps).toEqual(TABLES.map((table) => ({ kind: 'progress', table, rows: 0, of: 0 })))
})

it('finds every byte that is flipped in a file, but for those outside all keys and values', async () => {
  const seed = 20_261_125
  const chance = seededChance(seed)
  const directory = join(newFolder(), 'ledger')
  const store = given(await openLedgerStore(directory))
  const model = new StoreModel()
  for (let commit = 0; commit < 40; commit += 1) {
    const puts = randomCommit(model, chance)
    model.apply(puts)
    await store.commit(puts)
  }
  const whole = rowsDigest(store)
  await store.close()
  const file = readFileSync(join(directory, 'data.mdb'))
  const program = builtProgram('test/store/children/row-reader')
  const reader = new AskedChild(() => new Child(process.execPath, [program]))
  let [found, free] = [0, 0]
  for (let flip = 0; flip < 250; flip += 1) {
    const at = Math.floor(chance() * file.length)
    const bit = 1 << Math.floor(chance() * 8)
    const flipped = newFolder()
    writeFileSync(join(flipped, 'data.mdb'), flippedBit(file, at, bit))
    const answer = await reader.ask(flipped)
    // What is not found may not differ in anything that can be read.
    if (answer.startsWith('found ')) found += 1
    else {
      expect(answer, `seed ${seed}: bit ${bit} at ${at}`).toBe(whole)
      free += 1
    }
  }
  await reader.stop()
  expect(found).toBeGreaterThan(60)
  expect(free).toBeGreaterThan(20)
})

function flippedBit(file: Buffer, at: number, bit: number): Buffer {
  const flipped = Buffer.from(file)
  flipped[at] = (flipped[at] ?? 0) ^ bit
  return flipped
}

it('has the same checksum with and without zlib', () => {
  const chance = seededChance(3)
  for (let length = 0; length < 300; length += 7) {
    const bytes = new Uint8Array(length).map(() => chance() * 256)
    const before = Math.floor(chance() * 2 ** 32)
    expect(tableCrc32(bytes, before)).toBe(crc32(bytes, before))
  }
  expect(tableCrc32('123456789')).toBe(0xcbf43926)
  expect(tableCrc32('医保 😀', 5)).toBe(crc32('医保 😀', 5))
})
