import type { Engine } from '../engine/open-engine.ts'
import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import { loadCatalogManifests } from '../files/catalog-files.ts'
import type { RegistryEntry } from '../ledger/record.ts'
import type { Settlement } from '../adjudication/settlement.ts'
import { isObject } from '../protocol/section.ts'
import { readRegistryEntry } from '../registry/read-registry-entry.ts'
import { readAllPackFiles, type RuleSources } from './load-rules.ts'

type Tree = Readonly<Record<string, unknown>>

/** A bill settled through the ledger, or answered from it. */
export interface LedgerSettlement {
  readonly id: string
  readonly isRepeat: boolean
  /** Adjudicated again from the record, with the explanation. */
  readonly settlement: Settlement
}

/** The day before which everybody of a showcase was insured. */
const ALWAYS = '2000-01-01'

/** Publishes rules and puts them in force from their own first days; nothing where the ledger has their jurisdiction. */
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
    const active = await engine.rules.activate({
      jurisdiction: profile.id,
      pack: pack.hash,
      from,
    })
    if (!active.ok) return active
  }
  return success(profile.id)
}

/**
 * Settles a bill document that states person, policies and hospital: registers them, then sends the bill as a hospital would.
 * `suffix` tells persons and stays of one showcase apart. The same call again is the same request.
 */
export async function settleInLedger(
  engine: Engine,
  jurisdiction: string,
  document: unknown,
  { suffix, withPolicies }: { readonly suffix: string; readonly withPolicies: boolean },
): Promise<Result<LedgerSettlement>> {
  const { person, visit, hospital, policies, ...rest } = tree(document)
  const id = `${String(tree(person)['id'])}${suffix}`
  const stay = `${String(tree(visit)['id'])}${suffix}`
  const held = withPolicies && Array.isArray(policies) ? policies : []
  const registered = await register(engine, [
    ['person', personTree(tree(person), { id, jurisdiction, policies: held })],
    ['hospital', hospitalTree(tree(hospital))],
  ])
  if (!registered.ok) return registered
  const bill = { ...rest, person: { id }, visit: { ...tree(visit), id: stay } }
  const reply = await engine.submit({
    operation: 'settle',
    hospital: String(tree(hospital)['id']),
    requestId: `showcase-${stay}`,
    body: { bill },
  })
  if (reply.kind === 'refused') return failureOf(reply.problems)
  const settlement = String(reply.answer['settlement'])
  const again = engine.recompute(settlement)
  if (!again.ok) return again
  return success({
    id: settlement,
    isRepeat: reply.repeat,
    settlement: again.value.settlement,
  })
}

function personTree(
  { identities, ...stated }: Tree,
  more: {
    readonly id: string
    readonly jurisdiction: string
    readonly policies: readonly unknown[]
  },
): Tree {
  const words: readonly unknown[] = Array.isArray(identities) ? identities : []
  const facts = Object.fromEntries(Object.entries(stated).filter(([key]) => key !== 'id'))
  return {
    ...more,
    facts,
    identities: words.map((word) => ({ word, from: ALWAYS })),
    coverage: [{ from: ALWAYS }],
  }
}

function hospitalTree({ id, ...facts }: Tree): Tree {
  return { id, facts }
}

/** Writes entries that are not there yet. */
async function register(
  engine: Engine,
  trees: readonly (readonly ['person' | 'hospital', Tree])[],
): Promise<Result<undefined>> {
  const entries: RegistryEntry[] = []
  const problems: Problem[] = []
  for (const [kind, entryTree] of trees) {
    const read = readRegistryEntry(kind, entryTree)
    if (!read.ok) problems.push(...read.problems)
    else if (engine.registered(kind, read.value.id) === undefined) entries.push(read.value)
  }
  if (problems.length > 0) return failureOf(problems)
  if (entries.length === 0) return success(undefined)
  const written = await engine.registry('showcase', entries)
  return written.ok ? success(undefined) : written
}

function tree(value: unknown): Tree {
  return isObject(value) ? value : {}
}
