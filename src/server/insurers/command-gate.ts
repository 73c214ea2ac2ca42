import type { CommandGate } from '../../engine/rule-commands.ts'
import { recordBase, refused, RequestRefused, type Turn } from '../../engine/turn.ts'
import type { GrantEntry, PackEvent, SequenceEntry, SigningKey } from '../../ledger/grant.ts'
import type { RegistryEntry } from '../../ledger/record.ts'
import { rowKey } from '../../ledger/rows.ts'
import { factsRead } from '../../rules/check/facts-read.ts'
import type { RulePack } from '../../rules/pack.ts'
import type { Principal } from '../principal.ts'
import { grantProblems, isOwnPack } from './grant-problems.ts'
import { isPublicKind, SECOND_PERSON_COMMANDS } from './second-person.ts'
import { HISTORY_MAX, historyId, readHistory } from './pack-history.ts'
import type { CommandSignature, PackCommand } from './pack-command.ts'
import { registeredGrant } from './read-grant.ts'
import { keyFingerprint } from './signing-key.ts'

/** A command whose signature, if it has one, was found right. */
export interface Order {
  readonly command: PackCommand
  readonly principal: Principal
  readonly signed?: { readonly key: SigningKey; readonly signature: CommandSignature }
  /** Of an upload: what it brings. */
  readonly uploaded?: readonly RulePack[]
  /** Of what another operator has proposed. */
  readonly proposal?: { readonly id: string; readonly by: string }
}

/**
 * What decides in the turn of a command whether it is done, on the grant and the packs as they are then; it writes what uses the
 * command up: the number of the key, the end of the proposal, and the history of the pack.
 */
export function commandGate(order: Order): CommandGate {
  return (turn) => {
    if (order.principal.role === 'insurer') judge(turn, order)
    else if (order.proposal === undefined) refuseAlone(turn, order)
    if (order.command.command === 'rollBack') refuseNotLast(turn, order.command)
    const entries = [
      ...numberUsed(turn, order),
      ...proposalEnded(turn, order),
      ...historyOf(turn, order),
    ]
    turn.rows.append({ kind: 'registry', ...recordBase(turn), source: 'packs', entries })
  }
}

/** The number must rise: the row that says so is written with what the command does. */
function numberUsed(turn: Turn, { signed }: Order): readonly RegistryEntry[] {
  if (signed === undefined) return []
  const { key, signature } = signed
  const id = keyFingerprint(key)
  const last = lastNumber(turn.rows.get('registry', rowKey('sequence', id))?.entry)
  const { number } = signature
  if (number <= last) throw refused('SEQUENCE_USED', 'number', { key: key.id, number, last })
  const entry: SequenceEntry = { id, last: number }
  return [{ kind: 'sequence', id, entry }]
}

/** 0: the key was never used. */
export function lastNumber(entry: unknown): number {
  if (typeof entry !== 'object' || entry === null || !('last' in entry)) return 0
  return typeof entry.last === 'number' ? entry.last : 0
}

/** What is not the insurer's is unknown to it, in the same words as what is not there. */
function judge(turn: Turn, { command, principal, signed, uploaded }: Order): void {
  const { jurisdiction } = command
  const grant = grantOf(turn, principal.id)
  if (grant === undefined) throw refused('GRANT_UNKNOWN', '', { id: principal.id })
  if (!grant.jurisdictions.includes(jurisdiction)) {
    throw refused('JURISDICTION_UNKNOWN', 'jurisdiction', { jurisdiction })
  }
  const isKeyThere = grant.keys.some(
    ({ id, publicKey }) => id === signed?.key.id && publicKey === signed.key.publicKey,
  )
  if (signed !== undefined && !isKeyThere) {
    throw refused('SIGNING_KEY_UNKNOWN', 'key', { key: signed.key.id })
  }
  const packs = uploaded ?? command.packs.map((hash) => packOf(turn, jurisdiction, hash))
  for (const [index, pack] of packs.entries()) {
    if (pack === undefined || (uploaded === undefined && !isOwnPack(grant, pack, jurisdiction))) {
      throw refused('CONTENT_UNKNOWN', 'pack', { hash: command.packs[index] ?? '' })
    }
    // The facts of what is uploaded were judged when it was read; of what is older the grant may have changed since.
    const facts = uploaded === undefined && brings(command) ? factsRead(pack) : []
    const problems = grantProblems(grant, { pack, facts }, jurisdiction)
    if (problems.length > 0) throw new RequestRefused(problems)
    refuseForeignId(turn, { grant, pack, jurisdiction })
  }
}

