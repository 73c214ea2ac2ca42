import { runPackCases } from '../cases/pack-cases.ts'
import { searchPacks } from '../checking/search.ts'
import { isNote, type Problem, type Result, success } from '../errors/problem.ts'
import { orderProblems } from '../rules/check/check-order.ts'
import { factsRead } from '../rules/check/facts-read.ts'
import { staticProblems } from '../rules/check/static-problems.ts'
import { compilePack } from '../rules/compile/compile-pack.ts'
import type { RulePack } from '../rules/pack.ts'
import type { Profile } from '../rules/profile.ts'
import { readPackTexts, type PackTexts } from '../rules/read/read-pack-texts.ts'

/** A pack as it was read, with every fact that it names. */
export interface TakenPack {
  readonly pack: RulePack
  readonly facts: readonly string[]
}

export interface TakenTexts {
  readonly packs: readonly TakenPack[]
  readonly profiles: readonly Profile[]
}

/** Packs to be tried among those that would settle with them. */
export interface PackTrial {
  readonly packs: readonly RulePack[]
  readonly beside: readonly RulePack[]
  readonly profile: Profile
  /** Whether bills are searched for that show something wrong. */
  readonly search: boolean
}

/** One of a pack's own cases. */
export interface CaseResult {
  readonly pack: string
  readonly name: string
  /** None: it comes out as expected. */
  readonly problems: readonly Problem[]
}

export interface CheckReport {
  /** What keeps a pack from being published. */
  readonly errors: readonly Problem[]
  readonly notes: readonly Problem[]
  readonly cases: readonly CaseResult[]
  /** Trial bills settled. */
  readonly bills: number
}

export type PackCheckTask =
  | { readonly kind: 'start' }
  | { readonly kind: 'read'; readonly texts: PackTexts }
  | { readonly kind: 'try'; readonly trial: PackTrial }

/** Reads the texts of an upload; nothing of it is trusted. */
export function takeTexts(texts: PackTexts): Result<TakenTexts> {
  const read = readPackTexts(texts)
  if (!read.ok) return read
  const packs = read.value.packs.map((pack) => ({ pack, facts: factsRead(pack) }))
  return success({ packs, profiles: read.value.profiles })
}

/** Everything that can be said of packs: from their texts, by their own cases, and by bills made up for them. */
export function tryPacks({ packs, beside, profile, search }: PackTrial): CheckReport {
  const all = [...beside, ...packs]
  const found = packs.flatMap((pack) => [
    ...staticProblems(pack, all),
    ...orderProblems(pack, profile),
  ])
  const compiled = packs.flatMap((pack) => {
    const result = compilePack(pack)
    return result.ok ? [result.value] : []
  })
  const cases = compiled.flatMap((one) => runPackCases(one, profile))
  const problems = [...found, ...cases.flatMap((one) => one.problems)]
  const results = cases.map(({ pack, name, problems: own }) => ({ pack, name, problems: own }))
  const errors = problems.filter((one) => !isNote(one))
  if (!search || errors.length > 0) {
    return { errors, notes: problems.filter(isNote), cases: results, bills: 0 }
  }
  const others = beside.flatMap((pack) => {
    const result = compilePack(pack)
    return result.ok ? [result.value] : []
  })
  const searched = searchPacks({ profile, packs: [...others, ...compiled] })
  const own = new Set(packs.map(({ hash }) => hash))
  // What is wrong with packs that stand beside is their owners' to hear.
  const shown = searched.findings.filter(({ pack }) => own.has(pack.hash))
  const made = shown.map((finding) => finding.problem)
  return {
    errors: made.filter((one) => !isNote(one)),
    notes: [...problems, ...made].filter(isNote),
    cases: results,
    bills: searched.bills,
  }
}
