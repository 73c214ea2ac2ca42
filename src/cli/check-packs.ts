import { searchPacks, type SearchResult } from '../checking/search.ts'
import { trialDocument } from '../checking/trial-text.ts'
import type { Problem } from '../errors/problem.ts'
import { isNote } from '../errors/problem.ts'
import { readPackFiles, type PackFiles } from '../files/pack-files.ts'
import { orderProblems } from '../rules/check/check-order.ts'
import { staticProblems } from '../rules/check/static-problems.ts'
import { compilePack } from '../rules/compile/compile-pack.ts'
import type { ReadPack } from '../rules/read/read-pack.ts'
import { jurisdictionsOf, type Jurisdiction } from './jurisdictions.ts'
import { located, namedFrom, packSources, type PackSource } from './pack-sources.ts'

/** What reading a path and looking at each text says. */
export interface CheckedPath {
  /** Absent when something could not be read. */
  readonly files?: PackFiles
  readonly sources: readonly PackSource[]
  readonly jurisdictions: readonly Jurisdiction[]
  readonly problems: readonly Problem[]
}

/** Everything that is wrong with the texts of packs and profiles below one path, each problem with its place. */
export function checkPath(path: string): CheckedPath {
  const read = readPackFiles(path)
  if (!read.ok) {
    const problems = namedFrom(path, read.problems)
    return { sources: [], jurisdictions: [], problems }
  }
  const files = read.value
  const sources = packSources(path)
  const jurisdictions = jurisdictionsOf(path, files)
  const problems = jurisdictions.flatMap(({ hasProfile, packs, profile }) =>
    packs.flatMap((pack) => {
      const order = hasProfile ? orderProblems(pack, profile) : []
      return located([...staticProblems(pack, packs), ...order], pack, sources, files.origins)
    }),
  )
  return { files, sources, jurisdictions, problems: distinct(problems) }
}

/** Versions made by notices repeat what is wrong with the rules they share. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>()
  return problems.filter((item) => {
    const key = JSON.stringify(item)
    return seen.has(key) ? false : seen.add(key) !== undefined
  })
}

/** What trying bills on the packs of one jurisdiction says. */
export interface Searched {
  readonly jurisdiction: Jurisdiction
  /** Trial bills settled. */
  readonly bills: number
  readonly errors: readonly Shown[]
  readonly notes: readonly Shown[]
}

/** A problem with the bill that shows it, as a document that `adjudicate` reads. */
export interface Shown {
  readonly problem: Problem
  readonly bill: object
}

/** Tries bills on packs whose texts nothing is said against. */
export function searchPath({ files, jurisdictions, sources }: CheckedPath): readonly Searched[] {
  if (files === undefined) return []
  return jurisdictions.map((jurisdiction) => {
    const { packs, profile } = jurisdiction
    const compiled = packs.flatMap((pack) => {
      const result = compilePack(pack)
      return result.ok ? [result.value] : []
    })
    const found = searchPacks({ profile, packs: compiled })
    const shown = shownOf(found, packs, sources, files)
    return {
      jurisdiction,
      bills: found.bills,
      errors: shown.filter(({ problem }) => !isNote(problem)),
      notes: shown.filter(({ problem }) => isNote(problem)),
    }
  })
}

function shownOf(
  { findings }: SearchResult,
  packs: readonly ReadPack[],
  sources: readonly PackSource[],
  { origins }: PackFiles,
): readonly Shown[] {
  return findings.flatMap(({ bill, pack, problem }) => {
    const own = packs.find((one) => one.hash === pack.hash)
    const places = own === undefined ? [problem] : located([problem], own, sources, origins)
    return places.map((placed) => ({ problem: placed, bill: trialDocument(bill) }))
  })
}
