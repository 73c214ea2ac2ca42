import type { Engine } from '../../engine/open-engine.ts'
import type { Clock, Store } from '../../engine/ports.ts'
import type { EngineReply } from '../../engine/request.ts'
import type { Problem } from '../../errors/problem.ts'
import type { EventFrame } from '../../protocol/frames/event-frame.ts'
import type { FrameBody, RequestFrame } from '../../protocol/frames/request-frame.ts'
import type { Bilingual } from '../../rules/pack.ts'
import type { SchemaNode } from '../../rules/schema/schema-node.ts'
import type { IsAllowed, Standing } from '../access-ended.ts'
import type { ServerLimits } from '../limits.ts'
import type { Log } from '../log.ts'
import type { Principal, Role } from '../principal.ts'

export type JsonSchema = SchemaNode

export const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const

export type Method = (typeof METHODS)[number]

/** One operation of the HTTP interface. Login, role, shape, bounds and audit are the router's; `handle` gets what passed. */
export interface Route {
  /** Such as `packs.upload`: the action in the audit, `operationId` in the OpenAPI document. */
  readonly id: string
  readonly method: Method
  /** Such as `/v1/packs/{hash}`. */
  readonly path: string
  readonly roles: readonly Role[]
  /**
   * `mutation`: audited before and after; `personal`: audited before the answer leaves; `beside`: by `services.ask`, as what comes
   * over a terminal's connection is; `none`: nobody's data.
   */
  readonly audit: 'mutation' | 'personal' | 'beside' | 'none'
  /** An operation of terminals, over HTTP: bounded, counted and logged as it is over their connections. */
  readonly op?: 'quote' | 'settle'
  readonly summary: Bilingual
  /** Of the path, by name; their values are text. */
  readonly params?: Readonly<Record<string, JsonSchema>>
  /** Optional texts by name; any other name is refused. */
  readonly query?: Readonly<Record<string, JsonSchema>>
  /** Without which it is refused, by what it says of them itself. */
  readonly headers?: Readonly<Record<string, JsonSchema>>
  readonly body?: RouteBody
  /** JSON by this schema, or something else. */
  readonly answer: JsonSchema | OtherThanJson
  /** Also while the server stops or drains. */
  readonly whileStopping?: true
  readonly handle: (request: HttpRequest, services: HttpServices) => Promise<HttpReply>
}

/** One type, or those among which the query chooses. */
export interface OtherThanJson {
  readonly contentType: string | readonly string[]
}

export interface RouteBody {
  readonly contentTypes: readonly string[]
  /** `frame`: as many as a frame of a terminal may have. */
  readonly maxBytes: number | 'frame'
  /** Of a JSON body, checked before `handle`. */
  readonly schema?: JsonSchema
  /** Numbers come as their text, and nesting is bounded, as in a frame of a terminal: no amount passes through a double. */
  readonly isExact?: true
  readonly optional?: true
}

export interface HttpRequest {
  readonly principal: Principal
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** By lower-case name: `content-type`, `idempotency-key`, and what begins with `qingfen-`. */
  readonly headers: Readonly<Record<string, string>>
  /** Whole; empty when there is none. */
  readonly body: Uint8Array
  /** The body of a route with a schema, as it was parsed and checked; undefined when it is left out. */
  readonly json: unknown
  /** Notes in the audit what it is about: a person, a settlement, a hash. */
  readonly subject: (what: string) => void
}

export type HttpReply =
  | { readonly kind: 'json'; readonly status?: 200 | 201 | 202; readonly value: unknown }
  | {
      readonly kind: 'stream'
      readonly contentType: string
      /** With it a browser saves the answer instead of showing it. */
      readonly fileName?: string
      /** An empty one sends nothing: it is where the right to what follows is looked at again. */
      readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
      /** What but the credential must still hold for each chunk; absent: nothing. */
      readonly isAllowed?: IsAllowed
    }
  | {
      readonly kind: 'refused'
      readonly problems: readonly Problem[]
      readonly retryAfterMs?: number
      /** With QUOTE_CHANGED: the new split. */
      readonly split?: FrameBody
    }

/** In development mode packs need no signature; the server then listens on this machine only. */
export type ServerMode = 'production' | 'development'

/** What routes work with. */
export interface HttpServices extends Standing {
  readonly engine: Engine
  readonly store: Store
  readonly clock: Clock
  readonly limits: ServerLimits
  readonly log: Log
  readonly mode: ServerMode
  /** Folder for spools and backups; the server's own. */
  readonly workFolder: string
  /** Tells subscribed terminals. */
  readonly publish: (event: EventFrame) => void
  /** To be called after a change of credentials: it counts at once, and connections of who has none left are closed. */
  readonly keysChanged: () => void
  /** Asks the engine for what a terminal asks, with the audit, the figures and the log. */
  readonly ask: (principal: Principal, frame: RequestFrame) => Promise<EngineReply>
  /** Takes no new work from now on; says how many requests are in flight. */
  readonly drain: () => number
}
