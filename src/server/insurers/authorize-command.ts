import { failure, problem, success, type Result } from '../../errors/problem.ts'
import type { GrantEntry } from '../../ledger/grant.ts'
import type { Principal } from '../principal.ts'
import type { Order } from './command-gate.ts'
import { signedBytes, type Envelope } from './pack-command.ts'
import { isSignedBy } from './signing-key.ts'

export interface Signer {
  readonly principal: Principal
  /** Absent: none is in the ledger. */
  readonly grant: GrantEntry | undefined
  readonly mode: 'production' | 'development'
}

/**
 * The order that an envelope gives, its signature verified. An insurer signs, but for development; an operator may. The number is
 * looked at in the turn of the command (`commandGate`).
 */
export function authorizeCommand(
  { command, signature }: Envelope,
  { principal, grant, mode }: Signer,
): Result<Order> {
  if (signature === undefined) {
    if (principal.role === 'operator' || mode === 'development') {
      return success({ command, principal })
    }
    return failure(problem('COMMAND_UNSIGNED', 'signature'))
  }
  const key = grant?.keys.find(({ id }) => id === signature.key)
  const named = { key: signature.key }
  if (key === undefined) return failure(problem('SIGNING_KEY_UNKNOWN', 'key', named))
  if (!isSignedBy(key, signedBytes(command, signature), signature.signature)) {
    return failure(problem('SIGNATURE_WRONG', 'signature', named))
  }
  return success({ command, principal, signed: { key, signature } })
}
