import type { Engine } from '../engine/open-engine.ts'
import { formatEpochDay, parseEpochDay } from '../catalog/epoch-day.ts'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import { loadCatalogManifests } from '../files/catalog-files.ts'
import type { PackState, RulesState } from '../ledger/record.ts'
import type { Bilingual } from '../rules/pack.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { inline } from './language.ts'
import { withEngine } from './ledger/with-engine.ts'
import { readAllPackFiles } from './load-rules.ts'
import { refusedWith, type OutputOptions } from './refused.ts'
import { fit, widthOf } from './render/columns.ts'
import type { Terminal } from './terminal.ts'

export interface PackStateOptions extends OutputOptions {
  readonly ledger: string
  /** Id of the profile. */
  readonly jurisdiction?: string
}

export type PackStep =
  | {
      readonly step: 'publish'
      readonly paths: readonly string[]
      readonly catalogs: readonly string[]
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
  return withEngine(options.ledger, options, terminal, async ({ engine }) => {
    const done = await take(engine, step, options.jurisdiction ?? '')
    if (!done.ok) return refusedWith(done.problems, options, terminal)
    if (options.json) terminal.print(JSON.stringify(done.value, null, 2))
    else terminal.print(stateText(done.value, options))
    return EXIT.ok
  })
}

async function take(
  engine: Engine,
  step: PackStep,
  jurisdiction: string,
): Promise<Result<RulesState>> {
  const { rules } = engine
  if (step.step === 'publish') return publish(engine, step, jurisdiction)
  const state = engine.rulesState(jurisdiction)
  if (state === undefined) {
    return failure(problem('JURISDICTION_UNKNOWN', '--jurisdiction', { jurisdiction }))
  }
  if (step.step === 'status') return success(state)
  if (step.step === 'roll-back') return rules.rollBack({ jurisdiction, pack: step.pack })
  const pack = hashOf(state, step.pack)
  if (pack === undefined) return failure(problem('CONTENT_UNKNOWN', 'pack', { hash: step.pack }))
  if (step.step !== 'activate') return rules[step.step](jurisdiction, pack.hash)
  if (step.from === undefined) return rules.activate({ jurisdiction, pack: pack.hash })
  const from = parseEpochDay(step.from)
  if (from === undefined) {
    return failure(problem('REQUEST_MALFORMED', '--from', { why: '--from 2026-01-01' }))
  }
  return rules.activate({ jurisdiction, pack: pack.hash, from })
}

async function publish(
  engine: Engine,
  { paths, catalogs }: Extract<PackStep, { step: 'publish' }>,
  jurisdiction: string,
): Promise<Result<RulesState>> {
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
  return engine.rules.publish({
    packs,
    ...(profile === undefined ? { jurisdiction } : { profile }),
    ...(catalog !== undefined && { catalog: new Uint8Array(catalog.value.buffer).slice() }),
  })
}

/** A version by its hash, or the beginning of one that fits no other. */
function hashOf({ packs }: RulesState, named: string): PackState | undefined {
  const [found, another] = packs.filter(({ hash }) => hash.startsWith(named))
  return another === undefined ? found : undefined
}

const STATES: Readonly<Record<PackState['state'], Bilingual>> = {
  checked: { zh: '已检查', en: 'checked' },
  shadow: { zh: '试运行', en: 'shadow' },
  active: { zh: '生效', en: 'active' },
  retired: { zh: '已退出', en: 'retired' },
}
const SUSPENDED: Bilingual = { zh: '停用待查', en: 'suspended' }
const HASH_SHOWN = 12

/** Versions by pack, with their days and states. */
function stateText(state: RulesState, { lang }: OutputOptions): string {
  const rows = state.packs.map((pack): readonly string[] => {
    const { id, hash, from, to } = pack
    const days = `${from === undefined ? '' : formatEpochDay(from)} – ${to === undefined ? '' : formatEpochDay(to)}`
    const held = state.suspended.includes(hash) ? ` · ${inline(SUSPENDED, lang)}` : ''
    return [id, hash.slice(0, HASH_SHOWN), days, `${inline(STATES[pack.state], lang)}${held}`]
  })
  const widths = [0, 1, 2].map((column) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[column] ?? '')), 0),
  )
  const title: Bilingual = {
    zh: `规则集 ${state.ruleSet.slice(0, HASH_SHOWN)}，${rows.length} 个版本`,
    en: `rule set ${state.ruleSet.slice(0, HASH_SHOWN)}, ${rows.length} versions`,
  }
  const lines = rows.map((row) =>
    row
      .map((cell, column) => fit(cell, widths[column] ?? widthOf(cell)))
      .join('  ')
      .trimEnd(),
  )
  return [inline(title, lang), ...lines].join('\n')
}
