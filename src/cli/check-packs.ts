import { problem, type Problem } from '../errors/problem.ts'
import { readPackFiles } from '../files/pack-files.ts'
import { EXPRESSION_LIMITS } from '../rules/cel/limits.ts'
import { tableProblems } from '../rules/compile/analyse-table.ts'
import { compilePack } from '../rules/compile/compile-pack.ts'
import { packCost } from '../rules/compile/pack-cost.ts'
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
  const problems = packs.flatMap((pack) => located(packProblems(pack), pack, sources))
  return { path, packs, profiles: profiles.map(({ id }) => id), problems: distinct(problems) }
}

/** What compiling, the tables and the cost say against a pack. */
function packProblems(pack: RulePack): readonly Problem[] {
  const compiled = compilePack(pack)
  if (!compiled.ok) return compiled.problems
  const { cost: costMax, costLines } = EXPRESSION_LIMITS
  const cost = packCost(pack, costLines)
  return [
    ...tableProblems(pack),
    ...(cost > costMax ? [problem('PACK_TOO_COSTLY', '', { cost, costMax })] : []),
  ]
}

/** Versions made by notices repeat what is wrong with the rules they share. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>()
  return problems.filter((item) => {
    const key = JSON.stringify(item)
    return seen.has(key) ? false : seen.add(key) !== undefined
  })
}
