import type { Configuration } from '../config/configuration.ts'
import { openEngine, type Engine } from '../engine/open-engine.ts'
import type { Clock, Store } from '../engine/ports.ts'
import { failureOf, success, type Result } from '../errors/problem.ts'
import { assert } from '../assert.ts'
import { LedgerAuthenticator } from '../server/ledger-authenticator.ts'
import { defectEntry } from '../server/log.ts'
import { Metrics } from '../server/metrics.ts'
import { openServer, TERMINAL_PATH, type Server } from '../server/open-server.ts'
import { openLedgerStore } from '../store/lmdb-store.ts'
import { Standby } from '../workers/standby.ts'
import type { ServiceLog } from './service-log.ts'
import { openWorkers } from './open-workers.ts'
import { PROGRAM_VERSION } from './version.ts'

export interface ServiceOptions {
  readonly configuration: Configuration
  readonly log: ServiceLog
  readonly clock: Clock
}

/** A ledger with an engine, and a server on it. */
export interface Service {
  readonly engine: Engine
  readonly store: Store
  readonly server: Server
  /** Where terminals connect to. */
  readonly terminalUrl: string
  /** Answers what is in flight, flushes, and closes everything. */
  stop(): Promise<void>
}

/** Refuses what the store, the engine and the server refuse; then nothing is left open. */
export async function openService(options: ServiceOptions): Promise<Result<Service>> {
  const { configuration, log } = options
  const store = await openLedgerStore(configuration.ledger.folder)
  if (!store.ok) return store
  const opened = await openOn(store.value, options)
  if (!opened.ok) {
    await store.value.close()
    return opened
  }
  const { engine, server, workers } = opened.value
  log({
    event: 'service.started',
    mode: configuration.mode,
    program: PROGRAM_VERSION,
    workers,
    records: engine.seq,
  })
  let stopped: Promise<void> | undefined
  const stop = async () => {
    await server.stop()
    await engine.close()
    await store.value.close()
    log({ event: 'service.stopped' })
  }
  return success({
    engine,
    store: store.value,
    server,
    terminalUrl: terminalUrl(configuration, server.port),
    stop: async () => (stopped ??= stop()),
  })
}

async function openOn(
  store: Store,
  { configuration, log, clock }: ServiceOptions,
): Promise<Result<{ readonly engine: Engine; readonly server: Server; readonly workers: number }>> {
  const onDefect = (error: unknown) => {
    log(defectEntry(error))
  }
  const content = (hash: string) => {
    const bytes = store.get('content', hash)
    assert(bytes !== undefined, 'the ledger has the content of every hash it names')
    return bytes
  }
  const now = () => performance.now()
  const opened = openWorkers({ workers: configuration.workers, content, onError: onDefect })
  if (!opened.ok) return opened
  const pool = opened.value
  const standby = pool === undefined ? new Standby({ content, onError: onDefect, now }) : undefined
  const evaluator = pool ?? standby
  const metrics = new Metrics()
  const engine = await openEngine({
    store,
    clock,
    meter: metrics.meter(now),
    settings: configuration.engine,
    onDefect,
    ...(evaluator !== undefined && { evaluator }),
    ...(standby !== undefined && { watch: standby }),
  })
  if (!engine.ok) {
    await evaluator?.close()
    return engine
  }
  const { host, port, tls } = configuration.server
  const server = await openServer({
    engine: engine.value,
    authenticator: new LedgerAuthenticator(engine.value, clock),
    host,
    port,
    ...(tls !== undefined && { tls }),
    limits: configuration.limits,
    clock,
    program: PROGRAM_VERSION,
    log,
    metrics,
    http: {
      engine: engine.value,
      store,
      mode: configuration.mode,
      workFolder: configuration.ledger.work,
      hasMetrics: configuration.metrics,
    },
  })
  if (!server.ok) {
    await engine.value.close()
    return failureOf(server.problems)
  }
  return success({
    engine: engine.value,
    server: server.value,
    workers: evaluator?.workers ?? 0,
  })
}

function terminalUrl({ server: { host, tls } }: Configuration, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const authority = name.includes(':') ? `[${name}]` : name
  return `${tls === undefined ? 'ws' : 'wss'}://${authority}:${port}${TERMINAL_PATH}`
}
