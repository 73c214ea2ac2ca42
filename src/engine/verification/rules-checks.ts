import { success, type Result } from '../../errors/problem.ts'
import type { LedgerRecord, PackState, RulesRecord, RulesState } from '../../ledger/record.ts'
import type { RulePack } from '../../rules/pack.ts'
import type { Profile } from '../../rules/profile.ts'
import { RuleCommands, type Publication } from '../rule-commands.ts'
import type { ReadContent } from '../rule-sets.ts'
import type { Turn } from '../turn.ts'

/**
 * What the command of `record` writes when it is given again in `turn`, new contents before it; what it was about shows in what it
 * changed. Throws what the command throws.
 */
export function rerunRules(
  read: ReadContent,
  turn: Turn,
  record: RulesRecord,
): readonly LedgerRecord[] {
  let thrown: Error | undefined
  const inTurn = async <T>(work: (turn: Turn) => T): Promise<Result<T>> => {
    try {
      return success(work(turn))
    } catch (error) {
      thrown = error instanceof Error ? error : new Error(String(error))
      return { ok: false, problems: [] }
    }
  }
  // All its work is done in the turn, which is this one: nothing is left to wait for.
  void give(new RuleCommands(inTurn), read, turn.rows.get('rules', record.jurisdiction), record)
  if (thrown !== undefined) throw thrown
  return turn.rows.records
}

function give(
  commands: RuleCommands,
  read: ReadContent,
  before: RulesState | undefined,
  { command, jurisdiction, pack = '', state }: RulesRecord,
): Promise<Result<RulesState>> {
  const [changed] = changedPacks(before, state)
  const isNew = (one: PackState) => one.state === 'active' && !isActive(before, one)
  switch (command) {
    case 'publish':
      return commands.publish({ jurisdiction, ...published(read, before, state) })
    case 'shadow':
    case 'unshadow':
      return commands[command](jurisdiction, changed?.hash ?? '')
    case 'activate': {
      const { hash = '', from } = changedPacks(before, state).find(isNew) ?? {}
      return commands.activate({ jurisdiction, pack: hash, ...(from !== undefined && { from }) })
    }
    case 'rollBack':
      return commands.rollBack({ jurisdiction, pack })
    case 'suspend':
      return commands.suspend(jurisdiction, onlyIn(state.suspended, before?.suspended))
    case 'resume':
      return commands.resume(jurisdiction, onlyIn(before?.suspended, state.suspended))
  }
}

/** Versions that are not as they were. */
function changedPacks(before: RulesState | undefined, { packs }: RulesState): readonly PackState[] {
  const known = new Map(before?.packs.map((pack) => [pack.hash, pack]))
  return packs.filter((pack) => {
    const then = known.get(pack.hash)
    return then?.state !== pack.state || then.from !== pack.from || then.to !== pack.to
  })
}

function isActive(before: RulesState | undefined, { hash }: PackState): boolean {
  return before?.packs.some((pack) => pack.hash === hash && pack.state === 'active') === true
}

function onlyIn(texts: readonly string[] = [], others: readonly string[] = []): string {
  return texts.find((text) => !others.includes(text)) ?? ''
}

/** The content that a state names and the one before it did not. */
function published(
  read: ReadContent,
  before: RulesState | undefined,
  { profile, catalog, packs }: RulesState,
): Publication {
  const known = new Set(before?.packs.map(({ hash }) => hash))
  return {
    tried: true,
    ...(profile !== before?.profile && { profile: parsed(read(profile)) as Profile }),
    ...(catalog !== undefined && catalog !== before?.catalog && { catalog: read(catalog) }),
    packs: packs.flatMap(({ hash }) => (known.has(hash) ? [] : [parsed(read(hash)) as RulePack])),
  }
}

function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'))
}
