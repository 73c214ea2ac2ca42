import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { checkPath, searchPath, type Shown } from '../../src/cli/check-packs.ts'
import { widthOf } from '../../src/cli/render/columns.ts'
import { CHECK_CODES } from '../../src/errors/check-codes.ts'
import type { Problem } from '../../src/errors/problem.ts'
import { run } from './run.ts'

const folders = ['../checking/defects/', '../rules/check/defects/'].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
)
const files = folders.flatMap((folder) => readdirSync(folder).map((name) => folder + name))
const scratch = mkdtempSync(join(tmpdir(), 'qingfen-check-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** Code, path, line and column that the first line of a defective pack names. */
function expected(path: string): readonly string[] {
  const heading = /^# (\w+) (\S+) (\d+):(\d+)\n/.exec(readFileSync(path, 'utf8'))
  return heading?.slice(1) ?? []
}

/** What the command finds, before it is printed. */
function found(path: string): { readonly errors: readonly Problem[]; notes: readonly Problem[] } {
  const checked = checkPath(path)
  const searched = checked.problems.length === 0 ? searchPath(checked) : []
  const shown = (list: readonly Shown[]) => list.map(({ problem }) => problem)
  return {
    errors: [...checked.problems, ...searched.flatMap(({ errors }) => shown(errors))],
    notes: searched.flatMap(({ notes }) => shown(notes)),
  }
}

test.each(files)('%s is refused at its line and column', async (path) => {
  const { errors, notes } = found(path)
  const [code = '', where, line, column] = expected(path)
  expect([...errors, ...notes]).toMatchObject([
    { code, where, file: path, line: Number(line), column: Number(column) },
  ])
  expect(notes.map((note) => note.code)).toEqual(NOTES.includes(code) ? [code] : [])
})

const NOTES = ['CHECK_COVER_GAP', 'CHECK_PROMISES_EXCEED_COST', 'CHECK_BENEFIT_NOT_PAID']

test.each([
  ['two-basic-packs.yaml', 1],
  ['year-without-cover.yaml', 0],
])('%s ends with exit code %i', async (name, code) => {
  expect((await run('pack', 'check', `${folders[0]}${name}`, '--json')).code).toBe(code)
})

test('a defective pack stands for every code of the checker', async () => {
  const provoked = new Set(files.map((path) => expected(path)[0]))
  for (const ofTables of ['TABLE_GAP', 'TABLE_OVERLAP']) provoked.delete(ofTables)
  expect(provoked).toEqual(new Set(Object.keys(CHECK_CODES)))
})

test('the answer fits 100 columns and says what was tried, what is wrong and a bill that shows it', async () => {
  const { code, complained, printed } = await run(
    'pack',
    'check',
    `${folders[0]}aid-lost-to-the-fund.yaml`,
  )
  expect(code).toBe(1)
  expect(complained).toContain('CHECK_PAYS_LESS_WHEN_MORE benefits[0]')
  expect(complained).toContain('例如 for example: 2023-01-01, person.identities = 低保')
  expect(printed).toContain('未通过：2 个政策包版本，0 个统筹区配置，1 处错误，0 条提示')
  expect(printed).toContain('not passed: 2 versions of packs, 0 profiles, 1 error, 0 notes')
  const lines = `${complained}\n${printed}`.split('\n').filter((line) => !line.includes('/'))
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(101)
})

test('a note does not fail the check', async () => {
  const { code, complained, printed } = await run('pack', 'check', 'rules/nanchang', '--lang', 'en')
  expect(code).toBe(0)
  expect(complained).toBe('')
  expect(printed).toContain('passed: 3 versions of packs, 1 profile, no errors, 1 note')
  expect(printed).toContain('note CHECK_PROMISES_EXCEED_COST')
})

test('the bill of a finding can be settled as it stands', async () => {
  const [note] = searchPath(checkPath('rules/nanchang')).flatMap(({ notes }) => notes)
  const bill = join(scratch, 'bill.json')
  writeFileSync(bill, JSON.stringify(note?.bill))
  expect(await run('adjudicate', bill, '--packs', 'rules/nanchang')).toMatchObject({ code: 0 })
})

test('folders with several profiles are searched jurisdiction by jurisdiction', async () => {
  const city = (name: string, rate: string) => `profile: ${name}
title: ${name}
source: 示例
effective: { from: 2023-01-01 }
---
pack: ${name}/resident
kind: basic
payer: { id: ${name}-fund }
effective: { from: 2023-01-01 }
source: 示例
benefits: [{ id: inpatient, clause: 第一条, base: [inScope], rate: ${rate} }]
`
  const folder = join(scratch, 'cities')
  mkdirSync(folder)
  writeFileSync(join(folder, 'east.yaml'), city('east', '80%'))
  writeFileSync(join(folder, 'west.yaml'), city('west', '70%'))
  const { code, printed } = await run('pack', 'check', folder, '--json')
  expect(code).toBe(0)
  expect(JSON.parse(printed)).toMatchObject({
    searches: [
      { profile: 'east', versions: 1 },
      { profile: 'west', versions: 1 },
    ],
    problems: [],
    notes: [],
  })
})
