import { runPackCases } from '../cases/pack-cases.ts'
import { searchPacks } from '../checking/search.ts'
import {
  failure,
  failureOf,
  isNote,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import { orderProblems } from '../rules/check/check-order.ts'
import { factsRead } from '../rules/check/facts-read.ts'
import { uploadProblems } from '../rules/check/upload-size.ts'
import { staticProblems } from '../rules/check/static-problems.ts'
import { compilePack } from '../rules/compile/compile-pack.ts'
import type { RulePack } from '../rules/pack.ts'
import type { Profile } from '../rules/profile.ts'
import { UPLOAD_LIMITS } from '../rules/limits.ts'
import { countLexemes } from '../rules/read/count-lexemes.ts'
import { PACK_FILE, readPackTexts, type PackTexts } from '../rules/read/read-pack-texts.ts'
import { UploadBudget } from '../rules/read/upload-budget.ts'

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
  /** Whether the first error is enough, for the packs are refused with it: what is cheap is looked at before what is dear. */
  readonly untilRefused?: true
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
  const large = textsTooLarge(texts)
  if (large !== undefined) return failure(large)
  const read = readPackTexts(texts, new UploadBudget())
  if (!read.ok) return read
  const outsized = uploadProblems(read.value.packs)
  if (outsized.length > 0) return failureOf(outsized)
  const packs = read.value.packs.map((pack) => ({ pack, facts: factsRead(pack) }))
  return success({ packs, profiles: read.value.profiles })
}

/** What is seen before anything is parsed. */
function textsTooLarge(texts: PackTexts): Problem | undefined {
  const { lexemesMax, listBytesMax } = UPLOAD_LIMITS
  const [files, lists]: [string[], string[]] = [[], []]
  for (const [path, text] of Object.entries(texts))
    (PACK_FILE.test(path) ? files : lists).push(text)
  const bytes = lists.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  if (bytes > listBytesMax) return tooLarge('lists, B', bytes, listBytesMax)
  const lexemes = countLexemes(files, lexemesMax)
  return lexemes > lexemesMax ? tooLarge('words', lexemes, lexemesMax) : undefined
}

function tooLarge(what: string, count: number, countMax: number): Problem {
  return problem('PACK_UPLOAD_TOO_LARGE', 'files', { what, count, countMax })
}

/** Everything that can be said of packs: from their texts, by their own cases, and by bills made up for them. */
export function tryPacks(trial: PackTrial): CheckReport {
  const { packs, beside, profile, search, untilRefused } = trial
  const all = [...beside, ...packs]
  const found = packs.flatMap((pack) => [
    ...staticProblems(pack, all),
    ...orderProblems(pack, profile),
  ])
  if (untilRefused && found.some(isError)) return refusedWith(found)
  const compiled = packs.flatMap((pack) => {
    const result = compilePack(pack)
    return result.ok ? [result.value] : []
  })
  const cases = compiled.flatMap((one) => runPackCases(one, profile, untilRefused && isError))
  const problems = [...found, ...cases.flatMap((one) => one.problems)]
  const results = cases.map(({ pack, name, problems: own }) => ({ pack, name, problems: own }))
  const errors = problems.filter(isError)
  if (!search || errors.length > 0) {
    return { errors, notes: problems.filter(isNote), cases: results, bills: 0 }
  }
  const others = beside.flatMap((pack) => {
    const result = compilePack(pack)
    return result.ok ? [result.value] : []
  })
  const own = new Set(packs.map(({ hash }) => hash))
  const searched = searchPacks(
    { profile, packs: [...others, ...compiled] },
    {
      steps: UPLOAD_LIMITS.searchStepsMax,
      // What is wrong with packs that stand beside is their owners' to hear.
      of: own,
      isEnough: (finding) =>
        untilRefused === true && own.has(finding.pack.hash) && isError(finding.problem),
    },
  )
  const shown = searched.findings.filter(({ pack }) => own.has(pack.hash))
  const made = shown.map((finding) => finding.problem)
  return {
    errors: made.filter(isError),
    notes: [...problems, ...made].filter(isNote),
    cases: results,
    bills: searched.bills,
  }
}

function isError(one: Problem): boolean {
  return !isNote(one)
}

function refusedWith(found: readonly Problem[]): CheckReport {
  return { errors: found.filter(isError), notes: found.filter(isNote), cases: [], bills: 0 }
}
