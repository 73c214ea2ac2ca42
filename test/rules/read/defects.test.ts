import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readPacks } from '../../../src/rules/read/read-packs.ts'

const folder = new URL('../defects/', import.meta.url)
const files = readdirSync(folder)

const LISTS: Readonly<Record<string, string>> = {
  'codes.csv': 'code,name\r\nA1,"a, one"\r\n',
  'broken.csv': 'code,name\nA1,"open\n',
  'empty.csv': 'code\n',
}

test('each defect has a file', () => {
  expect(files.length).toBeGreaterThan(55)
})

/** The first line of each file says its code, line, column and path. */
test.each(files)('%s gives exactly its code at its place', (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8')
  const expected = /^# (\w+) (\d+):(\d+) (\S.*)\n/.exec(text)
  expect(expected).not.toBeNull()
  const read = readPacks(text, name, (path) => LISTS[path])
  const problems = read.ok ? [] : read.problems
  expect(
    problems.map(({ code, line, column, where, file }) => [code, line, column, where, file]),
  ).toEqual([[expected?.[1], Number(expected?.[2]), Number(expected?.[3]), expected?.[4], name]])
})
