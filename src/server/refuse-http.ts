import type { HttpResponse } from 'uWebSockets.js'
import type { Problem } from '../errors/problem.ts'
import { frameProblem } from '../protocol/frames/reply-frame.ts'

/** Ends an HTTP request with a problem; to be called before its handler returns. */
export function refuseHttp(response: HttpResponse, status: string, found: Problem): void {
  response
    .writeStatus(status)
    .writeHeader('content-type', 'application/json; charset=utf-8')
    .end(JSON.stringify({ problems: [frameProblem(found)] }))
}
