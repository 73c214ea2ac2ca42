import type { Engine } from '../engine/open-engine.ts'
import type { CredentialEntry } from '../ledger/credential.ts'
import { credentialRecords } from './credential-records.ts'
import type { Authenticator, Principal } from './principal.ts'
import { secretAuthenticator, type CredentialRecord } from './secret-authenticator.ts'

/** What an authenticator needs of the ledger it follows. */
type Register = Pick<Engine, 'registered'>

/**
 * Knows the credentials of a ledger as they are committed at the moment of the login, so that one that was made, changed or revoked
 * counts at once. Of an entry that is still there it keeps what it made of it. `now`: milliseconds since 1970-01-01.
 */
export class LedgerAuthenticator implements Authenticator {
  readonly #register: Register
  readonly #now: () => number
  /** Entries are never changed: another version is another object. */
  readonly #records = new WeakMap<CredentialEntry, readonly CredentialRecord[]>()

  constructor(register: Register, now: () => number) {
    this.#register = register
    this.#now = now
  }

  authenticate(credential: string): Principal | undefined {
    const entry = this.#entry(credential.slice(0, Math.max(credential.lastIndexOf('.'), 0)))
    const records = entry === undefined ? [] : this.#recordsOf(entry)
    // Without a record it compares all the same: an id that nobody has takes as long as a wrong secret.
    const authenticator = secretAuthenticator(records, this.#now)
    return authenticator.ok ? authenticator.value.authenticate(credential) : undefined
  }

  /** Whether the secret it logged in with still counts. */
  isCurrent({ id, role, hospital, secretHash }: Principal): boolean {
    const entry = this.#entry(id)
    if (entry?.role !== role || entry.hospital !== hospital) return false
    const at = this.#now()
    return this.#recordsOf(entry).some(
      (record) =>
        record.secretHash === secretHash &&
        at >= (record.from ?? -Infinity) &&
        at < (record.until ?? Infinity),
    )
  }

  #recordsOf(entry: CredentialEntry): readonly CredentialRecord[] {
    const known = this.#records.get(entry)
    if (known !== undefined) return known
    const records = credentialRecords([entry])
    this.#records.set(entry, records)
    return records
  }

  #entry(id: string): CredentialEntry | undefined {
    // Whoever writes entries of this kind writes them whole.
    return this.#register.registered('credential', id) as CredentialEntry | undefined
  }
}
