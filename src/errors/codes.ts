import { BILL_CODES } from './bill-codes.ts'
import { CATALOG_CODES } from './catalog-codes.ts'
import { CHECK_CODES } from './check-codes.ts'
import { CLI_CODES } from './cli-codes.ts'
import { ENGINE_CODES } from './engine-codes.ts'
import { EXPRESSION_CODES } from './expression-codes.ts'
import { HTTP_CODES } from './http-codes.ts'
import { INSURER_CODES } from './insurer-codes.ts'
import { LEDGER_CODES } from './ledger-codes.ts'
import { MONEY_CODES } from './money-codes.ts'
import { PACK_CODES } from './pack-codes.ts'
import { REGISTRY_CODES } from './registry-codes.ts'
import { RECONCILIATION_CODES } from './reconciliation-codes.ts'
import { ROSTER_CODES } from './roster-codes.ts'
import { SERVE_CODES } from './serve-codes.ts'
import { SERVER_CODES } from './server-codes.ts'
import { SETTLE_CODES } from './settle-codes.ts'
import { STORE_CODES } from './store-codes.ts'
import type { ErrorTrait } from './trait.ts'
import { VERIFY_CODES } from './verify-codes.ts'

/** The one error table. A code is never renumbered or reused; a retired one stays, marked as such. */
export const ERROR_TRAITS = {
  ...MONEY_CODES,
  ...CATALOG_CODES,
  ...PACK_CODES,
  ...EXPRESSION_CODES,
  ...CHECK_CODES,
  ...BILL_CODES,
  ...SETTLE_CODES,
  ...VERIFY_CODES,
  ...CLI_CODES,
  ...ENGINE_CODES,
  ...REGISTRY_CODES,
  ...STORE_CODES,
  ...RECONCILIATION_CODES,
  ...LEDGER_CODES,
  ...SERVER_CODES,
  ...HTTP_CODES,
  ...ROSTER_CODES,
  ...SERVE_CODES,
  ...INSURER_CODES,
} as const satisfies Record<string, ErrorTrait>

type Table = typeof ERROR_TRAITS

/** What a problem may be called: every code of the table that is not retired. */
export type ErrorCode = {
  [Code in keyof Table]: Table[Code] extends { readonly retired: true } ? never : Code
}[keyof Table]
