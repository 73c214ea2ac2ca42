import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseCatalogRows } from '../../src/catalog/parse-rows.ts'
import { readPackFiles } from '../../src/files/pack-files.ts'
import { run } from '../cli/run.ts'
import { attackBill } from './bill-attack.ts'
import { billSeeds } from './bill-seeds.ts'
import { Chance } from './chance.ts'
import { attackPack, packSeeds } from './pack-attack.ts'
import { HOSTILE_PACKS, packText } from './hostile-packs.ts'
import { readPacks } from '../../src/rules/read/read-packs.ts'
import { assembleVersions } from '../../src/rules/read/assemble.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import { harmless } from '../../src/cli/render/harmless.ts'
import type { Problem, Result } from '../../src/errors/problem.ts'
import { billTree, PROFILE } from '../protocol/documents.ts'
import { readBillDocument } from '../../src/protocol/bill-document.ts'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** The long run is `npm run soak:hostile`. */
describe('mutants of what settles, with a fixed seed', () => {
  test('of bills settle or are refused', { timeout: 60_000 }, () => {
    const [chance, seeds] = [new Chance(2), billSeeds(ROOT)]
    for (let made = 0; made < 1_500; made += 1) {
      const { faults, input } = attackBill(seeds, chance)
      expect(faults, JSON.stringify(input)).toEqual([])
    }
  })

  test('of packs read or are refused at a line and column', { timeout: 60_000 }, () => {
    const [chance, seeds] = [new Chance(2), packSeeds(ROOT)]
    for (let made = 0; made < 150; made += 1) {
      const { faults, input } = attackPack(seeds, chance)
      expect(faults, JSON.stringify(input)).toEqual([])
    }
  })
})

function problemsOf(result: Result<unknown>): readonly Problem[] {
  return result.ok ? [] : result.problems
}

function problemsInText(text: string, list?: string): readonly Problem[] {
  const read = readPacks(text, 'hostile.yaml', () => list)
  if (!read.ok) return read.problems
  const versions = assembleVersions(read.value.packs, read.value.amendments)
  if (!versions.ok) return versions.problems
  return versions.value.flatMap((pack) => problemsOf(compilePack(pack)))
}

/** Each of these took minutes, the whole memory, or the stack. */
describe('packs that would never end are refused soon', () => {
  test.each(HOSTILE_PACKS)('$name', { timeout: 20_000 }, ({ text, code }) => {
    expect(problemsInText(text()).map((item) => item.code)).toContain(code)
  })

  test('a quoted field of megabytes in a list is read', async () => {
    const text = packText({ more: 'lists: { l: { file: a.csv, column: code } }' })
    const csv = `code,name\n"${'x'.repeat(12_000_000)}",y\n"a ""b""",c\n`
    expect(problemsInText(text, csv)).toEqual([])
    expect(problemsInText(text, `${csv}"open`)).toMatchObject([
      { code: 'PACK_LIST_FILE_MALFORMED' },
    ])
  })

  test('a notice cannot make a formula large that was small', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `p${index}`)
    const before = names.map((name) => `  ${name}: 1%`).join('\n')
    const after = names
      .slice(1)
      .map((name, index) => `  ${name}: { add: [$p${index}, $p${index}] }`)
      .join('\n')
    const notice = `amends: x/y\neffective: { from: 2024-01-01 }\nsource: s\nparameters:\n${after}`
    const text = `${packText({ more: `parameters:\n${before}`, rate: '$p11' })}\n---\n${notice}`
    expect(problemsInText(text)).toMatchObject([{ code: 'PACK_FORMULA_TOO_LARGE', line: 22 }])
  })
})

test('a catalogue with more wrong columns than a call has arguments is refused', async () => {
  const columns = Array.from({ length: 300_000 }, (_, index) => `c${index}`)
  const found = problemsOf(parseCatalogRows({ columns, records: [], firstRow: 2 }, {}))
  expect(found.at(0)?.code).toBe('CATALOG_COLUMN_UNKNOWN')
  expect(found.at(-1)?.code).toBe('CATALOG_PROBLEMS_CUT')
})

test('a number of days that no amount can be multiplied by is refused', async () => {
  const visit = { id: 'V', kind: 'inpatient', start: '2023-03-01', end: '2023-03-10' }
  const tree = billTree({ visit: { ...visit, days: '9007199254740991' } })
  const found = problemsOf(readBillDocument(tree, PROFILE))
  expect(found).toMatchObject([{ code: 'FACT_TOO_LARGE', where: 'visit.days' }])
})

describe('files', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'qingfen-hostile-'))
    mkdirSync(join(folder, 'packs/inner'), { recursive: true })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('a linked pack is read, and links in a circle end', async () => {
    writeFileSync(join(folder, 'real.yaml'), packText({}))
    symlinkSync(join(folder, 'real.yaml'), join(folder, 'packs/linked.yaml'))
    symlinkSync('..', join(folder, 'packs/inner/up'))
    const read = readPackFiles(join(folder, 'packs'))
    expect(read.ok && read.value.packs.map(({ id }) => id)).toEqual(['x/y'])
  })

  test('a link that leads nowhere is refused by name', async () => {
    const path = join(folder, 'packs/broken.yaml')
    symlinkSync('/does/not/exist', path)
    const found = problemsOf(readPackFiles(join(folder, 'packs')))
    expect(found).toMatchObject([{ code: 'PACK_FILE_UNREADABLE', details: { file: path } }])
    rmSync(path)
  })

  test('a list that links out of the folder of its pack is not read', async () => {
    const path = join(folder, 'packs/inner/outside.yaml')
    writeFileSync(path, packText({ more: 'lists: { l: { file: codes.txt } }' }))
    writeFileSync(join(folder, 'secret.txt'), 'secret')
    symlinkSync(join(folder, 'secret.txt'), join(folder, 'packs/inner/codes.txt'))
    expect(problemsOf(readPackFiles(path))).toMatchObject([{ code: 'PACK_LIST_PATH' }])
  })

  test.runIf(process.platform === 'linux')('a device without end is refused', async () => {
    const bill = await run('adjudicate', '/dev/zero', '--packs', join(ROOT, 'rules/wuxi'), '--json')
    expect(bill.printed).toContain('TEXT_TOO_LARGE')
    expect((await run('pack', 'show', '/dev/zero')).complained).toContain('PACK_TOO_LARGE')
  })
})

describe('command line', () => {
  test.each([
    [['adjudicate', 'bill.json', '--json']],
    [['adjudicate', 'bill.json', '--format', 'json']],
    [['pack', 'check', '--json']],
    [['pack', 'show', '.', '--json', '--bogus']],
    [['--json']],
  ])('%j is not understood and says so as JSON', async (args) => {
    const { code, printed } = await run(...args)
    expect(code).toBe(2)
    expect(JSON.parse(printed)).toMatchObject({ problems: [{ code: 'CLI_USAGE' }] })
  })

  test('what a terminal would obey is written out, and JSON stays the same data', async () => {
    const text = 'a\u001b[31m\u009b\u202eb\r\n\tc\u0007'
    expect(harmless(text)).toBe('a\\u001b[31m\\u009b\\u202eb\\u000d\n\tc\\u0007')
    const json = JSON.stringify({ text }, null, 2)
    expect(JSON.parse(harmless(json))).toEqual({ text })
  })
})
