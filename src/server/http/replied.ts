import type { Result } from '../../errors/problem.ts'
import type { HttpReply } from './route.ts'

/** The reply of a result. */
export function replied(result: Result<unknown>, status: 200 | 201 | 202 = 200): HttpReply {
  if (!result.ok) return { kind: 'refused', problems: result.problems }
  return { kind: 'json', status, value: result.value }
}
