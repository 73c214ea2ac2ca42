import { problem } from '../../errors/problem.ts'
import type { Principal } from '../principal.ts'
import { Turns } from '../turns.ts'
import type { HttpReply, HttpServices } from './route.ts'

const TURNS = new Turns()

/**
 * Changes who may do what: one change after another, each on what the one before it has left, and none by somebody whose credential
 * it took away. Of two operators who revoke each other at once one stays.
 */
export async function changeAccess(
  services: HttpServices,
  principal: Principal,
  change: () => Promise<HttpReply>,
): Promise<HttpReply> {
  return TURNS.alone(services.engine, async () => ifCurrent(services, principal, change))
}

/** Work that has waited, if who asked for it still may. Refuses `CREDENTIAL_WRONG`. */
export async function ifCurrent(
  { isCurrent }: Pick<HttpServices, 'isCurrent'>,
  principal: Principal,
  work: () => Promise<HttpReply>,
): Promise<HttpReply> {
  return isCurrent(principal)
    ? work()
    : { kind: 'refused', problems: [problem('CREDENTIAL_WRONG', '')] }
}
