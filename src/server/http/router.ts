import type { HttpRequest as UwsRequest, HttpResponse } from 'uWebSockets.js'
import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../../errors/problem.ts'
import { mayUse } from './access.ts'
import { AccessEnded, whileAllowed } from '../access-ended.ts'
import type { AuditLog } from '../audit.ts'
import type { HeldBytes } from '../byte-room.ts'
import { defectProblem } from '../defect.ts'
import { InFlight } from '../in-flight.ts'
import { defectEntry, refusedEntry } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { LoginLocks } from '../login-locks.ts'
import type { Authenticator, Principal } from '../principal.ts'
import type { RoutedApp } from '../releasable-app.ts'
import { addressKey } from '../remote-address.ts'
import { authorize } from './authorize.ts'
import { ifCurrent } from './change-access.ts'
import {
  readExactJson,
  readJson,
  readQuery,
  readSegment,
  routeChecks,
  type RouteChecks,
  type Texts,
} from './check-request.ts'
import { Places } from './places.ts'
import { readBody } from './read-body.ts'
import { readHeaders } from './read-headers.ts'
import { Responder } from './responder.ts'
import {
  type HttpReply,
  type HttpRequest,
  type HttpServices,
  type Method,
  type Route,
} from './route.ts'
import { Trail } from './trail.ts'

export interface HttpContext {
  readonly routes: readonly Route[]
  readonly services: HttpServices
  readonly authenticator: Authenticator
  readonly loginLocks: LoginLocks
  readonly audit: AuditLog
  readonly isStopping: () => boolean
  readonly metrics: Metrics
  /** Connections, and requests of terminals that have no answer yet: over them, and over HTTP. */
  readonly terminals: () => number
  readonly inFlight: InFlight
  /** Version of the program. */
  readonly program: string
}

/** Requests whose work is not done, those among them whose client has gone; those of terminals are in the server's `inFlight`. */
export interface HttpTraffic {
  readonly inFlight: number
}

interface Served extends HttpContext {
  /** Of all but what terminals ask for. */
  readonly places: Places
  /** Of that: however much it is, the places of the others stay free. */
  readonly terminalPlaces: Places
}

/** Everything of a request that is gone once its handler has returned. */
interface Arrived {
  readonly route: Route
  readonly checks: RouteChecks
  readonly responder: Responder
  readonly address: string
  readonly authorization: string
  readonly segments: readonly string[]
  readonly query: string
  readonly headers: Texts
  /** With the headers. */
  readonly problems: readonly Problem[]
  readonly statedBytes: number | undefined
}

/** With a place among those in flight. */
interface Placed extends Arrived {
  readonly held: HeldBytes
}

/** Adds the routes to `app`; gives the count of requests whose work is not done. */
export function routeHttp(app: RoutedApp, context: HttpContext): HttpTraffic {
  const { httpRequests, httpRequestsPerPrincipal, httpBodyBytes } = context.services.limits
  const inFlight = new InFlight({
    inFlight: httpRequests,
    inFlightPerTerminal: httpRequestsPerPrincipal,
    inFlightBytes: httpBodyBytes,
  })
  const served: Served = {
    ...context,
    places: new Places(inFlight),
    terminalPlaces: new Places(context.inFlight, [inFlight.bytes]),
  }
  const methods = new Map<string, Method[]>()
  for (const route of context.routes) {
    const checks = routeChecks(route)
    const pattern = patternOf(route.path)
    methods.set(pattern, [...(methods.get(pattern) ?? []), route.method])
    app[VERB[route.method]](pattern, (response, request) => {
      const responder = new Responder(response)
      void take(served, arrived(route, checks, { responder, response, request }))
    })
  }
  for (const [pattern, known] of methods) {
    app.any(pattern, (response, request) => {
      const details = { method: request.getMethod().toUpperCase(), methods: known.join(', ') }
      new Responder(response).refuse([problem('METHOD_NOT_ALLOWED', '', details)], { close: true })
    })
  }
  return {
    get inFlight() {
      return inFlight.count
    },
  }
}

