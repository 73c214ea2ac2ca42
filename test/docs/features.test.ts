import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { defaultProfile } from '../../src/cases/default-profile.ts'
import { runPackCases } from '../../src/cases/pack-cases.ts'
import { describeProblem } from '../../src/errors/problem.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import { readPacks } from '../../src/rules/read/read-packs.ts'
import { featureExample, FEATURES, OUT_OF_SCOPE, SETTLED_WITH_OTHERS } from './feature-examples.ts'
import { packText } from './snippets.ts'

/** Says what it pays in the document itself. */
const HAS_ITS_OWN_CASES = [74]

interface Trial {
  readonly feature: number
  /** The one benefit that is tried where the example shows several ways. */
  readonly only: string | undefined
  /** The `cases:` as they would stand in the pack. */
  readonly cases: string
}

const TRIALS: readonly Trial[] = readFileSync(new URL('features.yaml', import.meta.url), 'utf8')
  .split(/^---\n/m)
  .map((text) => ({
    feature: Number(/^feature: (\d+)$/m.exec(text)?.[1]),
    only: /^only: (\S+)$/m.exec(text)?.[1],
    cases: text.slice(text.indexOf('cases:\n')),
  }))

describe('features of the pack language', () => {
  it('are all tried', () => {
    const tried = new Set([
      ...TRIALS.map(({ feature }) => feature),
      ...SETTLED_WITH_OTHERS,
      ...HAS_ITS_OWN_CASES,
      ...OUT_OF_SCOPE,
    ])
    expect([...tried].toSorted((left, right) => left - right)).toEqual(FEATURES)
  })

  it.each(TRIALS.map((trial) => ({ trial, name: [trial.feature, trial.only].join(' ').trim() })))(
    '$name pays what is worked out by hand',
    ({ trial: { feature, only, cases } }) => {
      const text = `${packText(featureExample(feature, only))}\n${cases}`
      const read = readPacks(text, `feature ${feature}`, () => undefined)
      const [pack] = read.ok ? read.value.packs : []
      const compiled = pack && compilePack(pack)
      if (compiled?.ok !== true) throw new Error(JSON.stringify(read))
      const outcomes = runPackCases(compiled.value, defaultProfile())
      expect(outcomes).not.toEqual([])
      const problems = outcomes.flatMap(({ name, problems: found }) =>
        found.map((item) => `${name}: ${describeProblem(item, 'en')}`),
      )
      expect(problems).toEqual([])
    },
  )
})
