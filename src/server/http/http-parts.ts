import type { Engine } from '../../engine/open-engine.ts'
import type { Store } from '../../engine/ports.ts'
import { activePacks } from '../active-packs.ts'
import type { RoutedApp } from '../releasable-app.ts'
import type { ServerContext } from '../terminals/context.ts'
import { askEngine } from '../terminals/ask-engine.ts'
import { openApiOf } from './openapi.ts'
import { routePublic } from './public-routes.ts'
import type { Route, ServerMode } from './route.ts'
import { routeHttp, type HttpContext, type HttpTraffic } from './router.ts'
import { ROUTES } from './routes.ts'

export interface HttpOptions {
  readonly engine: Engine
  readonly store: Store
  readonly mode: ServerMode
  /** Folder for spools and backups; the server's own. */
  readonly workFolder: string
  /** Whether `/metrics` answers; default true. */
  readonly hasMetrics?: boolean
  /** Default: the whole interface. */
  readonly routes?: readonly Route[]
}

/** The HTTP side of a server whose terminals share `context`. */
export function httpParts(context: ServerContext, options: HttpOptions): HttpContext {
  const { authenticator, clock, limits, log, loginLocks, metrics, audit, subscriptions } = context
  const { engine, store, mode, workFolder, routes = ROUTES } = options
  return {
    routes,
    authenticator,
    loginLocks,
    audit,
    metrics,
    isStopping: () => context.isStopping,
    terminals: () => context.terminals.size,
    inFlight: context.inFlight,
    program: context.program,
    services: {
      engine,
      store,
      clock,
      limits,
      log,
      mode,
      workFolder,
      isCurrent: (principal) => authenticator.isCurrent?.(principal) !== false,
      publish: (event) => {
        subscriptions.publish(event)
      },
      keysChanged: () => {
        keysChanged(context)
      },
      ask: async (principal, frame) => askEngine(context, principal, frame),
      drain: () => {
        context.isStopping = true
        subscriptions.publish({ event: 'engine.draining', withinMs: limits.stopMs })
        return context.inFlight.count
      },
    },
  }
}

function keysChanged({ authenticator, terminals }: ServerContext): void {
  for (const terminal of terminals) {
    const { principal } = terminal
    const isOut = principal !== undefined && authenticator.isCurrent?.(principal) === false
    if (isOut) terminal.close('CREDENTIAL_WRONG')
  }
}

/** Routes of `http` and those that need no login. */
export function routeHttpParts(
  app: RoutedApp,
  http: HttpContext,
  { engine, store, hasMetrics = true }: HttpOptions,
): HttpTraffic {
  const traffic = routeHttp(app, http)
  const { metrics } = http
  metrics.watch({
    waiting: () => engine.waiting,
    seq: () => engine.seq,
    terminals: () => http.terminals(),
    inFlight: () => http.inFlight.count + traffic.inFlight,
    activePacks: () => activePacks(store, engine),
  })
  routePublic(app, {
    ...(hasMetrics && { metrics }),
    openApi: openApiOf(http.routes, http.program),
    isStopping: http.isStopping,
    halted: () => engine.halted,
  })
  return traffic
}
