import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { readPackFiles } from '../../../src/files/pack-files.ts'
import { packText } from './one-pack.ts'

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'packs-'))
  folders.push(folder)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

const PACK = packText(
  'base: [inScope]\nrate: $rate\nlines: inList(line.code, "drugs")',
  'parameters: { rate: 80% }\nlists: { drugs: { file: lists/drugs.csv, column: code } }',
)
const NOTICE =
  'amends: demo/one\neffective: { from: 2024-01-01 }\nsource: 通知\nparameters: { rate: 85% }\n'

test('a folder gives every version, its lists read beside each pack', () => {
  const folder = folderWith({
    'a/2024.yaml': NOTICE,
    'a/2023.yaml': PACK,
    'a/lists/drugs.csv': 'code\nX1\nX2\n',
    'profile.yml': 'profile: demo\nsource: 示例\neffective: { from: 2023-01-01 }\n',
    'pack.schema.json': '{}',
    '.hidden.yaml': 'nonsense',
    'notes.txt': 'nonsense',
  })
  const read = readPackFiles(folder)
  expect(read).toMatchObject({
    ok: true,
    value: {
      packs: [
        { effective: { from: 19358 }, lists: [{ items: ['X1', 'X2'] }] },
        { effective: { from: 19723 }, parameters: { rate: { num: 17, den: 20 } } },
      ],
      profiles: [{ id: 'demo' }],
    },
  })
})

test.each<[string, Readonly<Record<string, string | Uint8Array>>, string, string]>([
  ['without a list', { 'a/x.yaml': PACK }, 'PACK_LIST_FILE_MISSING', join('a', 'x.yaml')],
  ['that is not UTF-8', { 'x.yaml': Uint8Array.of(0x61, 0xff) }, 'PACK_NOT_UTF8', 'x.yaml'],
  ['past the limit', { 'x.json': ' '.repeat(4 * 1024 * 1024 + 1) }, 'PACK_TOO_LARGE', 'x.json'],
])('a file %s is refused by name', (_, files, code, file) => {
  const read = readPackFiles(folderWith(files))
  const problems = read.ok ? [] : read.problems
  expect(problems.map((found) => [found.code, found.file])).toEqual([[code, file]])
})

test('a folder without packs and a path without anything are refused', () => {
  const folder = folderWith({ 'notes.txt': '' })
  const codes = [folder, join(folder, 'absent')].map((path) => {
    const read = readPackFiles(path)
    return read.ok ? [] : read.problems.map((found) => found.code)
  })
  expect(codes).toEqual([['PACK_FOLDER_EMPTY'], ['PACK_FILE_UNREADABLE']])
})
