import type { RegistryKind } from './entries.ts'

/** The entry that the register has now, with everything already written; undefined when it has none. */
export type Lookup = (kind: RegistryKind, id: string) => unknown
