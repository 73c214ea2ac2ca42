import { failure, problem, success, type Problem, type Result } from '../../errors/problem.ts'
import type { Log } from '../log.ts'
import type { LoginLocks } from '../login-locks.ts'
import type { Authenticator, Principal } from '../principal.ts'

const BEARER = /^Bearer ([\x21-\x7e]{1,200})$/i
const MS = 1_000

export interface LoginPorts {
  readonly authenticator: Authenticator
  readonly loginLocks: LoginLocks
  readonly log: Log
}

/** Who sends `Authorization: Bearer ID.SECRET` from `address`. Refuses `CREDENTIAL_WRONG`, `LOGIN_LOCKED`; failures count as those of terminals do. */
export function authorize(
  { authenticator, loginLocks, log }: LoginPorts,
  address: string,
  authorization: string,
): Result<Principal> {
  const refuse = (found: Problem) => {
    log({ event: 'login.refused', address, code: found.code })
    return failure(found)
  }
  const credential = BEARER.exec(authorization)?.[1]
  if (credential === undefined) return refuse(problem('CREDENTIAL_WRONG', ''))
  const lockedMs = loginLocks.lockedMs(address, credential)
  if (lockedMs > 0) {
    return refuse(problem('LOGIN_LOCKED', '', { seconds: Math.ceil(lockedMs / MS) }))
  }
  const principal = authenticator.authenticate(credential)
  if (principal !== undefined) return success(principal)
  loginLocks.failed(address, credential)
  return refuse(problem('CREDENTIAL_WRONG', ''))
}
