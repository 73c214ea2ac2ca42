import type { InForce } from '../adjudication/in-force.ts'
import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import { loadCatalogManifests } from '../files/catalog-files.ts'
import { readPackFiles, type PackFiles } from '../files/pack-files.ts'
import { compilePack } from '../rules/compile/compile-pack.ts'
import type { CompiledPack } from '../rules/compiled.ts'
import type { RulePack } from '../rules/pack.ts'
import type { Profile } from '../rules/profile.ts'
import { namedFrom } from './pack-sources.ts'
import { defaultProfile } from '../cases/default-profile.ts'

export interface RuleSources {
  /** Files and folders of packs and profiles. */
  readonly packs: readonly string[]
  /** Catalogue manifests (`catalog.json`). */
  readonly catalogs: readonly string[]
  readonly profile?: string
}

/** Reads and compiles everything `sources` names; every problem of every file in one answer. */
export function loadRules(sources: RuleSources): Result<InForce> {
  const files = readAllPackFiles(sources.packs)
  if (!files.ok) return files
  const packs = compileAll(files.value.packs)
  const profile = chooseProfile(files.value.profiles, sources.profile)
  const catalog = sources.catalogs.length === 0 ? undefined : loadCatalogManifests(sources.catalogs)
  if (!packs.ok || !profile.ok || catalog?.ok === false) {
    return failureOf([packs, profile, catalog].flatMap(problemsOf))
  }
  return success({
    profile: profile.value,
    packs: packs.value,
    ...(catalog === undefined ? {} : { catalog: catalog.value.catalog }),
  })
}

function problemsOf(result: Result<unknown> | undefined): readonly Problem[] {
  return result === undefined || result.ok ? [] : result.problems
}

/** The packs and profiles of several paths, as if they were one folder; notices stay within their own path. */
export function readAllPackFiles(paths: readonly string[]): Result<PackFiles> {
  const read = paths.map((path) => readPackFiles(path))
  const problems = read.flatMap((result, index) =>
    namedFrom(paths[index] ?? '', problemsOf(result)),
  )
  if (problems.length > 0) return failureOf(problems)
  const files = read.flatMap((result) => (result.ok ? [result.value] : []))
  return success({
    packs: files.flatMap(({ packs }) => packs),
    profiles: files.flatMap(({ profiles }) => profiles),
    origins: new Map(files.flatMap(({ origins }) => [...origins])),
  })
}

function compileAll(packs: readonly RulePack[]): Result<readonly CompiledPack[]> {
  const compiled = packs.map((pack) => compilePack(pack))
  const problems = compiled.flatMap(problemsOf)
  if (problems.length > 0) return failureOf(problems)
  return success(compiled.flatMap((result) => (result.ok ? [result.value] : [])))
}

/** The named profile, else the only one, else the defaults of every key. */
function chooseProfile(profiles: readonly Profile[], id: string | undefined): Result<Profile> {
  const names = profiles.map((profile) => profile.id).join(', ')
  if (id !== undefined) {
    const named = profiles.find((profile) => profile.id === id)
    if (named !== undefined) return success(named)
    const details = { profile: id, profiles: names || '–' }
    return failure(problem('CLI_PROFILE_UNKNOWN', '', details))
  }
  const [only, another] = profiles
  if (another !== undefined) {
    return failure(problem('CLI_PROFILE_UNCLEAR', '', { profiles: names }))
  }
  return success(only ?? defaultProfile())
}
