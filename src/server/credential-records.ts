import { parseEpochDay } from '../catalog/epoch-day.ts'
import type { CredentialEntry } from '../ledger/credential.ts'
import type { CredentialRecord } from './secret-authenticator.ts'

const DAY_MS = 86_400_000
/** Days of the ledger are those of China, eight hours before UTC all year. */
const SHANGHAI_MS = 28_800_000

/** The credentials of a ledger as the authenticator takes them: one record a secret. */
export function credentialRecords(
  entries: readonly CredentialEntry[],
): readonly CredentialRecord[] {
  return entries.flatMap(({ id, role, hospital, secrets }) =>
    secrets.map(({ secretHash, from, until }) => ({
      id,
      role,
      ...(hospital !== undefined && { hospital }),
      secretHash,
      ...(from !== undefined && { from: endOf(from) - DAY_MS }),
      ...(until !== undefined && { until: endOf(until) }),
    })),
  )
}

/** The first moment after the day; of what is no day NaN, which the authenticator refuses. */
function endOf(day: string): number {
  return ((parseEpochDay(day) ?? Number.NaN) + 1) * DAY_MS - SHANGHAI_MS
}
