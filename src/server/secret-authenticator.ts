import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { failureOf, problem, success, type Problem, type Result } from '../errors/problem.ts'
import { ROLES, type Authenticator, type Principal, type Role } from './principal.ts'

/** One secret of a principal. Two records with one id let a secret be changed without a gap. */
export interface CredentialRecord {
  readonly id: string
  readonly role: Role
  /** Institution code; for a terminal and nobody else. */
  readonly hospital?: string
  /** SHA-256 of the text of the secret, 64 hexadecimal digits. */
  readonly secretHash: string
  /** When it is valid, milliseconds since 1970-01-01: from `from` to before `until`. */
  readonly from?: number
  readonly until?: number
}

interface Known {
  readonly principal: Principal
  readonly hash: Buffer
  readonly from: number
  readonly until: number
}

const ID = /^[A-Za-z0-9_.-]{1,64}$/
const HOSPITAL = /^[A-Za-z0-9_.-]{1,30}$/
const HASH = /^[0-9a-f]{64}$/
const SECRET_BYTES = 32
const NOBODY: readonly Known[] = []

/** A credential is `ID.SECRET`; the secret is 256 random bits in base64url, which has no dot. */
class SecretAuthenticator implements Authenticator {
  readonly #known: ReadonlyMap<string, readonly Known[]>
  readonly #now: () => number

  constructor(known: ReadonlyMap<string, readonly Known[]>, now: () => number) {
    this.#known = known
    this.#now = now
  }

  authenticate(credential: string): Principal | undefined {
    const dot = credential.lastIndexOf('.')
    const id = credential.slice(0, Math.max(dot, 0))
    const stated = sha256(credential.slice(dot + 1))
    const at = this.#now()
    let principal: Principal | undefined
    // An id that nobody has costs what a wrong secret costs: one hash and one comparison.
    const candidates = this.#known.get(id) ?? NOBODY
    if (candidates.length === 0) timingSafeEqual(stated, stated)
    for (const known of candidates) {
      const isEqual = timingSafeEqual(stated, known.hash)
      if (isEqual && at >= known.from && at < known.until) principal = known.principal
    }
    return principal
  }
}

/** Refuses `CREDENTIAL_RECORD_WRONG` for every record that is wrong. `now`: milliseconds since 1970-01-01. */
export function secretAuthenticator(
  records: readonly CredentialRecord[],
  now: () => number,
): Result<Authenticator> {
  const problems = records.flatMap(recordProblems)
  const known = new Map<string, Known[]>()
  for (const [index, record] of records.entries()) {
    const { id, role, hospital, secretHash, from = -Infinity, until = Infinity } = record
    const others = known.get(id) ?? []
    const principal = { id, role, ...(hospital !== undefined && { hospital }), secretHash }
    const first = others[0]?.principal
    if (first !== undefined && (first.role !== role || first.hospital !== hospital)) {
      problems.push(wrong(index, 'id', 'otherHolder'))
    }
    known.set(id, [...others, { principal, hash: Buffer.from(secretHash, 'hex'), from, until }])
  }
  return problems.length > 0 ? failureOf(problems) : success(new SecretAuthenticator(known, now))
}

function recordProblems(record: CredentialRecord, index: number): readonly Problem[] {
  const { id, role, hospital, secretHash, from = 0, until = 0 } = record
  const found: Problem[] = []
  if (!ID.test(id)) found.push(wrong(index, 'id', 'id'))
  if (!ROLES.includes(role)) found.push(wrong(index, 'role', 'role'))
  const isHospitalRight =
    role === 'terminal' ? hospital !== undefined && HOSPITAL.test(hospital) : hospital === undefined
  if (!isHospitalRight) found.push(wrong(index, 'hospital', 'hospital'))
  if (!HASH.test(secretHash)) found.push(wrong(index, 'secretHash', 'secretHash'))
  if (!Number.isSafeInteger(from)) found.push(wrong(index, 'from', 'milliseconds'))
  if (!Number.isSafeInteger(until)) found.push(wrong(index, 'until', 'milliseconds'))
  return found
}

function wrong(index: number, key: string, why: string): Problem {
  const at = `[${index}].${key}`
  return problem('CREDENTIAL_RECORD_WRONG', at, { at, why })
}

/** A new secret: `credential` is for the principal, shown once; `secretHash` for its record. */
export function newSecret(id: string): {
  readonly credential: string
  readonly secretHash: string
} {
  const secret = randomBytes(SECRET_BYTES).toString('base64url')
  return { credential: `${id}.${secret}`, secretHash: sha256(secret).toString('hex') }
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
