import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ERROR_TRAITS } from '../../src/errors/codes.ts'
import type { ErrorTrait } from '../../src/errors/trait.ts'

const GATE = fileURLToPath(import.meta.url)
const ROOT = dirname(dirname(dirname(GATE)))

const TRAITS: readonly (readonly [string, ErrorTrait])[] = Object.entries(ERROR_TRAITS)

/** Every word of the files that `isMeant` holds for, of the folders `below`; files that are not yet committed count too. */
function wordsOf(
  below: readonly string[],
  isMeant: (path: string) => boolean,
): ReadonlySet<string> {
  const listed = execFileSync(
    'git',
    ['ls-files', '-co', '--exclude-standard', '-z', '--', ...below],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  )
  const words = new Set<string>()
  for (const path of listed.split('\0')) {
    if (path === '' || !isMeant(path)) continue
    for (const [word] of readFileSync(join(ROOT, path), 'utf8').matchAll(/\b[A-Z][A-Z0-9_]+\b/g)) {
      words.add(word)
    }
  }
  return words
}

function codesWithout(words: ReadonlySet<string>, isRetired: boolean): readonly string[] {
  return TRAITS.filter(
    ([code, { retired = false }]) => retired === isRetired && !words.has(code),
  ).map(([code]) => code)
}

/** Tests, packs with cases or a defect, recorded answers. Helpers name codes too, the oracle for one, and provoke none. */
const PROVOKES = /\.(?:test\.ts|ya?ml|snap)$|^test\/store\/store-contract\.ts$/

/** What the documents are made from names every code and provokes none. */
const NO_TEST = /^test\/docs\//

test('every code of the table is named by a test that provokes it', () => {
  const named = wordsOf(
    ['test', 'rules'],
    (path) => PROVOKES.test(path) && !NO_TEST.test(path) && join(ROOT, path) !== GATE,
  )
  expect(codesWithout(named, false)).toEqual([])
})

test('every code of the table is given somewhere, but for retired ones', () => {
  const given = wordsOf(['src'], (path) => !/^src\/errors\/[\w-]+-codes\.ts$/.test(path))
  expect(codesWithout(given, false)).toEqual([])
  const retired = TRAITS.flatMap(([code, trait]) => (trait.retired === true ? [code] : []))
  expect(codesWithout(given, true)).toEqual(retired)
})

test('no two codes have one number', () => {
  const numbers = TRAITS.map(([, { wire }]) => wire)
  expect(numbers.filter((wire, index) => numbers.indexOf(wire) < index)).toEqual([])
})
