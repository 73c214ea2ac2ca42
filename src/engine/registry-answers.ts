import type { RequestKey } from '../ledger/record.ts'

/** The end of an import: what the same import is answered when it is asked for again. */
export interface RegistryAnswer {
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
