import type { Route, ServerMode } from '../../../src/server/http/route.ts'
import { createKey, type NewKey } from '../../../src/server/keys.ts'
import { LedgerAuthenticator } from '../../../src/server/ledger-authenticator.ts'
import { openServer } from '../../../src/server/open-server.ts'
import { accepted } from '../../conformance/rules.ts'
import { NOW, type RouteTown } from './route-town.ts'

export interface ServedRoutes {
  readonly port: number
  /** What each may log in with, by id. */
  readonly credentials: ReadonlyMap<string, string>
  /** Stops the server; the town is still open. */
  stop(): Promise<void>
  /** Stops the server and closes the town. */
  close(): Promise<void>
}

/** The whole interface of a town on a real socket, for `people`. */
export async function serveRoutes(
  town: RouteTown,
  people: readonly (NewKey & { readonly id: string })[],
  {
    mode = 'production',
    routes,
  }: { readonly mode?: ServerMode; readonly routes?: readonly Route[] } = {},
): Promise<ServedRoutes> {
  const credentials = new Map<string, string>()
  for (const key of people) {
    credentials.set(key.id, accepted(await createKey(town.engine, key), 'key').credential ?? '')
  }
  const { engine, store, workFolder } = town
  const clock = () => NOW
  const opened = await openServer({
    engine,
    authenticator: new LedgerAuthenticator(engine, clock),
    host: '127.0.0.1',
    port: 0,
    clock,
    program: '0.1.0',
    http: { engine, store, mode, workFolder, ...(routes !== undefined && { routes }) },
  })
  const server = accepted(opened, 'server')
  const stop = async () => {
    await server.stop()
  }
  const close = async () => {
    await stop()
    await town.close()
  }
  return { port: server.port, credentials, stop, close }
}
