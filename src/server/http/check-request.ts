import { failureOf, problem, success, type Problem, type Result } from '../../errors/problem.ts'
import { shortNumber } from '../../protocol/canonical-body.ts'
import { quoted } from '../../protocol/findings.ts'
import { parseJsonExact } from '../../protocol/json-exact.ts'
import { schemaChecker } from '../../rules/schema/schema-checker.ts'
import { closedMap } from '../../rules/schema/schema-node.ts'
import type { SchemaBreach } from '../../rules/schema/validate.ts'
import { isBoundedJson, JSON_DEPTH_MAX, JSON_VALUES_MAX } from './json-shape.ts'
import type { JsonSchema, Route } from './route.ts'

/** What a route takes, compiled once. */
export interface RouteChecks {
  readonly params: (values: Texts) => readonly Problem[]
  readonly query: (values: Texts) => readonly Problem[]
  readonly body: (value: unknown) => readonly Problem[]
}

export type Texts = Readonly<Record<string, string>>

/** A schema takes longer to compile than a server to start, and every server of a process has the same routes. */
const compiled = new WeakMap<Route, RouteChecks>()

export function routeChecks(route: Route): RouteChecks {
  const known = compiled.get(route)
  if (known !== undefined) return known
  const checks = compileChecks(route)
  compiled.set(route, checks)
  return checks
}

function compileChecks(route: Route): RouteChecks {
  const params = route.params ?? {}
  const schema = route.body?.schema
  return {
    params: checker(closedMap(params, Object.keys(params)), 'path'),
    query: checker(closedMap(route.query ?? {}), 'query'),
    body: schema === undefined ? () => [] : checker(schema, 'body'),
  }
}

function checker(schema: JsonSchema, where: string): (value: unknown) => readonly Problem[] {
  const breaches = schemaChecker(schema)
  return (value) => breaches(value).map((breach) => finding(breach, where))
}

function finding({ instancePath, message = '', params }: SchemaBreach, where: string): Problem {
  const path = `${where}${instancePath.replaceAll('/', '.')}`
  const unknown: unknown = params['additionalProperty']
  const why = typeof unknown === 'string' ? `${path}.${quoted(unknown)}?` : `${path} ${message}`
  return problem('HTTP_REQUEST_MALFORMED', path, { why })
}

/** Names and values of a query string; a name that comes twice is refused, and a percent sign that stands for no character. */
export function readQuery(text: string): Result<Texts> {
  // URLSearchParams would put another character in its place, and another thing would be looked for than what was meant.
  if (!isPercentEncoded(text)) return malformed(`query: ${quoted(text)}`)
  const values = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (values.has(name)) return malformed(`query: ${quoted(name)} × 2`)
    values.set(name, value)
  }
  return success(Object.fromEntries(values))
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** A segment of the path without its percent signs. */
export function readSegment(raw: string): Result<string> {
  try {
    return success(decodeURIComponent(raw))
  } catch {
    return malformed(`path: ${quoted(raw)}`)
  }
}

/** A JSON body, in UTF-8 without a byte order mark: handlers read the bytes again, and JSON has none. */
export function readJson(body: Uint8Array): Result<unknown> {
  if (!isBoundedJson(body)) {
    return malformed(`body: depth ≤ ${JSON_DEPTH_MAX}, values ≤ ${JSON_VALUES_MAX}`)
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
    return success(JSON.parse(text) as unknown)
  } catch {
    return malformed('body: JSON, UTF-8')
  }
}

/** A JSON body as a frame of a terminal is read. */
export function readExactJson(body: Uint8Array): Result<unknown> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    return parseJsonExact(text, shortNumber)
  } catch {
    return malformed('body: JSON, UTF-8')
  }
}

function malformed<T>(why: string): Result<T> {
  return failureOf([problem('HTTP_REQUEST_MALFORMED', '', { why })])
}