const VERB = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'del' } as const satisfies Record<
  Method,
  string
>

/** `/v1/packs/{hash}` as uWebSockets.js has it. */
function patternOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

function paramNames(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
}

interface Handed {
  readonly responder: Responder
  readonly response: HttpResponse
  readonly request: UwsRequest
}

function arrived(
  route: Route,
  checks: RouteChecks,
  { responder, response, request }: Handed,
): Arrived {
  const stated = request.getHeader('content-length')
  return {
    route,
    checks,
    responder,
    address: addressKey(response.getRemoteAddress()),
    authorization: request.getHeader('authorization'),
    segments: paramNames(route.path).map((_, index) => request.getParameter(index) ?? ''),
    query: request.getQuery(),
    ...readHeaders(request),
    statedBytes: stated === '' ? undefined : Number(stated),
  }
}

/** Never rejects. What is read of the body is asked for before the first wait, as uWebSockets.js wants it. */
async function take(served: Served, arrival: Arrived): Promise<void> {
  const { responder, route } = arrival
  const { limits, log } = served.services
  const hasBody = arrival.statedBytes !== 0 && route.method !== 'GET'
  const refuse = (problems: readonly Problem[], retryAfterMs?: number) => {
    responder.refuse(problems, {
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      close: hasBody,
    })
  }
  try {
    const login = authorize({ ...served, log }, arrival.address, arrival.authorization)
    if (!login.ok) {
      refuse(login.problems)
      return
    }
    const principal = login.value
    const { id } = principal
    const barred = mayUse(route, principal)
    if (barred !== undefined) {
      if (route.op !== undefined) log(refusedEntry(id, route.op, [barred]))
      refuse([barred])
      return
    }
    const stopped = stopping(served, route)
    if (stopped !== undefined) {
      refuse([stopped], limits.retryAfterMs)
      return
    }
    const places = route.op === undefined ? served.places : served.terminalPlaces
    // One that stalls its answers, or sends much that takes long, leaves room for the others.
    const max = places.brokenBound(id)
    if (max !== undefined) {
      refuse([problem('OVERLOADED', '', { max })], limits.retryAfterMs)
      return
    }
    const done = places.take(id)
    const held = places.held()
    try {
      await answer(served, { ...arrival, held }, principal)
    } finally {
      held.giveAll()
      done()
    }
  } catch (error) {
    log(defectEntry(error))
    refuse([defectProblem(error)])
    responder.cut()
  }
}

function stopping({ isStopping }: Served, { whileStopping }: Route): Problem | undefined {
  return isStopping() && whileStopping !== true ? problem('ENGINE_STOPPING', '') : undefined
}

async function answer(served: Served, arrival: Placed, principal: Principal): Promise<void> {
  const { responder, route } = arrival
  const { limits } = served.services
  const read = valuesOf(arrival)
  if (!read.ok) {
    responder.refuse(read.problems, { close: true })
    return
  }
  const values = read.value
  const body = await bodyOf(served, arrival)
  if (body === undefined) return
  if (!body.ok) {
    responder.refuse(body.problems, { close: true, retryAfterMs: limits.retryAfterMs })
    return
  }
  // A body may take its time, and the credential may be gone meanwhile.
  if (served.authenticator.isCurrent?.(principal) === false) {
    responder.refuse([problem('CREDENTIAL_WRONG', '')])
    return
  }
  const trail = new Trail(served.audit, route, principal, Object.values(values.params).join(' '))
  const unasked = await trail.begin()
  if (unasked !== undefined) {
    responder.refuse(unasked, { retryAfterMs: limits.retryAfterMs })
    return
  }
  const { headers } = arrival
  const subject = (what: string) => {
    trail.subject = what
  }
  const request = { principal, ...values, headers, ...body.value, subject }
  const began = performance.now()
  // Nor need it be there any more when what is asked is in the audit.
  const reply = await ifCurrent(served.services, principal, async () =>
    route.handle(request, served.services),
  )
  const unwritten = await trail.end(reply)
  const sent = unwritten ?? reply
  // What terminals ask for is in the figures as `services.ask` counts it.
  if (route.op === undefined) {
    const outcome = sent.kind === 'refused' ? (sent.problems[0]?.code ?? 'refused') : 'done'
    served.metrics.answered(route.id, outcome, performance.now() - began)
  }
  try {
    await send(served, arrival, { reply: sent, principal })
  } catch (error) {
    if (!(error instanceof AccessEnded)) throw error
    // What is on its way ends without its end, so that nobody takes it for whole; where nothing is, it is refused.
    responder.refuse([problem('DOWNLOAD_ACCESS_ENDED', '')])
    await trail.cut('DOWNLOAD_ACCESS_ENDED')
  }
}

