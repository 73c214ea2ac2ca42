import { parseEpochDay } from '../../catalog/epoch-day.ts'
import { failure, problem, success, type Result } from '../../errors/problem.ts'
import type { ProposalEntry } from '../../ledger/grant.ts'
import { isMap, strangers, type Member } from './reading.ts'

export const PROPOSED_COMMANDS = [
  'activate',
  'rollBack',
  'resume',
  'profile',
] as const satisfies readonly ProposalEntry['command'][]

export type Proposed = Omit<ProposalEntry, 'id' | 'by' | 'at'>

const MEMBERS = ['command', 'jurisdiction', 'hash', 'from', 'profile'] as const
const HASH = /^[0-9a-f]{64}$/
/** Characters of the text of a profile. */
const PROFILE_MAX = 200_000

/** What somebody proposes; refuses `PROPOSAL_WRONG`. */
export function readProposed(value: unknown): Result<Proposed> {
  if (!isMap(value)) return wrong('', 'object')
  const [unknown] = strangers(value, MEMBERS)
  if (unknown !== undefined) return wrong(unknown, `${unknown}?`)
  const { jurisdiction } = value
  const command = PROPOSED_COMMANDS.find((one) => one === value['command'])
  if (command === undefined) return wrong('command', PROPOSED_COMMANDS.join(', '))
  if (typeof jurisdiction !== 'string' || jurisdiction === '' || jurisdiction.length > 100) {
    return wrong('jurisdiction', 'text')
  }
  return command === 'profile'
    ? readProfile(value, jurisdiction)
    : readVersion(value, command, jurisdiction)
}

function readProfile({ hash, from, profile }: Member, jurisdiction: string): Result<Proposed> {
  if (hash !== undefined || from !== undefined) return wrong('profile', '{ jurisdiction, profile }')
  if (typeof profile !== 'string' || profile.length > PROFILE_MAX) return wrong('profile', 'YAML')
  return success({ command: 'profile', jurisdiction, profile })
}

function readVersion(
  { hash, from, profile }: Member,
  command: Exclude<Proposed['command'], 'profile'>,
  jurisdiction: string,
): Result<Proposed> {
  if (profile !== undefined) return wrong('profile', 'profile')
  if (typeof hash !== 'string' || !HASH.test(hash)) return wrong('hash', 'SHA-256')
  if (from === undefined) return success({ command, jurisdiction, hash })
  const isDay = typeof from === 'string' && parseEpochDay(from) !== undefined
  if (command !== 'activate' || !isDay) return wrong('from', 'activate, YYYY-MM-DD')
  return success({ command, jurisdiction, hash, from })
}

/** An entry of the ledger; undefined: it is none. */
export function readProposal(value: unknown): ProposalEntry | undefined {
  if (!isMap(value)) return undefined
  const { id, by, at, ...rest } = value
  const proposed = readProposed(rest)
  if (!proposed.ok || typeof id !== 'string' || typeof by !== 'string') return undefined
  return typeof at === 'number' ? { id, ...proposed.value, by, at } : undefined
}

function wrong<T>(where: string, why: string): Result<T> {
  return failure(problem('PROPOSAL_WRONG', where, { why: `${where}: ${why}` }))
}
