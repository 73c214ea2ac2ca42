import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { InForce } from '../../src/adjudication/in-force.ts'
import { describeProblem, type Result } from '../../src/errors/problem.ts'
import { loadCatalogManifests } from '../../src/files/catalog-files.ts'
import { readPackFiles } from '../../src/files/pack-files.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import type { CompiledPack } from '../../src/rules/compiled.ts'
import type { Profile } from '../../src/rules/profile.ts'
import type { SourceNode } from '../../src/rules/read/source-node.ts'
import { readSourceTree } from '../../src/rules/read/source-tree.ts'
import { must } from './measure.ts'

export const HERE = dirname(fileURLToPath(import.meta.url))
const RULES = join(HERE, '../../rules')

/** Folders below rules/ that hold no packs. */
const NOT_PACKS = ['catalog', 'schema']

/** The value, or every problem as text. */
export function accepted<T>(result: Result<T>, what: string): T {
  if (result.ok) return result.value
  const problems = result.problems.map(
    (problem) => `${problem.where}: ${describeProblem(problem, 'en')}`,
  )
  throw new Error([what, ...problems].join('\n'))
}

interface AllRules {
  /** Every version of each pack. */
  readonly packs: ReadonlyMap<string, readonly CompiledPack[]>
  readonly profiles: ReadonlyMap<string, Profile>
}

let all: AllRules | undefined
let published: AllRules | undefined

/** The packs of rules/ and those beside this file, compiled once: many files of tests in one process ask for them. */
export function readAllRules(): AllRules {
  all ??= readRules([...publishedFolders(), join(HERE, 'packs'), join(HERE, 'hand/packs')])
  return all
}

/** The packs of rules/ alone. */
export function readPublishedRules(): AllRules {
  published ??= readRules(publishedFolders())
  return published
}

function publishedFolders(): readonly string[] {
  return readdirSync(RULES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NOT_PACKS.includes(entry.name))
    .map(({ name }) => join(RULES, name))
}

function readRules(folders: readonly string[]): AllRules {
  const packs = new Map<string, CompiledPack[]>()
  const profiles = new Map<string, Profile>()
  for (const folder of folders) {
    const files = accepted(readPackFiles(folder), folder)
    for (const profile of files.profiles) profiles.set(profile.id, profile)
    for (const pack of files.packs) {
      const versions = packs.get(pack.id) ?? []
      packs.set(pack.id, [...versions, accepted(compilePack(pack), pack.id)])
    }
  }
  return { packs, profiles }
}

/** The named packs in all their versions under the named profile. */
export function inForceOf(
  rules: AllRules,
  packs: readonly string[],
  profile: string,
  catalog?: string,
): InForce {
  return {
    profile: must(rules.profiles.get(profile), `no profile ${profile}`),
    packs: packs.flatMap((id) => must(rules.packs.get(id), `no pack ${id}`)),
    ...(catalog === undefined
      ? {}
      : { catalog: accepted(loadCatalogManifests([join(HERE, catalog)]), catalog).catalog }),
  }
}

/** Ids of all packs of a city, whose profile has the city's name. */
export function packsOfCity(rules: AllRules, city: string): readonly string[] {
  return [...rules.packs.keys()].filter((id) => id.startsWith(`${city}/`))
}

export function readTree(path: string): SourceNode {
  const [tree] = accepted(readSourceTree(readFileSync(join(HERE, path), 'utf8'), path), path)
  return must(tree, `${path} is empty`)
}

/** Names without their ending of the files of a folder. */
export function namesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(join(HERE, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .toSorted()
}
