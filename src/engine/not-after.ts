import { refused, type TakenRequest } from './turn.ts'

const NOT_AFTER = /^[0-9]{1,15}$/

/** Until when a request may be done, ms; without end where it does not say. */
export function notAfterOf({ notAfter }: TakenRequest['body']): number {
  if (notAfter === undefined) return Infinity
  if (typeof notAfter === 'string' && NOT_AFTER.test(notAfter)) return Number(notAfter)
  throw refused('REQUEST_MALFORMED', 'notAfter', { why: 'notAfter: ms' })
}
