import { AUDIT_ROUTES } from './audit-routes.ts'
import type { Route } from './route.ts'

/** The HTTP interface, whole. */
export const ROUTES: readonly Route[] = [...AUDIT_ROUTES]
