import type { HttpRequest as UwsRequest, HttpResponse } from 'uWebSockets.js'
import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../../errors/problem.ts'
import type { ErrorCode } from '../../errors/codes.ts'
import type { AuditEntry } from '../../ledger/record.ts'
import { mayUse } from './access.ts'
import { AccessEnded, whileAllowed } from '../access-ended.ts'
import type { AuditLog } from '../audit.ts'
import { defectEntry } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { LoginLocks } from '../login-locks.ts'
import type { Authenticator, Principal } from '../principal.ts'
import type { RoutedApp } from '../releasable-app.ts'
import { addressKey } from '../remote-address.ts'
import { authorize } from './authorize.ts'
import {
  readExactJson,
  readJson,
  readQuery,
  readSegment,
  routeChecks,
  type RouteChecks,
  type Texts,
} from './check-request.ts'
import { BodyBytes, HeldBytes, readBody } from './read-body.ts'
import { Responder } from './responder.ts'
import {
  type HttpReply,
  type HttpRequest,
  type HttpServices,
  type Method,
  type Route,
} from './route.ts'

export interface HttpContext {
  readonly routes: readonly Route[]
  readonly services: HttpServices
  readonly authenticator: Authenticator
  readonly loginLocks: LoginLocks
  readonly audit: AuditLog
  readonly isStopping: () => boolean
  readonly metrics: Metrics
  /** Connections, and requests over them that have no answer yet. */
  readonly terminals: () => number
  readonly inFlight: () => number
  /** Version of the program. */
  readonly program: string
}

/** Requests whose work is not done, those among them whose client has gone. */
export interface HttpTraffic {
  inFlight: number
}

interface Served extends HttpContext {
  readonly traffic: HttpTraffic
  /** Of `traffic`, by principal. */
  readonly byPrincipal: Map<string, number>
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
  readonly statedBytes: number | undefined
  readonly held: HeldBytes
}

