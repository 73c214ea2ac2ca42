import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  loadCatalogManifests,
  loadCompiledCatalog,
  saveCompiledCatalog,
} from '../../src/files/catalog-files.ts'
import { day, problemsOf, valueOf } from '../catalog/builders.ts'

const HEADER = 'med_list_codg,med_list_name,chrgitm_lv,med_chrgitm_type,selfpay_prop'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qingfen-catalog-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** A manifest over two files, the second of which is `second`. */
function writeCatalog(second: string): string {
  write('drugs.csv', `${HEADER}\nX1,甲药,01,09,0\n`)
  write('items.json', second)
  const manifest = {
    catalog: 'test/one',
    title: '测试',
    source: '测试',
    files: ['drugs.csv', 'items.json'],
    insu_admdvs: '310000',
    begndate: '2024-01-01',
  }
  return write('catalog.json', JSON.stringify(manifest))
}

const ITEM = {
  med_list_codg: 'X2',
  med_list_name: '乙项',
  chrgitm_lv: '02',
  med_chrgitm_type: '05',
}

test('a catalogue of CSV and JSON files is the same after saving and loading its binary', () => {
  const path = writeCatalog(JSON.stringify([{ ...ITEM, selfpay_prop: '0.1' }]))
  const { buffer, catalog } = valueOf(loadCatalogManifests([path]))
  const compiled = join(folder, 'catalog.bin')
  valueOf(saveCompiledCatalog(compiled, buffer))
  const again = valueOf(loadCompiledCatalog(compiled)).catalog
  for (const code of ['X1', 'X2']) {
    const entry = catalog.find('310000', code, day('2024-05-01'))
    expect(entry?.code).toBe(code)
    expect(again.find('310000', code, day('2024-05-01'))).toEqual(entry)
  }
})

test('a wrong row names its file and loads nothing', () => {
  const path = writeCatalog(JSON.stringify([{ ...ITEM, selfpay_prop: '1.5' }]))
  expect(problemsOf(loadCatalogManifests([path]))).toMatchObject([
    { code: 'CATALOG_ROW_MALFORMED', file: join(folder, 'items.json') },
  ])
})

test('files that are not there, or not UTF-8, are refused by name', () => {
  const missing = join(folder, 'nowhere.json')
  expect(problemsOf(loadCatalogManifests([missing]))).toMatchObject([
    { code: 'CATALOG_FILE_UNREADABLE', file: missing },
  ])
  const path = writeCatalog(JSON.stringify([ITEM]))
  writeFileSync(join(folder, 'drugs.csv'), Buffer.from([0x6d, 0xff]))
  expect(problemsOf(loadCatalogManifests([path]))[0]?.code).toBe('CATALOG_FILE_UNREADABLE')
  expect(problemsOf(loadCompiledCatalog(missing))[0]?.code).toBe('CATALOG_FILE_UNREADABLE')
})

test('a binary cut short on disk is refused', () => {
  const { buffer } = valueOf(loadCatalogManifests([writeCatalog(JSON.stringify([ITEM]))]))
  const compiled = join(folder, 'catalog.bin')
  valueOf(saveCompiledCatalog(compiled, buffer))
  truncateSync(compiled, readFileSync(compiled).length - 3)
  expect(problemsOf(loadCompiledCatalog(compiled))).toMatchObject([
    { code: 'CATALOG_BINARY_TRUNCATED', file: compiled },
  ])
})
