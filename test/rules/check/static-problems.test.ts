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
