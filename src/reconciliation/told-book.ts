import { formatEpochDay } from '../catalog/epoch-day.ts'
import type { SplitAnswer } from '../ledger/answer.ts'
import { fen } from '../money/fen.ts'
import { condensed, joined, type BookField, type BookRow, type RowKind } from './book-row.ts'
import { lineIdAt, statedLines } from '../protocol/stated-lines.ts'
import { membersOf, suppliersOf } from './payees.ts'
import { payerAccount, splitRows } from './split-rows.ts'

/**
 * What a client knows of one of its requests: what it sent and the answer it has. A request whose answer was lost is given
 * with `answer` {} when it sent lines, since the client knows what it sent.
 */
export interface ToldAnswer {
  readonly hospital: string
  readonly operation: string
  readonly body: unknown
  readonly answer: Readonly<Record<string, unknown>>
}

/** What clients were told, in as much detail as the answers have. */
export interface ToldBook {
  /** Settlements, line by line. */
  readonly settlements: readonly BookRow[]
  /** Reversals and recalculations, of which answers give sums only: stay, person, line and payee are ''. */
  readonly changes: readonly BookRow[]
}

/** What the answer to a reversal or recalculation does not say. */
export const CHANGES_LACK: readonly BookField[] = ['stay', 'person', 'line', 'payee', 'hospital']

type SplitReply = SplitAnswer & { readonly settlement: string; readonly day: number }

const POSTING = new Set(['settle', 'confirm', 'resettle', 'supplement'])

/**
 * The book of what clients were told. The same answer told again counts once; a settlement told with two different answers
 * is in the book twice.
 */
export function toldBook(told: readonly ToldAnswer[]): ToldBook {
  const seen = new Set<string>()
  const settlements: BookRow[] = []
  const changes: BookRow[] = []
  const suppliers = knownSuppliers(told)
  const isNew = (item: ToldAnswer, reply: object) => {
    const key = JSON.stringify([item.operation, reply])
    return seen.has(key) ? false : seen.add(key).has(key)
  }
  for (const item of told) {
    const answer: object = item.answer
    if (POSTING.has(item.operation) && isSplitReply(answer) && isNew(item, answer)) {
      settlements.push(...settledRows(item, answer, suppliers))
    }
    for (const reply of changesOf(item)) {
      if (isNew(item, reply)) changes.push(...changedRows(item.operation, reply))
    }
  }
  return { settlements, changes: condensed(changes) }
}

function isSplitReply(answer: object): answer is SplitReply {
  return (
    'settlement' in answer &&
    'day' in answer &&
    'lines' in answer &&
    'setlinfo' in answer &&
    typeof answer.settlement === 'string'
  )
}

function settledRows(
  { hospital, operation }: ToldAnswer,
  reply: SplitReply,
  known: ReadonlyMap<string, string>,
): readonly BookRow[] {
  const stay = reply.setlinfo['mdtrt_id'] ?? ''
  const occasion = {
    settlement: reply.settlement,
    kind: 'settlement' as const,
    day: formatEpochDay(reply.day),
    hospital,
    stay,
    person: reply.setlinfo['psn_no'] ?? '',
  }
  const suppliers = new Map(
    reply.lines.flatMap(([line]) => {
      const supplier = known.get(joined([hospital, stay, line]))
      return supplier === undefined ? [] : [[line, supplier] as const]
    }),
  )
  return splitRows(reply, occasion, { suppliers, supplement: operation === 'supplement' })
}

/** Hospital, stay and line of everything that clients sent with a supplier's tag. */
function knownSuppliers(told: readonly ToldAnswer[]): ReadonlyMap<string, string> {
  const known = new Map<string, string>()
  for (const { hospital, body, answer } of told) {
    const { bill, stay } = membersOf(body)
    const sent = statedLines(bill === undefined ? membersOf(body) : membersOf(bill))
    const { id, mdtrt_id: national } = membersOf(membersOf(bill)['visit'])
    const answered = membersOf(answer['setlinfo'])['mdtrt_id']
    const visit = [stay, answered, id, national].find((value) => typeof value === 'string') ?? ''
    // What was withdrawn and sent again may have another supplier, or none.
    for (const [index, line] of sent.entries()) {
      known.delete(joined([hospital, visit, lineIdAt(line, index)]))
    }
    for (const [line, supplier] of suppliersOf(sent)) {
      known.set(joined([hospital, visit, line]), supplier)
    }
  }
  return known
}

interface ChangeReply {
  readonly settlement: string
  readonly day: number
  readonly payers: readonly {
    readonly id: string
    readonly kind: string
    readonly amount: number
  }[]
}

function changesOf({ operation, answer }: ToldAnswer): readonly ChangeReply[] {
  const whole: object = answer
  if (operation === 'reverse') return isChangeReply(whole) ? [whole] : []
  if (operation !== 'recalculate' || !Array.isArray(answer['changed'])) return []
  return (answer['changed'] as readonly object[]).filter(isChangeReply)
}

function isChangeReply(answer: object): answer is ChangeReply {
  return (
    'settlement' in answer &&
    'day' in answer &&
    'payers' in answer &&
    typeof answer.settlement === 'string'
  )
}

function changedRows(operation: string, reply: ChangeReply): readonly BookRow[] {
  const kind: RowKind = operation === 'reverse' ? 'reversal' : 'recalculation'
  const { settlement, day, payers } = reply
  return payers.map(({ id, kind: payerKind, amount }) => ({
    settlement,
    kind,
    day: formatEpochDay(day),
    hospital: '',
    stay: '',
    person: '',
    line: '',
    payer: payerAccount(payerKind, id, ''),
    payee: '',
    amount: fen(amount),
  }))
}
