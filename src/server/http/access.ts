import { problem, type Problem } from '../../errors/problem.ts'
import type { Principal } from '../principal.ts'
import type { Route } from './route.ts'

/** Why `principal` may not use `route`; undefined when it may. */
export function mayUse(
  { id, roles }: Pick<Route, 'id' | 'roles'>,
  { role }: Principal,
): Problem | undefined {
  return roles.includes(role) ? undefined : problem('OPERATION_NOT_YOURS', '', { op: id, role })
}
