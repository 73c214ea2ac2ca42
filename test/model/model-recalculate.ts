import { textOf } from './complete-bill.ts'
import type { SplitAnswer } from '../../src/ledger/answer.ts'
import { dayOfIso } from './days.ts'
import type { Ask } from './ask.ts'
import { basisOf, basisToday, evaluateBasis, viewOf, type Basis } from './model-settle.ts'
import type { Tree } from './model-split.ts'
import { Refused } from './refused.ts'
import {
  holds,
  isLive,
  postingsOf,
  withHolders,
  type ModelSettlement,
  type ModelState,
} from './model-state.ts'

/** With what they were settled with, those that are marked; `with: now`, all, with today's register and rules. */
export function recalculate(state: ModelState, { body, ids }: Ask): Tree {
  const { person, with: run = 'then', from, to } = body
  if (run !== 'then' && run !== 'now') throw new Refused('REQUEST_MALFORMED')
  const first = from === undefined ? -Infinity : dayOfIso(textOf(from))
  const last = to === undefined ? Infinity : dayOfIso(textOf(to))
  const changed: Tree[] = []
  const left: string[] = []
  // In order of seq: what the first changes may mark the next.
  for (const one of [...state.settlements].sort((left, right) => left.seq - right.seq)) {
    if (!isLive(one) || one.person.id !== person) continue
    if (one.settlementDay < first || one.settlementDay > last) continue
    if (run === 'then' && !one.isMarked) continue
    if (state.laterSupplements(one).length > 0) {
      left.push(one.id)
      continue
    }
    const basis =
      run === 'then'
        ? basisOf(one, one.document, one)
        : basisToday(state, one.hospital, one.document, one.settlementDay)
    const difference = recalculated(state, one, basis)
    if (difference === undefined) continue
    changed.push({ settlement: one.id, recalculation: ids[changed.length] ?? '', ...difference })
  }
  return { person, at: state.now, day: state.openDay, changed, left }
}

/** Brings one settlement to today's counters; what changed, undefined: nothing. */
function recalculated(state: ModelState, one: ModelSettlement, basis: Basis): Tree | undefined {
  one.isMarked = false
  const { answer, contributions, reads } = evaluateBasis(state, basis, (other, holder) => {
    if (other === one) return false
    const isLater = other.seq > one.seq && other.person.id === one.person.id && holds(other)
    return !(isLater && /^(person|stay):/.test(holder))
  })
  const seen = viewOf(basis)
  const now = withHolders(contributions, seen)
  const moved = [...new Set([...now.keys(), ...one.contributions.keys()])].filter(
    (key) => now.get(key) !== one.contributions.get(key),
  )
  const before = one.answer
  state.post(one.hospital, postingsOf(one), -1)
  one.answer = answer
  one.contributions = now
  one.reads = new Set(reads.map((key) => `${seen(key)}\n${key}`))
  one.person = basis.person
  one.place = basis.place
  one.rules = basis.rules
  state.post(one.hospital, postingsOf(one), 1)
  if (one.operation !== 'supplement') state.totalDifference(one.hospital, before, answer)
  state.mark(one, moved)
  const payers = differences(before, answer)
  const patient = answer.patient.total - before.patient.total
  return payers.length === 0 && patient === 0 ? undefined : { day: state.openDay, payers, patient }
}

function differences(before: SplitAnswer, after: SplitAnswer): readonly Tree[] {
  const sums = new Map<string, { id: string; kind: string; policyId?: string; amount: number }>()
  const add = (answer: SplitAnswer, sign: 1 | -1): void => {
    for (const { id, kind, policyId, amount } of answer.payers) {
      const key = `${id} ${kind} ${policyId}`
      const so = sums.get(key) ?? {
        id,
        kind,
        ...(policyId !== undefined && { policyId }),
        amount: 0,
      }
      sums.set(key, { ...so, amount: so.amount + sign * amount })
    }
  }
  add(before, -1)
  add(after, 1)
  return [...sums.values()].filter(({ amount }) => amount !== 0)
}
