import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../../src/rules/read/hash.ts'
import { readPacks } from '../../../src/rules/read/read-packs.ts'
import { readSourceTree } from '../../../src/rules/read/source-tree.ts'
import { entriesOf, itemsOf, type SourceNode } from '../../../src/rules/read/source-node.ts'
import { packText, readOnePack } from './one-pack.ts'

const text = readFileSync(new URL('sample-packs.yaml', import.meta.url), 'utf8')

/** The document as JSON, its maps in the order that `order` gives, numbers digit for digit. */
function printJson(
  node: SourceNode,
  order: (keys: readonly string[]) => readonly string[],
): string {
  if (node.kind === 'scalar') return node.type === 'text' ? JSON.stringify(node.text) : node.text
  if (node.kind === 'list')
    return `[${itemsOf(node)
      .map((item) => printJson(item, order))
      .join()}]`
  const values = new Map(entriesOf(node).map(({ key, value }) => [key, value] as const))
  const members = order([...values.keys()]).flatMap((key) => {
    const value = values.get(key)
    return value === undefined ? [] : [`${JSON.stringify(key)}: ${printJson(value, order)}`]
  })
  return `{${members.join()}}`
}

test('the same pack as YAML or JSON, its keys in any order, in any file, has one hash', () => {
  const trees = readSourceTree(text, 'x.yaml')
  const read = readPacks(text, 'x.yaml', () => undefined)
  const expected = read.ok ? read.value.packs.map((pack) => pack.hash) : []
  expect(new Set(expected).size).toBe(2)
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const order = (keys: readonly string[]) =>
        keys.toSorted((a, b) => ((a.length * 7 + seed) % 5) - ((b.length * 7 + seed) % 5))
      const hashes = (trees.ok ? trees.value : []).flatMap((tree) => {
        const again = readPacks(printJson(tree, order), `${seed}.json`, () => undefined)
        return again.ok ? again.value.packs.map((pack) => pack.hash) : ['refused']
      })
      expect(hashes).toEqual(expected)
    }),
    { numRuns: 20 },
  )
})

test('comments and layout do not change the hash; a fen, a clause or a case does', () => {
  const base = packText('base: [inScope]\nrate: 80%\ndeductible: 800.00')
  const { hash } = readOnePack(base)
  expect(
    readOnePack(`# a note\n${base.replace('[inScope]', '\n      - inScope  # all')}`).hash,
  ).toBe(hash)
  const changes = [
    ['800.00', '800.01'],
    ['第一条', '第二条'],
    ['80%', '81%'],
    ['2023-01-01', '2023-01-02'],
  ] as const
  const others = changes.map(([from, to]) => readOnePack(base.replace(from, to)).hash)
  expect(new Set([hash, ...others]).size).toBe(5)
})

test('items of a list file count', () => {
  const top = 'lists: { drugs: { file: drugs.csv, column: code } }'
  const pack = packText('base: [inScope]\nrate: 80%', top)
  const hashes = ['code\nA\nB\n', 'name,code\r\nx,A\r\n"y, z",B\r\n', 'code\nA\nC\n'].map((csv) => {
    const read = readPacks(pack, 'x.yaml', () => csv)
    return read.ok ? read.value.packs[0]?.hash : 'refused'
  })
  expect(hashes[0]).toBe(hashes[1])
  expect(hashes[0]).not.toBe(hashes[2])
})

test('canonical JSON reads back as the same data', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const printed = canonicalJson(value)
      expect(canonicalJson(JSON.parse(printed))).toBe(printed)
      expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})
