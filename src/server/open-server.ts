import { accessSync, constants } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import {
  App,
  SSLApp,
  us_listen_socket_close,
  us_socket_local_port,
  type ListenOptions,
  type TemplatedApp,
  type us_listen_socket,
} from 'uWebSockets.js'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import type { Clock } from '../engine/ports.ts'
import { AuditLog } from './audit.ts'
import { stopBackground } from './background.ts'
import { InFlight } from './in-flight.ts'
import { serverLimits, type ServerLimits } from './limits.ts'
import { httpParts, routeHttpParts, type HttpOptions } from './http/http-parts.ts'
import type { HttpTraffic } from './http/router.ts'
import { unfailing, type Log } from './log.ts'
import { Metrics } from './metrics.ts'
import { LoginLocks } from './login-locks.ts'
import type { Authenticator } from './principal.ts'
import { refuseHttp } from './refuse-http.ts'
import { releasableApp, type RoutedApp } from './releasable-app.ts'
import { subprotocolUnknown, terminalBehavior, type SocketData } from './terminals/behavior.ts'
import type { ServedEngine, ServerContext } from './terminals/context.ts'
import { stopTerminals } from './terminals/stop-terminals.ts'
import { Subscriptions } from './terminals/subscriptions.ts'

const PORT_MOST = 65_535

/** Where terminals connect to. */
export const TERMINAL_PATH = '/v1/terminal'

export interface ServerOptions {
  /** Stays open when the server stops: it is its opener's to close, afterwards. */
  readonly engine: ServedEngine
  readonly authenticator: Authenticator
  /** Name or address to listen on. */
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  /** PEM files; absent: without TLS. */
  readonly tls?: { readonly certificate: string; readonly key: string }
  readonly limits?: Partial<ServerLimits>
  readonly clock: Clock
  /** Version of the program, said in the answer to hello. */
  readonly program: string
  /** Default: nothing is logged. */
  readonly log?: Log
  /** Absent: terminals only. */
  readonly http?: HttpOptions
  /** Those that the engine's writer is measured with, too; absent: the server's own. */
  readonly metrics?: Metrics
}

export interface Server {
  readonly port: number
  /** Answers what is in flight and closes; takes `stopMs` at most and a moment for the last bytes. */
  stop(): Promise<void>
  /** Closes the connections of a principal whose credential has ended; gives their number. */
  disconnect(principalId: string): number
}

/** Listens. Refuses `LIMIT_WRONG`, `CERTIFICATE_UNUSABLE`, `LISTEN_FAILED`. */
export async function openServer(options: ServerOptions): Promise<Result<Server>> {
  const limits = serverLimits(options.limits ?? {})
  if (!limits.ok) return limits
  const opened = openApp(options.tls)
  if (!opened.ok) return opened
  const app = opened.value
  const context = contextOf(options, limits.value)
  const { routes, release } = releasableApp(app)
  const traffic = route(routes, context, options.http)
  const { host, port } = options
  const listening = await listen(app, host, port)
  if (listening === undefined) {
    app.close()
    release()
    return failure(
      problem('LISTEN_FAILED', '', { host, port, other: port < PORT_MOST ? port + 1 : port - 1 }),
    )
  }
  const actual = us_socket_local_port(listening)
  context.log({ event: 'server.listening', port: actual })
  let stopped: Promise<void> | undefined
  const stop = async () =>
    (stopped ??= stopServer(app, listening, context, traffic, options.http).finally(release))
  return success({ port: actual, stop, disconnect: (id) => disconnect(context, id) })
}

function disconnect({ terminals }: ServerContext, principalId: string): number {
  const theirs = [...terminals].filter(({ principal }) => principal?.id === principalId)
  for (const terminal of theirs) terminal.close('CREDENTIAL_WRONG')
  return theirs.length
}

function contextOf(options: ServerOptions, limits: ServerLimits): ServerContext {
  const { engine, authenticator, clock, program, log = () => undefined } = options
  const { metrics = new Metrics() } = options
  return {
    engine,
    authenticator,
    limits,
    clock,
    program,
    log: unfailing(log),
    audit: new AuditLog(engine),
    metrics,
    loginLocks: new LoginLocks(limits, clock),
    inFlight: new InFlight(limits),
    subscriptions: new Subscriptions(),
    terminals: new Set(),
    isStopping: false,
  }
}

function openApp(tls: ServerOptions['tls']): Result<TemplatedApp> {
  if (tls === undefined) return success(App())
  try {
    for (const file of [tls.certificate, tls.key]) accessSync(file, constants.R_OK)
    return success(SSLApp({ cert_file_name: tls.certificate, key_file_name: tls.key }))
  } catch (error) {
    const why = error instanceof Error ? error.message : ''
    return failure(problem('CERTIFICATE_UNUSABLE', '', { why }))
  }
}

function route(app: RoutedApp, context: ServerContext, http: HttpOptions | undefined): HttpTraffic {
  app.ws<SocketData>(TERMINAL_PATH, terminalBehavior(context))
  app.any(TERMINAL_PATH, (response) => {
    refuseHttp(response, '426 Upgrade Required', subprotocolUnknown())
  })
  const traffic =
    http === undefined ? { inFlight: 0 } : routeHttpParts(app, httpParts(context, http), http)
  app.any('/*', (response) => {
    refuseHttp(response, '404 Not Found', problem('ROUTE_UNKNOWN', ''))
  })
  return traffic
}

/** `listen` as it is; the declarations leave out a host together with options. */
interface HostListening {
  listen(
    host: string,
    port: number,
    options: ListenOptions,
    done: (socket: us_listen_socket | false) => void,
  ): unknown
}

/** Alone on its port: the default would share it with another process, and each would get some of the connections. */
const LISTEN_EXCLUSIVE: ListenOptions = 1

async function listen(
  app: TemplatedApp,
  host: string,
  port: number,
): Promise<us_listen_socket | undefined> {
  return new Promise((resolve) => {
    ;(app as unknown as HostListening).listen(host, port, LISTEN_EXCLUSIVE, (socket) => {
      resolve(socket === false ? undefined : socket)
    })
  })
}

/** For a close frame to leave before the connection is cut, ms. */
const LINGER_MS = 100

async function stopServer(
  app: TemplatedApp,
  listening: us_listen_socket,
  context: ServerContext,
  traffic: HttpTraffic,
  http: HttpOptions | undefined,
): Promise<void> {
  us_listen_socket_close(listening)
  const [unanswered] = await Promise.all([
    stopTerminals(context, traffic),
    http && stopBackground(http.engine, context.limits.stopMs),
  ])
  await wait(LINGER_MS)
  app.close()
  context.log({ event: 'server.stopped', unanswered })
}