interface Values {
  readonly params: Texts
  readonly query: Texts
}

function valuesOf(arrival: Arrived): Result<Values> {
  const { route, checks, segments, query } = arrival
  const params: Record<string, string> = {}
  const problems = [...arrival.problems]
  for (const [index, name] of paramNames(route.path).entries()) {
    const read = readSegment(segments[index] ?? '')
    if (read.ok) params[name] = read.value
    else problems.push(...read.problems)
  }
  const asked = readQuery(query)
  if (!asked.ok) problems.push(...asked.problems)
  if (problems.length > 0 || !asked.ok) return failureOf(problems)
  const values = asked.value
  problems.push(...checks.params(params), ...checks.query(values))
  return problems.length > 0 ? failureOf(problems) : success({ params, query: values })
}

type ReadBody = Pick<HttpRequest, 'body' | 'json'>

/** The body, or the problems with it; undefined when the connection has gone. */
async function bodyOf(
  { services }: Served,
  { route, checks, responder, headers, statedBytes, held }: Placed,
): Promise<Result<ReadBody> | undefined> {
  const { body } = route
  if (route.method === 'GET') return success({ body: new Uint8Array(), json: undefined })
  const stated = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const isEmpty = statedBytes === 0
  if (
    body !== undefined &&
    !(isEmpty && body.optional === true) &&
    !body.contentTypes.includes(stated)
  ) {
    const types = body.contentTypes.join(', ')
    return failure(problem('CONTENT_TYPE_WRONG', '', { stated, types }))
  }
  const { bodyMs, frameBytes } = services.limits
  const maxBytes = body?.maxBytes === 'frame' ? frameBytes : (body?.maxBytes ?? 0)
  const bounds = { maxBytes, statedBytes, bodyMs, held }
  const read = await readBody(responder, bounds)
  if (read?.ok !== true) return read
  if (body?.schema === undefined || (body.optional === true && read.value.byteLength === 0)) {
    return success({ body: read.value, json: undefined })
  }
  const tree = body.isExact === true ? readExactJson(read.value) : readJson(read.value)
  if (!tree.ok) return tree
  const wrong = checks.body(tree.value)
  return wrong.length > 0 ? failureOf(wrong) : success({ body: read.value, json: tree.value })
}

async function send(
  { services }: Served,
  { responder, route }: Arrived,
  { reply, principal }: { readonly reply: HttpReply; readonly principal: Principal },
): Promise<void> {
  switch (reply.kind) {
    case 'json':
      responder.json(STATUS[reply.status ?? 200], reply.value)
      return
    case 'stream': {
      const name = reply.fileName ?? `${route.id}.txt`
      const headers = {
        'content-type': reply.contentType,
        'content-disposition': `attachment; filename="${name.replaceAll(/[^\w.-]/g, '_')}"`,
      }
      const { chunks, isAllowed = () => true } = reply
      const isStill = () => services.isCurrent(principal) && isAllowed()
      await responder.stream(headers, whileAllowed(chunks, isStill))
      return
    }
    case 'refused': {
      const { problems, ...extras } = reply
      responder.refuse(problems, extras)
    }
  }
}

const STATUS = { 200: '200 OK', 201: '201 Created', 202: '202 Accepted' } as const
