import { describe, expect, test } from 'vitest'
import { defaultProfile } from '../../src/cases/default-profile.ts'
import { runPackCases } from '../../src/cases/pack-cases.ts'
import { formatEpochDay } from '../../src/catalog/epoch-day.ts'
import { describeProblem } from '../../src/errors/problem.ts'
import { readPublishedRules } from './rules.ts'

/** Every version of every pack in rules/ carries cases, and pays what they say. */
describe('embedded cases', () => {
  const versions = [...readPublishedRules().packs.values()].flat()

  test.each(
    versions.map((compiled) => {
      const { id, effective } = compiled.pack
      return { name: `${id} from ${formatEpochDay(effective.from)}`, compiled }
    }),
  )('$name', ({ compiled }) => {
    const outcomes = runPackCases(compiled, defaultProfile())
    expect(outcomes).not.toEqual([])
    const problems = outcomes.flatMap(({ name, problems: found }) =>
      found.map((item) => `${name}: ${describeProblem(item, 'en')}`),
    )
    expect(problems).toEqual([])
  })
})
