import { formatEpochDay } from '../../catalog/epoch-day.ts'
import type { SplitAnswer } from '../../ledger/answer.ts'
import { personHolder } from '../../ledger/holder.ts'
import type { SplitRecord } from '../../ledger/record.ts'
import type { Rows } from '../../ledger/rows.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import { lastComputed } from '../../engine/recompute-split.ts'

/** A settlement as one of its payers sees it; amounts in fen. */
export interface OwnSettlement {
  readonly settlement: string
  readonly state: 'settled' | 'unconfirmed' | 'prepared' | 'cancelled' | 'reversed'
  readonly operation: SplitRecord['operation']
  /** Stamp, ms, and accounting day. */
  readonly at: number
  readonly day: string
  readonly hospital: string
  readonly stay: string
  readonly person: string
  readonly total: number
  readonly own: readonly {
    readonly payer: string
    readonly policy?: string
    readonly amount: number
  }[]
  /** Paid to the patient beside the split, by benefit. */
  readonly fixed: readonly {
    readonly payer: string
    readonly policy?: string
    readonly amount: number
  }[]
  /** Everybody else who pays, in one sum; and the patient. */
  readonly others: number
  readonly patient: number
  /** It was recalculated: amounts are those of now. */
  readonly recalculated: boolean
}

type Settled = Pick<SplitAnswer, 'payers' | 'fixed'>

/** Whether one of `payers` took part, with an amount or without. */
export function isOwn({ payers: all, fixed }: Settled, payers: readonly string[]): boolean {
  return (
    all.some(({ id }) => payers.includes(id)) ||
    fixed.some(({ payerId }) => payers.includes(payerId))
  )
}

export function ownSettlement(
  rows: Rows,
  split: SplitRecord,
  payers: readonly string[],
): OwnSettlement {
  const { seq, at, day, operation, hospital, stay, person } = split
  const entry = rows.get('holder', personHolder(person))?.entries.find((one) => one.seq === seq)
  const live = split.confirmed || entry?.confirmedBy !== undefined ? 'settled' : 'unconfirmed'
  const { answer } = lastComputed(rows, split)
  const own = answer.payers.filter(({ id }) => payers.includes(id))
  const all = sumOf(answer.payers)
  return {
    settlement: settlementId(seq),
    state: entry === undefined || entry.state === 'live' ? live : entry.state,
    operation,
    at,
    day: formatEpochDay(day),
    hospital,
    stay,
    person,
    total: answer.total,
    own: own.map(({ id, policyId, amount }) => part(id, policyId, amount)),
    fixed: answer.fixed
      .filter(({ payerId }) => payers.includes(payerId))
      .map(({ payerId, policyId, amount }) => part(payerId, policyId, amount)),
    others: all - sumOf(own),
    patient: answer.patient.total,
    recalculated: (entry?.recalculations.length ?? 0) > 0,
  }
}

function part(payer: string, policy: string | undefined, amount: number) {
  return policy === undefined ? { payer, amount } : { payer, policy, amount }
}

function sumOf(amounts: readonly { readonly amount: number }[]): number {
  return amounts.reduce((sum, { amount }) => sum + amount, 0)
}
