import { randomUUID } from 'node:crypto'
import { failure, problem, success, type Result } from '../../errors/problem.ts'
import type { ProposalEntry } from '../../ledger/grant.ts'
import type { Profile } from '../../rules/profile.ts'
import { closedMap } from '../../rules/schema/schema-node.ts'
import type { HttpReply, HttpRequest, HttpServices, Route } from '../http/route.ts'
import type { Principal } from '../principal.ts'
import { commandGate } from './command-gate.ts'
import { replied } from '../http/replied.ts'
import { DATE, HASH, TEXT, WHOLE } from './http.ts'
import { PACK_CHECKS } from './pack-trial.ts'
import { PROPOSED_COMMANDS, readProposal, readProposed, type Proposed } from './read-proposal.ts'
import { runCommand } from './run-command.ts'
import { packSeen } from './standing.ts'

const PROPOSAL_BYTES = 1024 * 1024
const PROPOSED = {
  command: { enum: [...PROPOSED_COMMANDS] },
  jurisdiction: TEXT,
  hash: HASH,
  from: DATE,
  profile: { type: 'string' },
}
const PROPOSAL = closedMap({ id: TEXT, ...PROPOSED, by: TEXT, at: WHOLE }, [
  'id',
  'command',
  'jurisdiction',
  'by',
  'at',
])

async function propose(request: HttpRequest, services: HttpServices): Promise<HttpReply> {
  const proposed = readProposed(request.json)
  const fitting = proposed.ok ? await fits(services, request.principal, proposed.value) : proposed
  if (!fitting.ok) return replied(fitting)
  const id = randomUUID()
  request.subject(`${id} ${fitting.value.hash ?? fitting.value.jurisdiction}`)
  const entry: ProposalEntry = {
    id,
    ...fitting.value,
    by: request.principal.id,
    at: services.clock(),
  }
  const done = await services.engine.registry('packs', [{ kind: 'proposal', id, entry }])
  return replied(done.ok ? success(entry) : done, 201)
}

/** What cannot be done is not proposed either. */
async function fits(
  services: HttpServices,
  principal: Principal,
  proposed: Proposed,
): Promise<Result<Proposed>> {
  const { jurisdiction, hash, profile } = proposed
  const found =
    profile === undefined
      ? packSeen(services, principal, { jurisdiction, hash: hash ?? '' })
      : await profileOf(services, principal, { jurisdiction, text: profile })
  return found.ok ? success(proposed) : found
}

/** The one profile of a text, of that jurisdiction. Read in the thread that reads uploads, and bounded as they are. */
async function profileOf(
  services: HttpServices,
  principal: Principal,
  { jurisdiction, text }: { readonly jurisdiction: string; readonly text: string },
): Promise<Result<Profile>> {
  const read = await PACK_CHECKS.read({ 'profile.yaml': text })
  if (!read.ok) return read
  // Reading waits for the thread, and the credential may be gone meanwhile.
  if (!services.isCurrent(principal)) return failure(problem('CREDENTIAL_WRONG', ''))
  const [profile, another] = read.value.profiles
  if (profile?.id === jurisdiction && another === undefined && read.value.packs.length === 0) {
    return success(profile)
  }
  return failure(problem('PROPOSAL_WRONG', 'profile', { why: `profile: ${jurisdiction}` }))
}

async function approve(request: HttpRequest, services: HttpServices): Promise<HttpReply> {
  const found = proposalNeeded(services, request)
  if (!found.ok) return replied(found)
  const proposal = found.value
  const { id, by } = proposal
  const { principal } = request
  request.subject(`${id} ${proposal.hash ?? proposal.jurisdiction}`)
  if (by === principal.id) return replied(failure(problem('SECOND_PERSON_SAME', 'id', { id })))
  const done = await carriedOut(services, principal, proposal)
  return replied(done.ok ? success(proposal) : done)
}

async function carriedOut(
  services: HttpServices,
  principal: Principal,
  { id, by, command, jurisdiction, hash = '', from, profile: text }: ProposalEntry,
): Promise<Result<unknown>> {
  const proposal = { id, by }
  if (command !== 'profile') {
    const named = { command, jurisdiction, packs: [hash], ...(from !== undefined && { from }) }
    return runCommand(services, { command: named, principal, proposal })
  }
  const profile = await profileOf(services, principal, { jurisdiction, text: text ?? '' })
  if (!profile.ok) return profile
  // A profile is published as an upload is, with no pack.
  const published = { command: 'upload', jurisdiction, packs: [] } as const
  const gate = commandGate({ command: published, principal, proposal, uploaded: [] })
  return services.engine.rules.behind(gate).publish({ profile: profile.value })
}

async function withdraw(request: HttpRequest, services: HttpServices): Promise<HttpReply> {
  const found = proposalNeeded(services, request)
  if (!found.ok) return replied(found)
  const { id } = found.value
  request.subject(id)
  const ended = { kind: 'proposal', id, entry: undefined } as const
  const done = await services.engine.registry('packs', [ended])
  return replied(done.ok ? success(found.value) : done)
}

function proposalNeeded({ engine }: HttpServices, { params }: HttpRequest): Result<ProposalEntry> {
  const id = params['id'] ?? ''
  const found = readProposal(engine.registered('proposal', id))
  return found === undefined ? failure(problem('PROPOSAL_UNKNOWN', 'id', { id })) : success(found)
}

const PARAMS = { id: TEXT }

export const PROPOSAL_ROUTES: readonly Route[] = [
  {
    id: 'proposals.list',
    method: 'GET',
    path: '/v1/proposals',
    roles: ['operator', 'auditor'],
    audit: 'none',
    summary: { zh: '等待批准的建议', en: 'what waits for a second operator' },
    answer: closedMap({ proposals: { type: 'array', items: PROPOSAL } }, ['proposals']),
    handle: async (_, { engine }) => {
      const proposals = engine.registeredAll('proposal').flatMap((one) => readProposal(one) ?? [])
      return Promise.resolve(replied(success({ proposals })))
    },
  },
  {
    id: 'proposals.make',
    method: 'POST',
    path: '/v1/proposals',
    roles: ['operator'],
    audit: 'mutation',
    summary: {
      zh: '建议启用、回退、恢复公共政策包或更换统筹区配置，由另一运营人员批准',
      en: 'proposes to activate, roll back or resume a public pack, or a profile; another operator approves it',
    },
    body: {
      contentTypes: ['application/json'],
      maxBytes: PROPOSAL_BYTES,
      schema: closedMap(PROPOSED, ['command', 'jurisdiction']),
    },
    answer: PROPOSAL,
    handle: propose,
  },
  {
    id: 'proposals.approve',
    method: 'POST',
    path: '/v1/proposals/{id}/approve',
    roles: ['operator'],
    audit: 'mutation',
    summary: { zh: '批准他人的建议并执行', en: 'approves what another has proposed, and does it' },
    params: PARAMS,
    answer: PROPOSAL,
    handle: approve,
  },
  {
    id: 'proposals.withdraw',
    method: 'DELETE',
    path: '/v1/proposals/{id}',
    roles: ['operator'],
    audit: 'mutation',
    summary: { zh: '撤销建议', en: 'withdraws a proposal' },
    params: PARAMS,
    answer: PROPOSAL,
    handle: withdraw,
  },
]
