import { expect, test } from 'vitest'
import { parseCatalogManifest } from '../../src/catalog/manifest.ts'
import { day, PERCENT_10, problemsOf, valueOf } from './builders.ts'

const MANIFEST = {
  catalog: 'somewhere/2024',
  title: '某市 2024',
  source: '某市医保局通知',
  files: ['drugs.csv', 'items.json'],
}

test('the defaults of a manifest are read', () => {
  const more = { insu_admdvs: '310000', begndate: '2024-01-01', selfpay_prop: { A: '0', B: '10%' } }
  const manifest = valueOf(parseCatalogManifest(JSON.stringify({ ...MANIFEST, ...more })))
  expect(manifest).toMatchObject({ id: 'somewhere/2024', files: ['drugs.csv', 'items.json'] })
  expect(manifest.defaults).toEqual({
    jurisdiction: '310000',
    effectiveFrom: day('2024-01-01'),
    selfPayRates: { A: { num: 0, den: 1 }, B: PERCENT_10 },
  })
})

test.each([
  ['an unknown key', { begindate: '2024-01-01' }, 'begindate'],
  ['no title', { title: '' }, 'title'],
  ['no files', { files: [] }, 'files'],
  ['a file outside the folder', { files: ['../drugs.csv'] }, 'files'],
  ['a file of another kind', { files: ['drugs.xlsx'] }, 'files'],
  ['a file named twice', { files: ['drugs.csv', 'drugs.csv'] }, 'files'],
  ['a bad date', { begndate: '2024-02-30' }, 'begndate'],
  ['a rate as a number', { selfpay_prop: { B: 0.1 } }, 'selfpay_prop'],
  ['a rate for class C', { selfpay_prop: { C: '1' } }, 'selfpay_prop'],
  ['a rate above 1', { selfpay_prop: { B: '1.1' } }, 'selfpay_prop'],
  ['a jurisdiction as a number', { insu_admdvs: 310000 }, 'insu_admdvs'],
])('%s is refused at its key', (_, change, where) => {
  const problems = problemsOf(parseCatalogManifest(JSON.stringify({ ...MANIFEST, ...change })))
  expect(problems).toMatchObject([{ code: 'CATALOG_MANIFEST_MALFORMED', where }])
})

test('a manifest that is not JSON is refused', () => {
  expect(problemsOf(parseCatalogManifest('catalog: x'))[0]?.code).toBe('CATALOG_FILE_MALFORMED')
})
