import { addLines, withdrawLines } from './operations/lines.ts'
import { dayTotals, find } from './operations/look-up.ts'
import { closeDay, platformConfirm } from './operations/operator.ts'
import { cancel, confirm } from './operations/prepared.ts'
import { recalculate } from './operations/recalculate.ts'
import { resettle } from './operations/resettle.ts'
import { reverse } from './operations/reverse.ts'
import { quote, settle } from './operations/settle.ts'
import { supplement } from './operations/supplement.ts'
import type { Operation } from './request.ts'
import type { LaterAnswer } from './later-answer.ts'
import type { Answer, TakenRequest, Turn } from './turn.ts'

type Run = (turn: Turn, request: TakenRequest) => Answer | LaterAnswer

const RUNS: Readonly<Record<Exclude<Operation, 'unresolved'>, Run>> = {
  quote,
  settle,
  prepare: settle,
  confirm,
  cancel,
  'lines.add': addLines,
  'lines.withdraw': withdrawLines,
  reverse,
  resettle,
  supplement,
  recalculate,
  find,
  dayTotals,
  closeDay,
  'platform.confirm': platformConfirm,
}

/** Runs an operation in its turn. Throws `RequestRefused`; what it wrote until then is to be dropped. */
export function runOperation(turn: Turn, request: TakenRequest): Answer | LaterAnswer {
  const { operation } = request
  return operation === 'unresolved' ? {} : RUNS[operation](turn, request)
}
