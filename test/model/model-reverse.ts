import { objectOf } from './complete-bill.ts'
import { dayOf } from './days.ts'
import type { Ask } from './ask.ts'
import { basisOf, checkedSplit, invoiceOf, postSplit, record } from './model-settle.ts'
import type { Tree } from './model-split.ts'
import { isLive, type ModelSettlement, type ModelState } from './model-state.ts'
import { Refused } from './refused.ts'

export function reverse(state: ModelState, ask: Ask): Tree {
  const settlement = reversible(state, ask)
  const later = state
    .laterReaders(settlement, settlement.contributions.keys())
    .some((one) => one.person.id === settlement.person.id)
  takeBack(state, settlement, ask.ids[0])
  const { id, answer, reversal = '' } = settlement
  return {
    settlement: id,
    reversal,
    state: 'reversed',
    at: state.now,
    day: state.openDay,
    later,
    total: 0 - answer.total,
    payers: answer.payers.map((payer) => ({ ...payer, amount: 0 - payer.amount })),
  }
}

/** Reverses and settles anew, or does neither. */
export function resettle(state: ModelState, ask: Ask): Tree {
  const original = reversible(state, ask)
  if (original.operation === 'supplement') throw new Refused('NOT_LIVE').naming([original.id])
  const { lines } = objectOf(ask.body['bill'])
  const { total: _total, ...document } = original.document
  const basis = basisOf(original, { ...document, lines }, original.first)
  const { state: before } = original
  original.state = 'reversed'
  try {
    const links = { invoice: invoiceOf(ask), replaces: original }
    const made = checkedSplit(state, ask, basis, links)
    original.state = before
    const id = ask.ids[0]
    takeBack(state, original, id && idBefore(id))
    return record(state, ask, basis, made)
  } catch (error) {
    original.state = before
    throw error
  }
}

/** The reversal of a resettlement is the record before its settlement. */
function idBefore(id: string): string {
  return `S${String(Number(id.slice(1)) - 1).padStart(12, '0')}`
}

function takeBack(state: ModelState, settlement: ModelSettlement, id: string | undefined): void {
  settlement.state = 'reversed'
  settlement.reversal = id
  postSplit(state, settlement, -1)
  state.mark(settlement, settlement.contributions.keys())
}

function reversible(state: ModelState, { body, hospital }: Ask): ModelSettlement {
  const found = state.own(body['settlement'], hospital)
  if (found === undefined) throw new Refused('SETTLEMENT_UNKNOWN')
  if (!isLive(found)) throw new Refused('NOT_LIVE').naming([found.id])
  const { mode, days } = found.first.rules.profile.reversal
  if (state.today - dayOf(found.at) > days) throw new Refused('REVERSAL_TOO_LATE')
  const ofStay = state
    .holding(found.hospital, found.stay)
    .filter((one) => mode === 'strict' && one.seq > found.seq)
  const later = [...state.laterSupplements(found), ...ofStay]
  if (later.length > 0) {
    throw new Refused('LATER_SETTLEMENTS').naming(later.map(({ id }) => id))
  }
  return found
}
