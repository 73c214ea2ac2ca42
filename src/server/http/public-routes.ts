import type { Problem } from '../../errors/problem.ts'
import { problem } from '../../errors/problem.ts'
import type { Metrics } from '../metrics.ts'
import type { RoutedApp } from '../releasable-app.ts'
import type { JsonSchema } from './route.ts'
import { Responder } from './responder.ts'

export interface PublicPorts {
  /** Absent: there is no such address. */
  readonly metrics?: Metrics
  readonly openApi: JsonSchema
  readonly isStopping: () => boolean
  /** Why the ledger takes nothing any more. */
  readonly halted: () => Problem | undefined
}

/** Addresses that need no login and say nothing of anybody. */
export const PUBLIC_PATHS = ['/health', '/ready', '/metrics', '/v1/openapi.json'] as const

/** `/health`: the process runs. `/ready`: it takes work. `/metrics`, `/v1/openapi.json`. */
export function routePublic(app: RoutedApp, ports: PublicPorts): void {
  const { metrics, openApi, isStopping, halted } = ports
  app.get('/health', (response) => {
    new Responder(response).json('200 OK', { status: 'up' })
  })
  app.get('/ready', (response) => {
    const why = halted() ?? (isStopping() ? problem('ENGINE_STOPPING', '') : undefined)
    const responder = new Responder(response)
    if (why === undefined) responder.json('200 OK', { status: 'ready' })
    else responder.refuse([why])
  })
  app.get('/v1/openapi.json', (response) => {
    new Responder(response).json('200 OK', openApi)
  })
  if (metrics === undefined) return
  app.get('/metrics', (response) => {
    const responder = new Responder(response)
    metrics.text().then(
      (text) => {
        responder.text('200 OK', metrics.contentType, text)
      },
      () => {
        responder.refuse([problem('DEFECT', '', { what: 'metrics' })])
      },
    )
  })
}
