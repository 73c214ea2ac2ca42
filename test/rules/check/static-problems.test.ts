import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { orderProblems } from '../../../src/rules/check/check-order.ts'
import { staticProblems } from '../../../src/rules/check/static-problems.ts'
import { readPacks } from '../../../src/rules/read/read-packs.ts'

const folder = new URL('./defects/', import.meta.url)
const files = readdirSync(folder)

/** The first line of each file says its code and path. */
test.each(files)('%s gives exactly its code at its place', (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8')
  const expected = /^# (\w+) (\S+) /.exec(text)
  expect(expected).not.toBeNull()
  const read = readPacks(text, name, () => undefined)
  expect(read.ok ? [] : read.problems).toEqual([])
  const { packs, profiles } = read.ok ? read.value : { packs: [], profiles: [] }
  const problems = packs.flatMap((pack) => [
    ...staticProblems(pack, packs),
    ...profiles.flatMap((profile) => orderProblems(pack, profile)),
  ])
  expect(problems.map(({ code, where }) => [code, where])).toEqual([[expected?.[1], expected?.[2]]])
})

test('a pack that would take too long on a large bill is refused', () => {
  const benefits = (count: number) =>
    Array.from({ length: count }, (_, index) => {
      return `  - { id: b${index}, clause: 一, base: [inScope], lines: line.outside, rate: 1% }`
    })
  const found = [10, 100].map((count) => {
    const text = `pack: demo/costly
kind: commercial
payer: { id: demo-pool }
effective: { from: 2023-01-01 }
source: 示例
benefits:
${benefits(count).join('\n')}
`
    const read = readPacks(text, 'costly.yaml', () => undefined)
    expect(read.ok ? [] : read.problems).toEqual([])
    const { packs } = read.ok ? read.value : { packs: [] }
    return packs.flatMap((pack) => staticProblems(pack, packs)).map(({ code }) => code)
  })
  expect(found).toEqual([[], ['PACK_TOO_COSTLY']])
})
