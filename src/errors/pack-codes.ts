import { PACK_READ_CODES } from './pack-read-codes.ts'
import { PACK_SOURCE_CODES } from './pack-source-codes.ts'
import type { ErrorTrait } from './trait.ts'

/** Rule packs and jurisdiction profiles; wire numbers 300–349 and 380–399. */
export const PACK_CODES = {
  ...PACK_SOURCE_CODES,
  ...PACK_READ_CODES,
} as const satisfies Record<string, ErrorTrait>
