import type { Problem } from '../errors/problem.ts'
import { readPackFiles } from '../files/pack-files.ts'
import { staticProblems } from '../rules/check/static-problems.ts'
import type { RulePack } from '../rules/pack.ts'
import { located, namedFrom, packSources } from './pack-sources.ts'

export interface CheckedPath {
  readonly path: string
  /** Versions found, those made by notices included. */
  readonly packs: readonly RulePack[]
  readonly profiles: readonly string[]
  readonly problems: readonly Problem[]
}

/** Everything that is wrong with the packs and profiles below one path, each problem with its place. */
export function checkPath(path: string): CheckedPath {
  const files = readPackFiles(path)
  if (!files.ok) {
    return { path, packs: [], profiles: [], problems: namedFrom(path, files.problems) }
  }
  const { packs, profiles } = files.value
  const sources = packSources(path)
  const problems = packs.flatMap((pack) => located(staticProblems(pack, packs), pack, sources))
  return { path, packs, profiles: profiles.map(({ id }) => id), problems: distinct(problems) }
}

/** Versions made by notices repeat what is wrong with the rules they share. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>()
  return problems.filter((item) => {
    const key = JSON.stringify(item)
    return seen.has(key) ? false : seen.add(key) !== undefined
  })
}
