import type { EngineReply, EngineRequest } from '../../src/engine/request.ts'
import { dayOfIso, startOf } from '../model/days.ts'
import { EngineRun } from '../model/run-engine.ts'

const HOUR_MS = 3_600_000
let asked = 0

/** The model's rules and register, on a day on which P1 and P2 are insured. */
export async function startRun(): Promise<EngineRun> {
  return EngineRun.start(startOf(dayOfIso('2025-12-10')) + HOUR_MS)
}

/** Under a request id of its own; by H1. */
export async function ask(
  { engine }: EngineRun,
  operation: EngineRequest['operation'],
  body: unknown,
): Promise<EngineReply> {
  asked += 1
  return engine.submit({ operation, hospital: 'H1', requestId: `hostile-${asked}`, body })
}

export function codesOf(reply: EngineReply): readonly string[] {
  return reply.kind === 'refused' ? reply.problems.map(({ code }) => code) : ['answer']
}

/** A bill of P1 without lines. */
export function billOf(
  stay: string,
  members: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const visit = { id: stay, kind: 'inpatient', start: '2025-12-01', end: '2025-12-05' }
  return { person: { id: 'P1' }, visit, ...members }
}

export function lineOf(id: string, inScope = '100.00') {
  return { id, inScope }
}
