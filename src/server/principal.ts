export const ROLES = ['terminal', 'operator', 'insurer', 'auditor'] as const

export type Role = (typeof ROLES)[number]

/** Who is at the other end of a connection. */
export interface Principal {
  readonly id: string
  readonly role: Role
  /** Institution code: the only hospital a terminal acts for; no other role has one. */
  readonly hospital?: string
  /** Of the secret it logged in with: a principal may have several, each with days of its own. */
  readonly secretHash?: string
}

/** Knows who a credential belongs to; undefined when it is nobody's, or not valid now. */
export interface Authenticator {
  authenticate(credential: string): Principal | undefined
  /** Whether a principal that has logged in would still be let in with the same secret; absent: always. */
  isCurrent?(principal: Principal): boolean
}
