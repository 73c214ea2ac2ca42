import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../../errors/problem.ts'
import type { RulePack } from '../../rules/pack.ts'
import type { PackTexts } from '../../rules/read/read-pack-texts.ts'
import type { CheckReport, TakenPack } from '../../workers/pack-check.ts'
import type { HttpServices } from '../http/route.ts'
import type { Principal } from '../principal.ts'
import { authorizeCommand } from './authorize-command.ts'
import { lastNumber, type Order } from './command-gate.ts'
import { grantProblems } from './grant-problems.ts'
import type { Envelope } from './pack-command.ts'
import { PACK_CHECKS, trialOf } from './pack-trial.ts'
import { runCommand } from './run-command.ts'
import { keyFingerprint } from './signing-key.ts'
import { grantOf } from './standing.ts'

export interface Upload {
  readonly envelope: Envelope
  readonly texts: PackTexts
}

export interface Uploaded {
  readonly packs: readonly RulePack[]
  readonly report: CheckReport
}

/**
 * Publishes what an upload brings, as `checked`. What decides cheaply comes first: signature and number, then the texts, the grant,
 * and last the cases and the search for bills. Nothing is written before all of it holds.
 */
export async function uploadPacks(
  services: HttpServices,
  principal: Principal,
  { envelope, texts }: Upload,
): Promise<Result<Uploaded>> {
  const grant = grantOf(services, principal.id)
  if (principal.role === 'insurer' && grant === undefined) {
    return failure(problem('GRANT_UNKNOWN', '', { id: principal.id }))
  }
  const order = authorizeCommand(envelope, { principal, grant, mode: services.mode })
  if (!order.ok) return order
  const used = numberUsed(services, order.value)
  if (used !== undefined) return failure(used)
  const { jurisdiction } = envelope.command
  const isGranted = principal.role !== 'insurer' || grant?.jurisdictions.includes(jurisdiction)
  if (services.engine.rulesState(jurisdiction) === undefined || isGranted !== true) {
    return failure(problem('JURISDICTION_UNKNOWN', 'jurisdiction', { jurisdiction }))
  }
  const read = await PACK_CHECKS.read(texts)
  if (!read.ok) return read
  const { packs: taken, profiles } = read.value
  if (profiles.length > 0) {
    return failure(problem('PACK_FILES_WRONG', 'files', { why: 'profile → POST /v1/proposals' }))
  }
  const differs = hashesDiffer(envelope, taken)
  if (differs !== undefined) return failure(differs)
  const outside =
    principal.role === 'insurer' && grant !== undefined
      ? taken.flatMap((one) => grantProblems(grant, one, jurisdiction))
      : []
  if (outside.length > 0) return failureOf(outside)
  return publishTried(services, { ...order.value, uploaded: taken.map(({ pack }) => pack) })
}

async function publishTried(
  services: HttpServices,
  order: Order & { readonly uploaded: readonly RulePack[] },
): Promise<Result<Uploaded>> {
  const { command, principal, uploaded } = order
  const { jurisdiction } = command
  // Reading and trying wait for a thread and take their time, and the credential may be gone meanwhile.
  if (!services.isCurrent(principal)) return failure(problem('CREDENTIAL_WRONG', ''))
  const trial = trialOf(services, principal, {
    jurisdiction,
    packs: uploaded,
    search: true,
    untilRefused: true,
  })
  if (trial === undefined) {
    return failure(problem('JURISDICTION_UNKNOWN', 'jurisdiction', { jurisdiction }))
  }
  const report = await PACK_CHECKS.try(trial)
  if (!report.ok) return report
  if (report.value.errors.length > 0) return failureOf(report.value.errors)
  if (!services.isCurrent(principal)) return failure(problem('CREDENTIAL_WRONG', ''))
  const done = await runCommand(services, order)
  return done.ok ? success({ packs: uploaded, report: report.value }) : done
}

/** Of a command that is recorded and sent again: it is worthless before anything is read for it. */
function numberUsed({ engine }: HttpServices, { signed }: Order): Problem | undefined {
  if (signed === undefined) return undefined
  const { number } = signed.signature
  const last = lastNumber(engine.registered('sequence', keyFingerprint(signed.key)))
  if (number > last) return undefined
  return problem('SEQUENCE_USED', 'number', { key: signed.key.id, number, last })
}

function hashesDiffer({ command }: Envelope, taken: readonly TakenPack[]): Problem | undefined {
  const found = taken
    .map(({ pack }) => pack.hash)
    .toSorted()
    .join(', ')
  const stated = command.packs.join(', ')
  if (stated === found) return undefined
  return problem('COMMAND_DIFFERS', 'command.packs', { what: 'packs', stated, found: found || '–' })
}
