import type { RequestKey } from '../ledger/record.ts'

/** What is kept of an import with a record: how it ended, which the same import is answered, or how far it has come. */
export interface RegistryAnswer {
  /** Answered once. */
  readonly id: string
  /** Of the content; another one under the same id is another import. */
  readonly fingerprint: string
  readonly answer: Readonly<Record<string, unknown>>
}

/** No institution has this code: ids of imports are apart from those of requests. */
export const IMPORTS = '@imports'

export function importKey({ id, fingerprint }: Omit<RegistryAnswer, 'answer'>): RequestKey {
  return { hospital: IMPORTS, id, operation: 'registry.import', fingerprint }
}
