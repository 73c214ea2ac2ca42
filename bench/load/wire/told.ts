import { assert } from '../../../src/assert.ts'
import { decodeForeign } from '../../../src/protocol/codec.ts'

/** Sums over what clients were told, fen. */
export interface Told {
  settlements: number
  total: number
  patient: number
  /** By id of the payer. */
  payers: Record<string, number>
}

export function nothingTold(): Told {
  return { settlements: 0, total: 0, patient: 0, payers: {} }
}

export function addTold(sum: Told, more: Told): void {
  sum.settlements += more.settlements
  sum.total += more.total
  sum.patient += more.patient
  for (const [id, amount] of Object.entries(more.payers)) {
    sum.payers[id] = (sum.payers[id] ?? 0) + amount
  }
}

/** Of the answer to `settle`, what its arithmetic needs. */
export interface SettledAnswer {
  readonly total: number
  readonly payers: readonly { readonly id: string; readonly amount: number }[]
  readonly lines: readonly (readonly [
    id: string,
    amount: number,
    patient: number,
    paid: readonly number[],
    left: readonly number[],
  ])[]
  readonly patient: { readonly total: number }
}

/** Adds a reply to `told`. Throws unless it is an answer whose shares add up to each line, and its lines to `total`, the bill that was sent. */
export function tellReply(told: Told, reply: Uint8Array, total: number): void {
  const { ok, answer } = decodeForeign(reply) as {
    readonly ok: boolean
    readonly answer: SettledAnswer
  }
  assert(ok, 'the reply is an answer')
  tellAnswer(told, answer, total)
}

export function tellAnswer(told: Told, answer: SettledAnswer, total: number): void {
  const { payers, lines, patient } = answer
  assert(answer.total === total, 'what was settled is what was sent')
  let [sum, patients] = [0, 0]
  for (const [, amount, own, paid] of lines) {
    assert(paid.reduce((left, share) => left - share, amount) === own, 'shares add up to the line')
    sum += amount
    patients += own
  }
  const paid = payers.reduce((all, one) => all + one.amount, 0)
  assert(sum === total && patients === patient.total, 'lines add up to the bill')
  assert(paid + patient.total === total, 'every fen of the bill is somebody’s')
  told.settlements += 1
  told.total += total
  told.patient += patient.total
  for (const { id, amount } of payers) told.payers[id] = (told.payers[id] ?? 0) + amount
}
