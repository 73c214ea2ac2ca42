import { formatEpochDay } from '../catalog/epoch-day.ts'
import { defaultProfile } from '../cases/default-profile.ts'
import { runPackCases } from '../cases/pack-cases.ts'
import { failureOf, type Problem, type Result } from '../errors/problem.ts'
import { sha256Hex } from '../ledger/hash.ts'
import type { PackState, RulesRecord, RulesState } from '../ledger/record.ts'
import { compilePack } from '../rules/compile/compile-pack.ts'
import type { RulePack } from '../rules/pack.ts'
import type { Profile } from '../rules/profile.ts'
import type { RuleSet } from './rule-sets.ts'
import { recordBase, refused, RequestRefused, type Turn } from './turn.ts'
import { endedBefore } from './version-days.ts'

export interface Publication {
  readonly profile?: Profile
  /** Image of a compiled catalogue. */
  readonly catalog?: Uint8Array
  readonly packs?: readonly RulePack[]
  /** Needed without a profile. */
  readonly jurisdiction?: string
  /** The packs were compiled and their cases run already, where that stops nobody. */
  readonly tried?: true
}

/** Runs in the turn of a command, before it: may refuse it, and may write. */
export type CommandGate = (turn: Turn) => void

type InTurn = <T>(work: (turn: Turn) => T) => Promise<Result<T>>

/** The life of packs (docs/ledger.md, section 8): each command is one record of the journal. */
export class RuleCommands {
  readonly #inTurn: InTurn

  constructor(inTurn: InTurn) {
    this.#inTurn = inTurn
  }

