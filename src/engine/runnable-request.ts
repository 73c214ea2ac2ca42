import { success, type Result } from '../errors/problem.ts'
import { wholeRequest } from './sent-request.ts'
import { isCurrent } from './speculation.ts'
import type { TakenRequest, Turn } from './turn.ts'

/** The request as its turn runs it: whole, unless its bill was evaluated from the message and is as it was then. */
export function runnableRequest(turn: Turn, request: TakenRequest): Result<TakenRequest> {
  const { sent, trial } = request
  if (sent === undefined) return success(request)
  const speculation = trial?.speculation
  if (trial === undefined || speculation === undefined) return wholeRequest(request)
  if (!isCurrent(turn.rows, speculation, turn.today)) return wholeRequest(request)
  return success({ ...request, trial: { ...trial, isChecked: true } })
}
