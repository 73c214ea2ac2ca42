import type { Route } from '../http/route.ts'
import { GRANT_ROUTES } from './grant-routes.ts'
import { PACK_COMMAND_ROUTES } from './pack-routes.ts'
import { PACK_VIEW_ROUTES } from './pack-view-routes.ts'
import { PROPOSAL_ROUTES } from './proposal-routes.ts'

/** Grants, packs and what waits for a second operator. */
export const INSURER_ROUTES: readonly Route[] = [
  ...GRANT_ROUTES,
  ...PACK_COMMAND_ROUTES,
  ...PACK_VIEW_ROUTES,
  ...PROPOSAL_ROUTES,
]
