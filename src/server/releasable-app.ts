import type { TemplatedApp } from 'uWebSockets.js'

type Routing = 'get' | 'post' | 'put' | 'del' | 'any' | 'ws'

/** What routes are added to. */
export type RoutedApp = Pick<TemplatedApp, Routing>

type AnyHandler = (...given: never[]) => unknown

/**
 * uWebSockets.js keeps every handler for the life of the process, also after `close`. Routes added through this one hold their
 * handlers in a table of ours: after `release` a stopped server, its engine and ledger can be collected.
 */
export function releasableApp(app: TemplatedApp): {
  readonly routes: RoutedApp
  readonly release: () => void
} {
  const handlers: AnyHandler[] = []
  const kept = <F extends AnyHandler>(handler: F): F => {
    const place = handlers.push(handler) - 1
    return ((...given: Parameters<F>) => handlers[place]?.(...given)) as F
  }
  const routes: RoutedApp = {
    get: (pattern, handler) => app.get(pattern, kept(handler)),
    post: (pattern, handler) => app.post(pattern, kept(handler)),
    put: (pattern, handler) => app.put(pattern, kept(handler)),
    del: (pattern, handler) => app.del(pattern, kept(handler)),
    any: (pattern, handler) => app.any(pattern, kept(handler)),
    ws: (pattern, behavior) => {
      const { upgrade, open, message, close } = behavior
      return app.ws(pattern, {
        ...behavior,
        ...(upgrade && { upgrade: kept(upgrade) }),
        ...(open && { open: kept(open) }),
        ...(message && { message: kept(message) }),
        ...(close && { close: kept(close) }),
      })
    },
  }
  return {
    routes,
    release: () => {
      handlers.length = 0
    },
  }
}