  /** The same commands, each behind `gate`: what both write is one commit, and nothing remains of either when one is refused. */
  behind(gate: CommandGate): RuleCommands {
    return new RuleCommands(async (work) =>
      this.#inTurn((turn) => {
        gate(turn)
        return work(turn)
      }),
    )
  }

  /**
   * Keeps profile, catalogue and packs by their hashes; packs are `checked`, profile and catalogue in force at once. Refuses packs
   * that do not compile or whose own cases come out otherwise (`CLI_CASE_DIFFERS`, `CLI_CASE_REFUSED`).
   */
  async publish(publication: Publication): Promise<Result<RulesState>> {
    const { profile, catalog, packs = [], tried } = publication
    const problems = tried === true ? [] : packs.flatMap(checkPack)
    if (problems.length > 0) return failureOf(problems)
    return this.#inTurn((turn) => {
      const jurisdiction = profile?.id ?? publication.jurisdiction ?? ''
      const before = turn.rows.get('rules', jurisdiction)
      if (before === undefined && profile === undefined) {
        throw refused('JURISDICTION_UNKNOWN', 'jurisdiction', { jurisdiction })
      }
      const profileHash =
        profile === undefined ? (before?.profile ?? '') : keep(turn, 'profile', profile.id, profile)
      const catalogHash =
        catalog === undefined
          ? before?.catalog
          : keepBytes(turn, 'catalog', jurisdiction, catalog, sha256Hex(catalog))
      const known = new Set(before?.packs.map(({ hash }) => hash))
      const added = packs.flatMap((pack): PackState[] => {
        if (known.has(pack.hash)) return []
        keepBytes(turn, 'pack', pack.id, jsonBytes(pack), pack.hash)
        return [{ id: pack.id, hash: pack.hash, state: 'checked' }]
      })
      return change(turn, jurisdiction, 'publish', undefined, {
        profile: profileHash,
        ...(catalogHash !== undefined && { catalog: catalogHash }),
        packs: [...(before?.packs ?? []), ...added],
        suspended: before?.suspended ?? [],
        history: before?.history ?? [],
      })
    })
  }

  /** Runs beside the packs in force, without effect. */
  async shadow(jurisdiction: string, hash: string): Promise<Result<RulesState>> {
    return this.#inTurn((turn) => {
      const { state, pack } = found(turn, jurisdiction, hash)
      if (pack.state !== 'checked') throw wrongState(pack, 'shadow')
      const packs = replaced(state.packs, { ...pack, state: 'shadow' })
      return change(turn, jurisdiction, 'shadow', pack.id, { ...state, packs })
    })
  }

  /** Ends the run beside the packs in force; the version is `checked` as before it. */
  async unshadow(jurisdiction: string, hash: string): Promise<Result<RulesState>> {
    return this.#inTurn((turn) => {
      const { state, pack } = found(turn, jurisdiction, hash)
      if (pack.state !== 'shadow') throw wrongState(pack, 'unshadow')
      const packs = replaced(state.packs, { ...pack, state: 'checked' })
      return change(turn, jurisdiction, 'unshadow', pack.id, { ...state, packs })
    })
  }

  /** In force from the day `from` on (days since 1970-01-01; its own first day when left out), within its own days; ends other versions of it the day before. */
  async activate({
    jurisdiction,
    pack: hash,
    from: stated,
  }: {
    readonly jurisdiction: string
    readonly pack: string
    readonly from?: number
  }): Promise<Result<RulesState>> {
    return this.#inTurn((turn) => {
      const { state, pack } = found(turn, jurisdiction, hash)
      if (pack.state === 'active' || pack.state === 'retired') throw wrongState(pack, 'activate')
      const versions = state.packs.filter((one) => one.id === pack.id)
      const history = [...state.history, { ruleSet: state.ruleSet, pack: pack.id, packs: versions }]
      const days = daysOf(turn, hash)
      const from = stated ?? days.from
      const [first, last] = [Math.max(from, days.from), days.to ?? Infinity]
      if (first > last) {
        const [begin, end] = [formatEpochDay(from), formatEpochDay(last)]
        throw refused('PACK_DAYS_OVER', 'from', { pack: pack.id, from: begin, to: end })
      }
      const others = state.packs.map((other) =>
        other.id === pack.id && other.state === 'active'
          ? (endedBefore(other, daysOf(turn, other.hash), { first, last }) ?? retired(other))
          : other,
      )
      const packs = replaced(others, { id: pack.id, hash, state: 'active', from })
      return change(turn, jurisdiction, 'activate', pack.id, { ...state, packs, history })
    })
  }

  /**
   * Takes the last activation of the pack `id` back: its versions are in force as they were before. Other packs, and versions that
   * were never active, stay as they are.
   */
  async rollBack({
    jurisdiction,
    pack: id,
  }: {
    readonly jurisdiction: string
    readonly pack: string
  }): Promise<Result<RulesState>> {
    return this.#inTurn((turn) => {
      const state = stateOf(turn, jurisdiction)
      const last = state.history.findLastIndex(({ pack }) => pack === id)
      const entry = state.history[last]
      if (entry === undefined) {
        throw refused('PACK_STATE_WRONG', 'pack', {
          pack: id,
          state: 'inactive',
          command: 'rollBack',
        })
      }
      const before = new Map(entry.packs.map((pack) => [pack.hash, pack]))
      const packs = state.packs.map((pack) => {
        const wasActive = pack.state === 'active' || pack.state === 'retired'
        return pack.id === id && wasActive ? (before.get(pack.hash) ?? pack) : pack
      })
      const history = state.history.toSpliced(last, 1)
      return change(turn, jurisdiction, 'rollBack', id, { ...state, packs, history })
    })
  }

  /** Holds a pack back: bills for which it would run are refused. */
  async suspend(jurisdiction: string, hash: string): Promise<Result<RulesState>> {
    return this.#inTurn((turn) => {
      const { state, pack } = found(turn, jurisdiction, hash)
      if (state.suspended.includes(hash))
        throw wrongState({ ...pack, state: 'suspended' }, 'suspend')
      const suspended = [...state.suspended, hash]
      return change(turn, jurisdiction, 'suspend', pack.id, { ...state, suspended })
    })
  }

  async resume(jurisdiction: string, hash: string): Promise<Result<RulesState>> {
    return this.#inTurn((turn) => {
      const { state, pack } = found(turn, jurisdiction, hash)
      if (!state.suspended.includes(hash)) throw wrongState(pack, 'resume')
      const suspended = state.suspended.filter((one) => one !== hash)
      return change(turn, jurisdiction, 'resume', pack.id, { ...state, suspended })
    })
  }
}