/** Whether the pack has more effect after the command than before. */
function brings({ command }: PackCommand): boolean {
  return command === 'activate' || command === 'shadow'
}

/** A version ends others of the same id: none of them may be somebody else's, even where two grants overlap. */
function refuseForeignId(
  turn: Turn,
  {
    grant,
    pack,
    jurisdiction,
  }: { readonly grant: GrantEntry; readonly pack: RulePack; readonly jurisdiction: string },
): void {
  const versions = turn.rows.get('rules', jurisdiction)?.packs ?? []
  const foreign = versions.find(
    ({ id, hash }) => id === pack.id && !isOwnPack(grant, turn.rules.pack(hash).pack, jurisdiction),
  )
  if (foreign === undefined) return
  throw refused('PACK_OUTSIDE_GRANT', 'pack', { pack: pack.id, what: 'id', value: pack.id })
}

/**
 * An operator alone may bring and try public packs and hold them back, and not put them in force. A version ends others of the same
 * id: one of another kind beside public ones is no way around.
 */
function refuseAlone(turn: Turn, { command }: Order): void {
  if (!SECOND_PERSON_COMMANDS.some((one) => one === command.command)) return
  const versions = turn.rows.get('rules', command.jurisdiction)?.packs ?? []
  for (const stated of command.packs) {
    const id = packOf(turn, command.jurisdiction, stated)?.id
    const isPublic = versions.some(
      (one) => one.id === id && isPublicKind(turn.rules.pack(one.hash).pack.kind),
    )
    if (id !== undefined && isPublic) throw refused('SECOND_PERSON_NEEDED', 'pack', { pack: id })
  }
}

/** What is rolled back is named by the version that is in force: a second order for it comes too late, and takes back nothing else. */
function refuseNotLast(turn: Turn, { jurisdiction, packs: [hash = ''] }: PackCommand): void {
  const state = turn.rows.get('rules', jurisdiction)
  const version = state?.packs.find((one) => one.hash === hash)
  if (state === undefined || version === undefined) return
  const last = state.history.findLast(({ pack }) => pack === version.id)
  const before = last?.packs.find((one) => one.hash === hash)
  if (version.state === 'active' && last !== undefined && before?.state !== 'active') return
  const shownState = version.state === 'active' ? 'notLast' : version.state
  const details = { pack: version.id, state: shownState, command: 'rollBack' }
  throw refused('PACK_STATE_WRONG', 'pack', details)
}

function proposalEnded(turn: Turn, { principal, proposal }: Order): readonly RegistryEntry[] {
  if (proposal === undefined) return []
  const { id, by } = proposal
  const row = turn.rows.get('registry', rowKey('proposal', id))
  if (row?.entry === undefined) throw refused('PROPOSAL_UNKNOWN', 'id', { id })
  if (by === principal.id) throw refused('SECOND_PERSON_SAME', 'id', { id })
  return [{ kind: 'proposal', id, entry: undefined }]
}

function historyOf(turn: Turn, order: Order): readonly RegistryEntry[] {
  const { command, principal, proposal, signed, uploaded } = order
  const { jurisdiction, from } = command
  const packs = uploaded ?? command.packs.map((hash) => packOf(turn, jurisdiction, hash))
  const events = new Map<string, readonly PackEvent[]>()
  for (const pack of packs) {
    if (pack === undefined) continue
    const id = historyId(jurisdiction, pack.id)
    const before =
      events.get(id) ?? readHistory(turn.rows.get('registry', rowKey('packHistory', id))?.entry)
    const event: PackEvent = {
      command: command.command,
      hash: pack.hash,
      by: principal.id,
      ...(proposal !== undefined && { proposedBy: proposal.by }),
      at: turn.at,
      ...(from !== undefined && { from }),
      ...(signed !== undefined && { key: signed.key.id, number: signed.signature.number }),
    }
    events.set(id, [...before, event].slice(-HISTORY_MAX))
  }
  return [...events].map(([id, list]) => ({
    kind: 'packHistory',
    id,
    entry: { id, events: list },
  }))
}

function packOf(turn: Turn, jurisdiction: string, hash: string): RulePack | undefined {
  const versions = turn.rows.get('rules', jurisdiction)?.packs
  const isThere = versions?.some((one) => one.hash === hash)
  return isThere === true ? turn.rules.pack(hash).pack : undefined
}

function grantOf(turn: Turn, id: string): GrantEntry | undefined {
  return registeredGrant(id, turn.rows.get('registry', rowKey('grant', id))?.entry)
}
