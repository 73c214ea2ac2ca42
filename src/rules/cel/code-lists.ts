import type { CodeList } from '../pack.ts'

/** Whether a code is on a list. */
export type ListTest = (code: string) => boolean

/** Compiled lists of a pack by name. */
export type ListTests = ReadonlyMap<string, ListTest>

export function compileLists(lists: readonly CodeList[]): ListTests {
  return new Map(lists.map((list) => [list.name, compileList(list)]))
}

/** Versions that notices make share the lists of their pack, and a pack is compiled again for each check of it. */
const compiledLists = new WeakMap<CodeList, ListTest>()

function compileList(list: CodeList): ListTest {
  const known = compiledLists.get(list)
  if (known !== undefined) return known
  const test = newListTest(list)
  compiledLists.set(list, test)
  return test
}

function newListTest(list: CodeList): ListTest {
  switch (list.match) {
    case 'exact': {
      const codes = new Set(list.items)
      return (code) => codes.has(code)
    }
    case 'prefix':
      return compilePrefixes(list.items)
  }
}

/**
 * Sorted prefixes without those that a shorter one already covers: then the only one that can begin a code is the
 * last one not above it.
 */
function compilePrefixes(items: readonly string[]): ListTest {
  const prefixes: string[] = []
  for (const item of [...items].sort()) {
    const covering = prefixes.at(-1)
    if (covering === undefined || !item.startsWith(covering)) prefixes.push(item)
  }
  if (prefixes.length <= SHORT_LIST) return beginsWithOneOf(prefixes)
  return remembered((code) => {
    let low = 0
    let high = prefixes.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((prefixes[middle] ?? '') <= code) low = middle + 1
      else high = middle
    }
    const candidate = prefixes[low - 1]
    return candidate !== undefined && code.startsWith(candidate)
  })
}

/** So few prefixes are compared faster than an answer is found. */
const SHORT_LIST = 4

function beginsWithOneOf(prefixes: readonly string[]): ListTest {
  return (code) => {
    for (const prefix of prefixes) if (code.startsWith(prefix)) return true
    return false
  }
}

/** Codes whose answer is kept; the codes in use in a city are some thousands. */
const REMEMBERED_CODES = 16_384

/** A bounded memory of pure answers: comparing texts costs more than finding one. */
function remembered(test: ListTest): ListTest {
  const answers = new Map<string, boolean>()
  return (code) => {
    const known = answers.get(code)
    if (known !== undefined) return known
    if (answers.size >= REMEMBERED_CODES) answers.clear()
    const answer = test(code)
    answers.set(code, answer)
    return answer
  }
}
