import type { Engine } from '../engine/open-engine.ts'
import type { Publication } from '../engine/rule-commands.ts'
import { failure, failureOf, problem, success, type Result } from '../errors/problem.ts'
import { loadCatalogManifests } from '../files/catalog-files.ts'
import type { PackState, RulesState } from '../ledger/record.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { checkPath, searchPath } from './check-packs.ts'
import { dayOption } from './ledger/day-option.ts'
import { ledgerJurisdiction } from './ledger/ledger-jurisdiction.ts'
import { existingLedger } from './ledger/with-ledger.ts'
import { withEngine } from './ledger/with-engine.ts'
import { readAllPackFiles } from './load-rules.ts'
import { refusedWith, type OutputOptions } from './refused.ts'
import { packStatesText } from './render/pack-states-text.ts'
import type { Terminal } from './terminal.ts'

export interface PackStateOptions extends OutputOptions {
  readonly ledger: string
  /** Id of the profile; absent: the only one. */
  readonly jurisdiction?: string
}

export type PackStep =
  | {
      readonly step: 'publish'
      readonly paths: readonly string[]
      readonly catalogs: readonly string[]
      /** Whether bills are tried on the packs first, as `pack check` does. */
      readonly isSearched: boolean
    }
  | { readonly step: 'shadow' | 'suspend' | 'resume'; readonly pack: string }
  | { readonly step: 'activate'; readonly pack: string; readonly from?: string }
  | { readonly step: 'roll-back'; readonly pack: string }
  | { readonly step: 'status' }

/** `qingfen pack publish|shadow|activate|roll-back|suspend|resume|status --ledger`: one step, and the state after it. */
export async function packStateCommand(
  step: PackStep,
  options: PackStateOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const prepared = prepare(step, options.ledger)
  if (!prepared.ok) return refusedWith(prepared.problems, options, terminal)
  const { profile, run } = prepared.value
  return withEngine(options.ledger, options, terminal, async ({ engine, store }) => {
    const meant =
      profile === undefined ? ledgerJurisdiction(store, options.jurisdiction) : success(profile)
    if (!meant.ok) return refusedWith(meant.problems, options, terminal)
    const jurisdiction = meant.value
    const done = await run(engine, jurisdiction)
    if (!done.ok) return refusedWith(done.problems, options, terminal)
    const text = options.json
      ? JSON.stringify({ jurisdiction, ...done.value }, null, 2)
      : packStatesText(jurisdiction, done.value, options.lang, terminal.columns)
    terminal.print(text)
    return EXIT.ok
  })
}

/** A step that is ready to be taken once the ledger is open. */
interface PreparedStep {
  /** Id of a profile that is published with it. */
  readonly profile?: string
  readonly run: (engine: Engine, jurisdiction: string) => Promise<Result<RulesState>>
}

function prepare(step: PackStep, ledger: string): Result<PreparedStep> {
  if (step.step === 'publish') {
    const read = readPublication(step)
    if (!read.ok) return read
    const { profile } = read.value
    return success({
      ...(profile !== undefined && { profile: profile.id }),
      run: async (engine, jurisdiction) => engine.rules.publish({ ...read.value, jurisdiction }),
    })
  }
  // Only who publishes begins a ledger; a path with a slip in it would otherwise get one.
  const there = existingLedger(ledger)
  if (!there.ok) return there
  return success({ run: async (engine, jurisdiction) => take(engine, step, jurisdiction) })
}

async function take(
  engine: Engine,
  step: Exclude<PackStep, { step: 'publish' }>,
  jurisdiction: string,
): Promise<Result<RulesState>> {
  const { rules } = engine
  const state = engine.rulesState(jurisdiction)
  if (state === undefined) {
    return failure(problem('JURISDICTION_UNKNOWN', '--jurisdiction', { jurisdiction }))
  }
  if (step.step === 'status') return success(state)
  if (step.step === 'roll-back') return rules.rollBack({ jurisdiction, pack: step.pack })
  const pack = hashOf(state, step.pack)
  if (pack === undefined) return failure(problem('CONTENT_UNKNOWN', 'pack', { hash: step.pack }))
  if (step.step !== 'activate') return rules[step.step](jurisdiction, pack.hash)
  const from = dayOption('--from', step.from)
  if (!from.ok) return from
  return rules.activate({
    jurisdiction,
    pack: pack.hash,
    ...(from.value !== undefined && { from: from.value }),
  })
}

/** What is to be published, when the checker has nothing against it. */
function readPublication({
  paths,
  catalogs,
  isSearched,
}: Extract<PackStep, { step: 'publish' }>): Result<Publication> {
  const checked = paths.map((path) => checkPath(path))
  const problems = checked.flatMap((one) => one.problems)
  if (problems.length > 0) return failureOf(problems)
  const errors = isSearched
    ? checked.flatMap(searchPath).flatMap((one) => one.errors.map((shown) => shown.problem))
    : []
  if (errors.length > 0) return failureOf(errors)
  const files = readAllPackFiles(paths)
  if (!files.ok) return files
  const catalog = catalogs.length === 0 ? undefined : loadCatalogManifests(catalogs)
  if (catalog?.ok === false) return catalog
  const { packs, profiles } = files.value
  const [profile, another] = profiles
  if (another !== undefined) {
    const names = profiles.map(({ id }) => id).join(', ')
    return failure(problem('CLI_PROFILE_UNCLEAR', '', { profiles: names }))
  }
  return success({
    packs,
    ...(profile !== undefined && { profile }),
    ...(catalog !== undefined && { catalog: new Uint8Array(catalog.value.buffer).slice() }),
  })
}

/** A version by its hash, or the beginning of one that fits no other. */
function hashOf({ packs }: RulesState, named: string): PackState | undefined {
  const [found, another] = packs.filter(({ hash }) => hash.startsWith(named))
  return another === undefined ? found : undefined
}
