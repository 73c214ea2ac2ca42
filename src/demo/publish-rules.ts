import { readAllPackFiles, type RuleSources } from '../cli/load-rules.ts'
import type { Engine } from '../engine/open-engine.ts'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import { loadCatalogManifests } from '../files/catalog-files.ts'

/** Publishes rules and puts them in force from their own first days; nothing where the ledger has their jurisdiction. Gives its id. */
export async function publishRules(engine: Engine, sources: RuleSources): Promise<Result<string>> {
  const files = readAllPackFiles(sources.packs)
  if (!files.ok) return files
  const [profile] = files.value.profiles
  if (profile === undefined) {
    return failure(problem('CLI_PROFILE_UNCLEAR', '', { profiles: '–' }))
  }
  if (engine.rulesState(profile.id) !== undefined) return success(profile.id)
  const catalog = sources.catalogs.length > 0 ? loadCatalogManifests(sources.catalogs) : undefined
  if (catalog?.ok === false) return catalog
  const { packs } = files.value
  const published = await engine.rules.publish({
    profile,
    packs,
    ...(catalog !== undefined && { catalog: new Uint8Array(catalog.value.buffer).slice() }),
  })
  if (!published.ok) return published
  for (const pack of packs) {
    const { from } = pack.effective
    const active = await engine.rules.activate({ jurisdiction: profile.id, pack: pack.hash, from })
    if (!active.ok) return active
  }
  return success(profile.id)
}
