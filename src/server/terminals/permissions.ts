import type { FrameOperation } from '../../protocol/frames/operations.ts'
import { ROLES, type Role } from '../principal.ts'

const TERMINAL: readonly Role[] = ['terminal']
const OPERATOR: readonly Role[] = ['operator']
const BOTH: readonly Role[] = ['terminal', 'operator']

/** Who may ask for what on a connection. Insurers and auditors have no operation of their own here yet. */
const ROLES_OF: Readonly<Record<FrameOperation, readonly Role[]>> = {
  hello: ROLES,
  ping: ROLES,
  subscribe: BOTH,
  explain: BOTH,
  quote: TERMINAL,
  settle: TERMINAL,
  prepare: TERMINAL,
  confirm: TERMINAL,
  cancel: TERMINAL,
  unresolved: BOTH,
  'lines.add': TERMINAL,
  'lines.withdraw': TERMINAL,
  reverse: TERMINAL,
  resettle: TERMINAL,
  find: BOTH,
  // An accounting day is totalled by hospital: without one there is nothing to total.
  dayTotals: TERMINAL,
  supplement: OPERATOR,
  recalculate: OPERATOR,
  closeDay: OPERATOR,
  'platform.confirm': OPERATOR,
}

export function mayDo(role: Role, op: FrameOperation): boolean {
  return ROLES_OF[op].includes(role)
}