/** Adds the routes to `app`; gives the count of requests whose work is not done. */
export function routeHttp(app: RoutedApp, context: HttpContext): HttpTraffic {
  const traffic: HttpTraffic = { inFlight: 0 }
  const held = new BodyBytes(context.services.limits.httpBodyBytes)
  const served: Served = { ...context, traffic, byPrincipal: new Map() }
  const methods = new Map<string, Method[]>()
  for (const route of context.routes) {
    const checks = routeChecks(route)
    const pattern = patternOf(route.path)
    methods.set(pattern, [...(methods.get(pattern) ?? []), route.method])
    app[VERB[route.method]](pattern, (response, request) => {
      const responder = new Responder(response)
      const arrival = arrived(route, checks, { responder, response, request })
      void take(served, { ...arrival, held: new HeldBytes(held) })
    })
  }
  for (const [pattern, known] of methods) {
    app.any(pattern, (response, request) => {
      const details = { method: request.getMethod().toUpperCase(), methods: known.join(', ') }
      new Responder(response).refuse([problem('METHOD_NOT_ALLOWED', '', details)], { close: true })
    })
  }
  return traffic
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
): Omit<Arrived, 'held'> {
  const headers: Record<string, string> = {}
  request.forEach((name, value) => {
    if (/^(content-type|idempotency-key|qingfen-[a-z-]{1,40})$/.test(name)) headers[name] = value
  })
  const stated = request.getHeader('content-length')
  return {
    route,
    checks,
    responder,
    address: addressKey(response.getRemoteAddress()),
    authorization: request.getHeader('authorization'),
    segments: paramNames(route.path).map((_, index) => request.getParameter(index) ?? ''),
    query: request.getQuery(),
    headers,
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
  if (served.traffic.inFlight >= limits.httpRequests) {
    refuse([problem('OVERLOADED', '', { max: limits.httpRequests })], limits.retryAfterMs)
    return
  }
  served.traffic.inFlight += 1
  try {
    const login = authorize({ ...served, log }, arrival.address, arrival.authorization)
    if (!login.ok) {
      refuse(login.problems)
      return
    }
    const stopped = stopping(served, route)
    const wrong = mayUse(route, login.value) ?? stopped
    if (wrong !== undefined) {
      refuse([wrong], wrong === stopped ? limits.retryAfterMs : undefined)
      return
    }
    const { id } = login.value
    const theirs = served.byPrincipal.get(id) ?? 0
    // One that stalls its answers, or sends much that takes long, leaves room for the others.
    if (theirs >= limits.httpRequestsPerPrincipal) {
      const max = limits.httpRequestsPerPrincipal
      refuse([problem('OVERLOADED', '', { max })], limits.retryAfterMs)
      return
    }
    served.byPrincipal.set(id, theirs + 1)
    try {
      await answer(served, arrival, login.value)
    } finally {
      const left = (served.byPrincipal.get(id) ?? 1) - 1
      if (left > 0) served.byPrincipal.set(id, left)
      else served.byPrincipal.delete(id)
    }
  } catch (error) {
    log(defectEntry(error))
    const what = error instanceof Error ? error.message : ''
    refuse([problem('DEFECT', '', { what })])
    responder.cut()
  } finally {
    arrival.held.giveAll()
    served.traffic.inFlight -= 1
  }
}

function stopping({ isStopping }: Served, { whileStopping }: Route): Problem | undefined {
  return isStopping() && whileStopping !== true ? problem('ENGINE_STOPPING', '') : undefined
}

async function answer(served: Served, arrival: Arrived, principal: Principal): Promise<void> {
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
  const reply = await route.handle(request, served.services)
  const unwritten = await trail.end(reply)
  const sent = unwritten ?? reply
  const outcome = sent.kind === 'refused' ? (sent.problems[0]?.code ?? 'refused') : 'done'
  served.metrics.answered(route.id, outcome, performance.now() - began)
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

function valuesOf({ route, checks, segments, query }: Arrived): Result<Values> {
  const params: Record<string, string> = {}
  const problems: Problem[] = []
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
  { route, checks, responder, headers, statedBytes, held }: Arrived,
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

/** The audit of one request. */
class Trail {
  subject: string
  readonly #audit: AuditLog
  readonly #route: Route
  readonly #principal: Principal

  constructor(audit: AuditLog, route: Route, principal: Principal, subject: string) {
    this.#audit = audit
    this.#route = route
    this.#principal = principal
    this.subject = subject
  }

  /** A change is noted before it is tried: there is none that nobody is known to have asked for. Why it cannot be noted. */
  async begin(): Promise<readonly Problem[] | undefined> {
    if (this.#route.audit !== 'mutation') return undefined
    const written = await this.#audit.note(this.#entry('asked'))
    return written.ok ? undefined : written.problems
  }

  /** What is to be answered instead: data of a person leaves only when that is on the disk. */
  async end(reply: HttpReply): Promise<HttpReply | undefined> {
    if (this.#route.audit === 'none' || this.#route.audit === 'beside') return undefined
    const codes = reply.kind === 'refused' ? reply.problems.map(({ code }) => code) : []
    const written = await this.#audit.note(this.#entry(codes[0] ?? 'done'))
    if (written.ok || this.#route.audit === 'mutation') return undefined
    return { kind: 'refused', problems: written.problems }
  }

  /** The answer was cut off behind what the audit has of it. */
  async cut(code: ErrorCode): Promise<void> {
    await this.#audit.note(this.#entry(code))
  }

  #entry(outcome: AuditEntry['outcome']): AuditEntry {
    const { id, role } = this.#principal
    const subject = this.subject === '' ? {} : { subject: this.subject.slice(0, SUBJECT_MAX) }
    return { principal: id, role, action: this.#route.id, ...subject, outcome }
  }
}

/** Characters of a subject that are kept. */
const SUBJECT_MAX = 200

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
