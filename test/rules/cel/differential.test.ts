import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { checkExpression } from '../../../src/rules/cel/check.ts'
import { compileFlag } from '../../../src/rules/cel/closures.ts'
import { compileLists } from '../../../src/rules/cel/code-lists.ts'
import { createEnvironment } from '../../../src/rules/cel/environment.ts'
import type { Reader } from '../../../src/rules/cel/reader.ts'
import { FactMissing, ValueUndefined } from '../../../src/rules/compiled.ts'
import { CORPUS } from './corpus.ts'
import { frameOf, libraryContext, sheets, type Sheets } from './fact-frames.ts'
import { CONDITION } from './generated-expressions.ts'

const LISTS = compileLists([
  { name: 'special', match: 'exact', items: ['XL01AB', '390'] },
  { name: 'cancers', match: 'prefix', items: ['C34', 'C', 'D0', '低'] },
])
const LIBRARY = createEnvironment(LISTS)

function compiled(source: string): Reader<boolean> {
  const checked = checkExpression(
    { source, where: 'here' },
    { lines: true, policy: true, lists: [...LISTS.keys()], result: 'bool' },
  )
  if (!checked.ok) throw new Error(`${source}: ${JSON.stringify(checked.problems)}`)
  const { term } = checked.value
  if (term.type !== 'bool') throw new Error(source)
  return compileFlag(term, { lists: LISTS, where: 'here' })
}

/** What our closure says, or the kind of its refusal. */
function ours(closure: Reader<boolean>, facts: Sheets): boolean | 'missing' | 'undefined' {
  try {
    return closure(frameOf(facts))
  } catch (error) {
    if (error instanceof FactMissing) return 'missing'
    if (error instanceof ValueUndefined) return 'undefined'
    throw error
  }
}

/** What the library says, or that it fails. */
function library(source: string, facts: Sheets): unknown {
  try {
    return LIBRARY.evaluate(source, libraryContext(facts))
  } catch {
    return 'error'
  }
}

describe('closures and the CEL library', () => {
  it.each(CORPUS)('agree on complete facts: %s', (source) => {
    const closure = compiled(source)
    fc.assert(
      fc.property(sheets(true), (facts) => {
        const own = ours(closure, facts)
        expect(own).not.toBe('missing')
        expect(library(source, facts)).toBe(own === 'undefined' ? 'error' : own)
      }),
      { numRuns: 60 },
    )
  })

  it.each(CORPUS)('agree on incomplete facts wherever ours has an answer: %s', (source) => {
    const closure = compiled(source)
    fc.assert(
      fc.property(sheets(false), (facts) => {
        const own = ours(closure, facts)
        if (typeof own === 'boolean') expect(library(source, facts)).toBe(own)
      }),
      { numRuns: 60 },
    )
  })

  it('agree on generated expressions', () => {
    fc.assert(
      fc.property(CONDITION, sheets(true), (source, facts) => {
        const own = ours(compiled(source), facts)
        expect(own).not.toBe('missing')
        if (typeof own === 'boolean') expect(library(source, facts)).toBe(own)
      }),
      { numRuns: 1_000 },
    )
  })
})
