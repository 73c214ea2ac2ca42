import { describe, expect, it } from 'vitest'
import { describeProblem, type Problem, type Result } from '../../src/errors/problem.ts'
import { readBillDocument } from '../../src/protocol/bill-document.ts'
import { tableProblems } from '../../src/rules/compile/analyse-table.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import type { Profile } from '../../src/rules/profile.ts'
import { applyAmendment } from '../../src/rules/read/amend.ts'
import type { ReadPack } from '../../src/rules/read/read-pack.ts'
import { readPacks } from '../../src/rules/read/read-packs.ts'
import { plainData } from '../../src/rules/read/source-node.ts'
import { readSourceTree } from '../../src/rules/read/source-tree.ts'
import { PACK_SCHEMA } from '../../src/rules/schema/pack-schema.ts'
import { PROFILE_SCHEMA } from '../../src/rules/schema/profile-schema.ts'
import { LANGUAGES, documentText } from './documents.ts'
import { billText, packText, snippetsOf, type Snippet } from './snippets.ts'

const FEATURES = 76
/** Features about what funds pay hospitals at month end, which no pack can say. */
const OUT_OF_SCOPE = [71, 72]

const english = snippetsOf(documentText('pack-language', 'en'))
const PACK_KINDS_OF_SNIPPETS = ['pack', 'part', 'benefit']

const PROFILE = readProfileOf(
  'profile: demo/bills\nsource: 示例\neffective: { from: 2000-01-01 }\n',
)

describe('examples of the pack language', () => {
  it('are the same in both languages', () => {
    const chinese = snippetsOf(documentText('pack-language', 'zh'))
    const bare = ({ language, kind, text }: Snippet) => ({ language, kind, text })
    expect(chinese.map(bare)).toEqual(english.map(bare))
  })

  it('are all of a kind that is run', () => {
    const kinds = new Set(english.map(({ language, kind }) => `${language} ${kind}`))
    expect([...kinds].toSorted()).toEqual([
      'csv lists/special-drugs.csv',
      'yaml benefit',
      'yaml bill',
      'yaml pack',
      'yaml part',
      'yaml profile',
    ])
  })

  it.each(ofKinds(PACK_KINDS_OF_SNIPPETS))(
    'line $line: $kind reads, compiles and has complete tables',
    (snippet) => {
      const packs = packsOf(snippet)
      expect(packs).not.toEqual([])
      for (const pack of packs) {
        accepted(compilePack(pack))
        expect(tableProblems(pack).map(shown)).toEqual([])
      }
    },
  )

  it.each(ofKinds(PACK_KINDS_OF_SNIPPETS))('line $line: cases of $kind are bills', (snippet) => {
    for (const { given } of packsOf(snippet).flatMap(({ cases }) => cases)) {
      accepted(readBillDocument(completeCase(given), PROFILE))
    }
  })

  it.each(ofKinds(['profile']))('line $line: profile reads', ({ text }) => {
    expect(readProfileOf(text).id).toMatch(/^demo\//)
  })

  it.each(ofKinds(['bill']))('line $line: bill reads', (snippet) => {
    const [tree] = accepted(readSourceTree(billText(snippet), 'bill.yaml'))
    if (tree === undefined) throw new Error('no bill')
    const { bill } = accepted(readBillDocument(plainData(tree, 'text'), PROFILE))
    expect(bill.lines.length).toBeGreaterThan(0)
  })
})

describe.each(LANGUAGES)('reference of the pack language, %s', (language) => {
  const document = documentText('pack-language', language)

  it('names every key of the published schemas', () => {
    const keys = [...new Set([...keysOf(PACK_SCHEMA), ...keysOf(PROFILE_SCHEMA)])]
    expect(keys.filter((key) => !document.includes(`\`${key}\``))).toEqual([])
  })

  it('says every feature in its table and below it, with an example unless out of scope', () => {
    const numbers = Array.from({ length: FEATURES }, (_, index) => index + 1)
    const rows = [...document.matchAll(/^\| (\d+) +\| \[.+\]\(#feature-(\d+)\)/gm)]
    expect(rows.map(([, number]) => Number(number))).toEqual(numbers)
    const parts = document.split(/^<a id="feature-(?=\d+"><\/a>$)/m).slice(1)
    expect(parts.map((part) => Number.parseInt(part, 10))).toEqual(numbers)
    const without = parts.filter((part) => !part.includes('```yaml '))
    expect(without.map((part) => Number.parseInt(part, 10))).toEqual(OUT_OF_SCOPE)
  })
})

function ofKinds(kinds: readonly string[]): readonly Snippet[] {
  return english.filter(({ language, kind }) => language === 'yaml' && kinds.includes(kind))
}

/** The packs of a snippet, and what its notices make of the pack of the document that they amend. */
function packsOf(snippet: Snippet): readonly ReadPack[] {
  const { packs, amendments } = accepted(
    readPacks(packText(snippet), `line ${snippet.line}`, fileOf),
  )
  const amended = amendments.map((amendment) => {
    const earlier = ofKinds(['pack'])
      .filter(({ line }) => line < snippet.line)
      .flatMap(packsOf)
      .findLast(({ id }) => id === amendment.amends)
    if (earlier === undefined) throw new Error(`no pack ${amendment.amends} before the notice`)
    return accepted(applyAmendment(earlier, amendment))
  })
  return [...packs, ...amended]
}

function fileOf(path: string): string | undefined {
  return english.find(({ language, kind }) => language === 'csv' && kind === path)?.text
}

function readProfileOf(text: string): Profile {
  const [profile] = accepted(readPacks(text, 'profile.yaml', () => undefined)).profiles
  if (profile === undefined) throw new Error('no profile')
  return profile
}

/** The bill of a case with the ids and the day that a case need not state. */
function completeCase(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) throw new Error('a case without a bill')
  const { counters: _counters, policy: _policy, ...bill } = { counters: {}, policy: {}, ...given }
  const visit = 'visit' in bill && typeof bill.visit === 'object' ? bill.visit : {}
  return {
    person: { id: 'P' },
    hospital: { id: 'H' },
    settlementDate: '2024-12-31',
    ...bill,
    visit: { id: 'V', ...visit },
  }
}

/** Names of all properties in a schema. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own = 'properties' in schema ? Object.keys(schema.properties ?? {}) : []
  return [...own, ...Object.values(schema).flatMap(keysOf)]
}

function accepted<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problems.map(shown).join('\n'))
  return result.value
}

function shown(problem: Problem): string {
  return `${problem.code} ${problem.where}: ${describeProblem(problem, 'en')}`
}
