import type { HttpRequest as UwsRequest } from 'uWebSockets.js'
import { problem, type Problem } from '../../errors/problem.ts'
import type { Texts } from './check-request.ts'

/** Headers that handlers are given. */
const HANDED = /^(?:content-type|idempotency-key|qingfen-[a-z-]{1,40})$/

export interface ReadHeaders {
  readonly headers: Texts
  readonly problems: readonly Problem[]
}

/** What handlers are given of the headers. One that comes twice is refused, as a name of the query is: which of them is meant nobody knows. */
export function readHeaders(request: Pick<UwsRequest, 'forEach'>): ReadHeaders {
  const headers: Record<string, string> = {}
  const seen = new Set<string>()
  const problems: Problem[] = []
  request.forEach((name, value) => {
    if (name !== 'authorization' && !HANDED.test(name)) return
    const why = `header: ${name} × 2`
    if (seen.has(name)) problems.push(problem('HTTP_REQUEST_MALFORMED', name, { why }))
    else if (name !== 'authorization') headers[name] = value
    seen.add(name)
  })
  return { headers, problems }
}
