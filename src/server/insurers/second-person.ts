import { INSURER_KINDS, type PackCommandName } from '../../ledger/grant.ts'
import type { PackKind } from '../../rules/kind.ts'

/** What puts a public pack in force: no operator does it alone. To hold one back, one is enough. */
export const SECOND_PERSON_COMMANDS = [
  'activate',
  'rollBack',
  'resume',
] as const satisfies readonly PackCommandName[]

/** Basic insurance, major illness, medical aid …: everything that no insurer brings. */
export function isPublicKind(kind: PackKind): boolean {
  return !INSURER_KINDS.some((one) => one === kind)
}