/** What keeps a pack from being published. */
function checkPack(pack: RulePack): readonly Problem[] {
  const compiled = compilePack(pack)
  if (!compiled.ok) return compiled.problems
  return runPackCases(compiled.value, defaultProfile()).flatMap((outcome) => outcome.problems)
}

type Draft = Omit<RulesState, 'ruleSet'>

/** Writes the new state with its rule set. */
function change(
  turn: Turn,
  jurisdiction: string,
  command: RulesRecord['command'],
  pack: string | undefined,
  draft: Draft,
): RulesState {
  const ruleSet = keep(turn, 'ruleSet', jurisdiction, ruleSetOf(draft))
  const state = { ...draft, ruleSet }
  turn.rows.append({
    kind: 'rules',
    ...recordBase(turn),
    jurisdiction,
    command,
    ...(pack !== undefined && { pack }),
    state,
  })
  return state
}

/** What of a state is in force. */
export function ruleSetOf(draft: Draft): RuleSet {
  return {
    profile: draft.profile,
    ...(draft.catalog !== undefined && { catalog: draft.catalog }),
    packs: draft.packs
      .filter((one) => one.state === 'active')
      .map(({ id, hash, from, to }) => ({
        id,
        hash,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
      })),
  }
}

function keep(turn: Turn, content: 'profile' | 'ruleSet', id: string, value: object): string {
  const bytes = jsonBytes(value)
  return keepBytes(turn, content, id, bytes, sha256Hex(bytes))
}

function keepBytes(
  turn: Turn,
  content: 'pack' | 'profile' | 'catalog' | 'ruleSet',
  id: string,
  bytes: Uint8Array,
  hash: string,
): string {
  if (turn.rows.content.has(hash) || turn.hasContent(hash)) return hash
  turn.rows.content.set(hash, bytes)
  turn.rows.append({ kind: 'content', ...recordBase(turn), content, id, hash, bytes: bytes.length })
  return hash
}

function jsonBytes(value: object): Uint8Array {
  return Buffer.from(JSON.stringify(value), 'utf8')
}

function stateOf(turn: Turn, jurisdiction: string): RulesState {
  const state = turn.rows.get('rules', jurisdiction)
  if (state !== undefined) return state
  throw refused('JURISDICTION_UNKNOWN', 'jurisdiction', { jurisdiction })
}

function found(
  turn: Turn,
  jurisdiction: string,
  hash: string,
): { readonly state: RulesState; readonly pack: PackState } {
  const state = stateOf(turn, jurisdiction)
  const pack = state.packs.find((one) => one.hash === hash)
  if (pack === undefined) throw refused('CONTENT_UNKNOWN', 'pack', { hash })
  return { state, pack }
}

function wrongState(
  { id, state }: { readonly id: string; readonly state: PackState['state'] | 'suspended' },
  command: string,
): RequestRefused {
  return refused('PACK_STATE_WRONG', 'pack', { pack: id, state, command })
}

function replaced(packs: readonly PackState[], pack: PackState): readonly PackState[] {
  return packs.map((one) => (one.hash === pack.hash ? pack : one))
}

function daysOf(turn: Turn, hash: string): RulePack['effective'] {
  return turn.rules.pack(hash).pack.effective
}

/** What is left of a version none of whose days another version leaves to it. */
function retired(pack: PackState): PackState {
  return { ...pack, state: 'retired' }
}
