import { expect, test } from 'vitest'
import { adviseProblem, describeProblem } from '../../../src/errors/problem.ts'
import { PACK_CODES } from '../../../src/errors/pack-codes.ts'
import { readFileSync, readdirSync } from 'node:fs'
import { readPacks } from '../../../src/rules/read/read-packs.ts'

const folder = new URL('../defects/', import.meta.url)

test('every problem says what and what to do, in both languages, with nothing left to fill in', () => {
  const sentences = readdirSync(folder).flatMap((name) => {
    const read = readPacks(readFileSync(new URL(name, folder), 'utf8'), name, () => 'code\nA\n')
    const problems = read.ok ? [] : read.problems
    return problems.flatMap((found) =>
      (['zh', 'en'] as const).flatMap((language) => [
        describeProblem(found, language),
        adviseProblem(found, language),
      ]),
    )
  })
  expect(sentences.length).toBeGreaterThan(200)
  const holes = /\{\w+(?:Zh|En)?\}/
  expect(sentences.filter((sentence) => holes.test(sentence))).toEqual([])
})

test('an unknown word names the nearest known one', () => {
  const text = readFileSync(new URL('wrong-kind.yaml', folder), 'utf8')
  const read = readPacks(text, 'x.yaml', () => undefined)
  const [found] = read.ok ? [] : read.problems
  expect(found && adviseProblem(found, 'en')).toMatch(/^did you mean "commercial"\?/)
})

test('wire numbers of packs are unique and in their range', () => {
  const numbers = Object.values(PACK_CODES).map((trait) => trait.wire)
  expect(new Set(numbers).size).toBe(numbers.length)
  expect(numbers.filter((wire) => wire < 300 || wire > 399)).toEqual([])
})
