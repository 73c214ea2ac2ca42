import type { Principal } from './principal.ts'

/** Leaves long work whose sender has lost the right to it since it began: a credential revoked or replaced, a grant ended or narrowed. */
export class AccessEnded extends Error {
  override readonly name = 'AccessEnded'
}

/** Whether work goes on. Cheap enough to be asked after every slice. */
export type IsAllowed = () => boolean

/** The parts of an answer while `isAllowed`; throws `AccessEnded` before the first that is not. */
export async function* whileAllowed<T>(
  parts: AsyncIterable<T> | Iterable<T>,
  isAllowed: IsAllowed,
): AsyncGenerator<T> {
  for await (const part of parts) {
    if (!isAllowed()) throw new AccessEnded()
    yield part
  }
}

/** Who may be asked about after the login. */
export interface Standing {
  /** Whether the secret that `principal` logged in with still counts. */
  readonly isCurrent: (principal: Principal) => boolean
}
