import { randomBytes } from 'node:crypto'
import type { Engine } from '../engine/open-engine.ts'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import type { CredentialEntry } from '../ledger/credential.ts'
import { credentialRecords } from './credential-records.ts'
import type { Role } from './principal.ts'
import { newSecret, secretAuthenticator } from './secret-authenticator.ts'
import { Turns } from './turns.ts'

export interface NewKey {
  readonly role: Role
  /** Default: one that is made. */
  readonly id?: string
  /** Of a terminal. */
  readonly hospital?: string
  readonly name?: string
  /** First and last day, `YYYY-MM-DD`. */
  readonly from?: string
  readonly until?: string
}

/** What is shown of a credential: never a hash; `credential` once, when its secret is made. */
export interface ShownKey extends Omit<CredentialEntry, 'secrets'> {
  /** Of each secret. */
  readonly from: readonly (string | null)[]
  readonly until: readonly (string | null)[]
  readonly credential?: string
}

type KeyEngine = Pick<Engine, 'credentials' | 'registered' | 'registry'>

const TURNS = new Turns()

export function listKeys(engine: KeyEngine): readonly ShownKey[] {
  return engine.credentials().map((entry) => shown(entry))
}

/** Refuses `CREDENTIAL_EXISTS`, `HOSPITAL_UNKNOWN`, `CREDENTIAL_RECORD_WRONG`. */
export async function createKey(engine: KeyEngine, key: NewKey): Promise<Result<ShownKey>> {
  const { role, hospital, name, from, until } = key
  return TURNS.alone(engine, async () => {
    const id = key.id ?? `${role}-${randomBytes(4).toString('hex')}`
    if (find(engine, id) !== undefined) return failure(problem('CREDENTIAL_EXISTS', 'id', { id }))
    // It would let nobody in, ever.
    if (from !== undefined && until !== undefined && until < from) {
      return failure(problem('CREDENTIAL_RECORD_WRONG', 'until', { at: 'until', why: 'days' }))
    }
    const { credential, secretHash } = newSecret(id)
    const days = { ...(from !== undefined && { from }), ...(until !== undefined && { until }) }
    const entry: CredentialEntry = {
      id,
      role,
      ...(hospital !== undefined && { hospital }),
      ...(name !== undefined && { name }),
      secrets: [{ secretHash, ...days }],
    }
    if (hospital !== undefined && engine.registered('hospital', hospital) === undefined) {
      return failure(problem('HOSPITAL_UNKNOWN', 'hospital', { hospital }))
    }
    return written(engine, id, entry, shown(entry, credential))
  })
}

/** A new secret; the ones there were end with the day `oldUntil`, or at once without it. Refuses `CREDENTIAL_UNKNOWN`, `CREDENTIAL_RECORD_WRONG`. */
export async function rotateKey(
  engine: KeyEngine,
  id: string,
  oldUntil?: string,
): Promise<Result<ShownKey>> {
  return TURNS.alone(engine, async () => {
    const entry = find(engine, id)
    if (entry === undefined) return unknown(id)
    const { credential, secretHash } = newSecret(id)
    // A secret that would have ended sooner still does.
    const kept =
      oldUntil === undefined
        ? []
        : entry.secrets.map((secret) => ({ ...secret, until: earlier(secret.until, oldUntil) }))
    const next = { ...entry, secrets: [...kept, { secretHash }] }
    return written(engine, id, next, shown(next, credential))
  })
}

/** Takes a credential away with all its secrets. Refuses `CREDENTIAL_UNKNOWN`. */
export async function revokeKey(engine: KeyEngine, id: string): Promise<Result<ShownKey>> {
  return TURNS.alone(engine, async () => {
    const entry = find(engine, id)
    if (entry === undefined) return unknown(id)
    return written(engine, id, undefined, shown({ ...entry, secrets: [] }))
  })
}

function earlier(until: string | undefined, oldUntil: string): string {
  return until !== undefined && until < oldUntil ? until : oldUntil
}

async function written(
  engine: KeyEngine,
  id: string,
  entry: CredentialEntry | undefined,
  answer: ShownKey,
): Promise<Result<ShownKey>> {
  // One record that is wrong would keep everybody out.
  const records = entry === undefined ? [] : credentialRecords([entry])
  const right = secretAuthenticator(records, () => 0)
  if (!right.ok) return right
  const done = await engine.registry('key', [{ kind: 'credential', id, entry }])
  return done.ok ? success(answer) : done
}

function find(engine: KeyEngine, id: string): CredentialEntry | undefined {
  return engine.credentials().find((one) => one.id === id)
}

function unknown<T>(id: string): Result<T> {
  return failure(problem('CREDENTIAL_UNKNOWN', 'id', { id }))
}

function shown({ secrets, ...entry }: CredentialEntry, credential?: string): ShownKey {
  return {
    ...entry,
    from: secrets.map(({ from }) => from ?? null),
    until: secrets.map(({ until }) => until ?? null),
    ...(credential !== undefined && { credential }),
  }
}
