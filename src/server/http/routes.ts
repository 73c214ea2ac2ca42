import { AUDIT_ROUTES } from './audit-routes.ts'
import { INSURER_ROUTES } from '../insurers/routes.ts'
import { ROSTER_ROUTES } from '../insurers/roster-routes.ts'
import { SETTLEMENT_ROUTES } from '../insurers/settlement-routes.ts'
import { DAY_ROUTES } from '../operators/day-routes.ts'
import { KEY_ROUTES } from '../operators/key-routes.ts'
import { MAINTENANCE_ROUTES } from '../operators/maintenance-routes.ts'
import { REGISTRY_ROUTES } from '../operators/registry-routes.ts'
import { TERMINAL_ROUTES } from '../terminals/http-routes.ts'
import type { Route } from './route.ts'

/** The HTTP interface, whole. */
export const ROUTES: readonly Route[] = [
  ...INSURER_ROUTES,
  ...ROSTER_ROUTES,
  ...SETTLEMENT_ROUTES,
  ...REGISTRY_ROUTES,
  ...KEY_ROUTES,
  ...DAY_ROUTES,
  ...MAINTENANCE_ROUTES,
  ...AUDIT_ROUTES,
  ...TERMINAL_ROUTES,
]
