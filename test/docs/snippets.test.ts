import { describe, expect, it } from 'vitest'
import { settle } from '../../src/adjudication/settle.ts'
import { defaultProfile } from '../../src/cases/default-profile.ts'
import { runPackCases } from '../../src/cases/pack-cases.ts'
import { describeProblem, type Problem, type Result } from '../../src/errors/problem.ts'
import { readBillDocument, type BillDocument } from '../../src/protocol/bill-document.ts'
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
import { FEATURES, OUT_OF_SCOPE } from './feature-examples.ts'
import { billText, packText, snippetsOf, type Snippet } from './snippets.ts'

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

  it('answer their own cases', () => {
    const outcomes = ofKinds(PACK_KINDS_OF_SNIPPETS)
      .flatMap(packsOf)
      .flatMap((pack) => runPackCases(accepted(compilePack(pack)), defaultProfile()))
    expect(outcomes.length).toBeGreaterThan(4)
    expect(outcomes.flatMap(({ problems }) => problems).map(shown)).toEqual([])
  })

  it('split the bill of the tour as its text says', () => {
    const [tour] = ofKinds(['bill'])
    const pack = ofKinds(['pack'])
      .flatMap(packsOf)
      .findLast(({ cases }) => cases.length > 0)
    if (tour === undefined || pack === undefined) throw new Error('the tour has no bill or no pack')
    const { bill, coverage, counters } = readBill(tour)
    const packs = [accepted(compilePack(pack))]
    const answer = settle(bill, coverage, counters, { profile: PROFILE, packs })
    if (answer.kind === 'refusal') throw new Error(answer.problems.map(shown).join('\n'))
    const paid = answer.payers.filter(({ given }) => !given).map(({ amount }) => amount)
    expect([...paid, answer.patient.total]).toEqual([2_200_000, 4_300_000])
  })

  it.each(ofKinds(['profile']))('line $line: profile reads', ({ text }) => {
    expect(readProfileOf(text).id).toMatch(/^demo\//)
  })

  it.each(ofKinds(['bill']))('line $line: bill reads', (snippet) => {
    expect(readBill(snippet).bill.lines).not.toEqual([])
  })
})

describe.each(LANGUAGES)('reference of the pack language, %s', (language) => {
  const document = documentText('pack-language', language)

  it('names every key of the published schemas', () => {
    const keys = [...new Set([...keysOf(PACK_SCHEMA), ...keysOf(PROFILE_SCHEMA)])]
    expect(keys.filter((key) => !document.includes(`\`${key}\``))).toEqual([])
  })

  it('says every feature in its table and below it, with an example unless out of scope', () => {
    const rows = [...document.matchAll(/^\| (\d+) +\| \[.+\]\(#feature-(\d+)\)/gm)]
    expect(rows.map(([, number]) => Number(number))).toEqual(FEATURES)
    const parts = document.split(/^<a id="feature-(?=\d+"><\/a>$)/m).slice(1)
    expect(parts.map((part) => Number.parseInt(part, 10))).toEqual(FEATURES)
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

function readBill(snippet: Snippet): BillDocument {
  const [tree] = accepted(readSourceTree(billText(snippet), 'bill.yaml'))
  if (tree === undefined) throw new Error('no bill')
  return accepted(readBillDocument(plainData(tree, 'text'), PROFILE))
}

function fileOf(path: string): string | undefined {
  return english.find(({ language, kind }) => language === 'csv' && kind === path)?.text
}

function readProfileOf(text: string): Profile {
  const [profile] = accepted(readPacks(text, 'profile.yaml', () => undefined)).profiles
  if (profile === undefined) throw new Error('no profile')
  return profile
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
