import { assert } from '../../../src/assert.ts'
import { openEngine } from '../../../src/engine/open-engine.ts'
import { openMemoryStore } from '../../../src/store/memory-store.ts'
import { valueOf } from '../../micro/settle/setup.ts'
import type { SettledAnswer } from '../wire/told.ts'
import { ENGINE_SETTINGS, workloadOf, type WorkloadSpec } from '../workload-spec.ts'

/** What a ledger is told of a settlement that somebody else has adjudicated: who owes the hospital how much, fen. */
export interface Transfer {
  readonly hospital: string
  readonly total: number
  readonly patient: number
  readonly debits: readonly string[]
  readonly amounts: readonly number[]
}

/** Settlements of the workload, adjudicated beforehand. */
export async function transfersOf(spec: WorkloadSpec): Promise<readonly Transfer[]> {
  const workload = workloadOf(spec)
  const clock = () => workload.now
  const opened = await openEngine({ store: openMemoryStore(), clock, settings: ENGINE_SETTINGS })
  const engine = valueOf(opened)
  await workload.install(engine)
  const transfers: Transfer[] = []
  for (let index = 0; index < spec.bills; index += 1) {
    const { hospital, bill } = workload.requestAt(index)
    const body = { bill }
    const requestId = `T${index}`
    const reply = await engine.submit({ operation: 'settle', hospital, requestId, body })
    assert(reply.kind === 'answer', 'a bill of the city is settled')
    transfers.push(transferOf(hospital, reply.answer as unknown as SettledAnswer))
  }
  await engine.close()
  return transfers
}

function transferOf(hospital: string, { total, payers, patient }: SettledAnswer): Transfer {
  const owed = [
    ...payers.map(({ id, amount }) => [`payer:${id}`, amount] as const),
    ['patient', patient.total] as const,
  ].filter(([, amount]) => amount > 0)
  assert(owed.reduce((sum, [, amount]) => sum + amount, 0) === total, 'shares add up to the bill')
  return {
    hospital,
    total,
    patient: patient.total,
    debits: owed.map(([account]) => account),
    amounts: owed.map(([, amount]) => amount),
  }
}
