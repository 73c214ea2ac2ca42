import { assert } from '../../assert.ts'
import { SEMANTICS } from '../../adjudication/settlement.ts'
import { formatEpochDay } from '../../catalog/epoch-day.ts'
import { splitOf } from '../../ledger/apply-record.ts'
import { holderOf, personHolder, stayHolder, type HolderContext } from '../../ledger/holder.ts'
import { heldAs, isChangedSince } from '../../ledger/holders.ts'
import type { SplitAnswer } from '../../ledger/answer.ts'
import type { Contribution, RecalculationRun, SplitRecord } from '../../ledger/record.ts'
import type { HolderEntry, Rows } from '../../ledger/rows.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import type { PackKind } from '../../rules/kind.ts'
import { currentSplit, type CurrentSplit } from '../current-split.ts'
import { netContributions, netPostings, negated, opposite } from '../net-postings.ts'
import { entryOf } from '../own-split.ts'
import { BillRehearsed } from '../rehearsal.ts'
import { adjudicateSplit, readSplit } from '../split-bill.ts'
import { documentOf } from '../split-document.ts'
import { dayAt } from './look-up.ts'
import { laterSupplements } from './reverse.ts'
import {
  allowOnly,
  recordBase,
  refused,
  textAt,
  type Answer,
  type Document,
  type TakenRequest,
  type Turn,
} from '../turn.ts'

/**
 * recalculate: posts what settlements would be now, less what they are: those computed on values since changed, or with today's
 * register and rules all of some days (packs or identities that were changed for the past).
 */
export function recalculate(turn: Turn, request: TakenRequest): Answer {
  const { body } = request
  allowOnly(body, ['person', 'with', 'from', 'to', 'notAfter'])
  const person = textAt(body, 'person')
  const run = runOf(body)
  const changed: Document[] = []
  const left: string[] = []
  for (const { seq, state } of entriesHolding(turn.rows, person)) {
    const split = splitOf(turn.rows, seq)
    if (state !== 'live' || !isWanted(turn.rows, split, run)) continue
    // What a supplement has paid was the patient's: it goes back first, or a fen would be paid twice.
    if (laterSupplements(turn, split).length > 0) {
      left.push(settlementId(seq))
      continue
    }
    const difference = recalculated(turn, split, run)
    if (difference !== undefined) changed.push(difference)
  }
  const answer = { person, at: turn.at, day: turn.day, changed, left }
  const base = recordBase(turn, request)
  turn.rows.append({ kind: 'recalculated', ...base, person, run, reply: answer })
  return answer
}

function runOf(body: Document): RecalculationRun {
  const { with: stated = 'then' } = body
  if (stated !== 'then' && stated !== 'now') {
    throw refused('REQUEST_MALFORMED', 'with', { why: 'with: then | now' })
  }
  return { with: stated, ...dayText(body, 'from'), ...dayText(body, 'to') }
}

function dayText(body: Document, key: 'from' | 'to'): Partial<RecalculationRun> {
  return body[key] === undefined ? {} : { [key]: formatEpochDay(dayAt(body, key)) }
}

/** With today's rules every settlement of the days; with those of then only what is marked. */
export function isWanted(rows: Rows, split: SplitRecord, run: RecalculationRun): boolean {
  const day = formatEpochDay(split.settlementDay)
  if (day < (run.from ?? day) || day > (run.to ?? day)) return false
  return run.with === 'now' || isChangedSince(rows, split)
}

/** Live and prepared ones: all that hold counters. */
export function entriesHolding(rows: Rows, person: string): readonly HolderEntry[] {
  const entries = rows.get('holder', personHolder(person))?.entries ?? []
  return entries.filter(({ state }) => state === 'live' || state === 'prepared')
}

/** In a rehearsal every bill is looked at, though none of them is adjudicated. */
function recalculated(turn: Turn, split: SplitRecord, run: RecalculationRun): Document | undefined {
  try {
    return recalculateSplit(turn, split, run)
  } catch (error) {
    if (error instanceof BillRehearsed) return undefined
    throw error
  }
}

function recalculateSplit(
  turn: Turn,
  split: SplitRecord,
  run: RecalculationRun,
): Document | undefined {
  const entry = entryOf(turn, split)
  assert(entry !== undefined, 'a live settlement is in the list of its person')
  const current = currentSplit(turn.rows, split, entry)
  const { register, ruleSet } = current
  const place = {
    hospital: split.hospital,
    day: split.settlementDay,
    ...(run.with === 'then' && { fixed: { ...register, ruleSet } }),
  }
  const read = readSplit(turn, documentOf(turn.rows, split), place)
  const { sharedPolicies, without } = rereading(turn.rows, split, current, read.completed)
  const completed = { ...read.completed, sharedPolicies }
  const now = adjudicateSplit(turn, { ...read, completed }, without)
  const base = recordBase(turn)
  turn.rows.append({
    kind: 'recalculation',
    ...base,
    settlement: split.seq,
    hospital: split.hospital,
    person: split.person,
    run,
    register: completed.register,
    ruleSet: completed.ruleSet,
    semantics: SEMANTICS,
    before: now.before,
    contributions: netContributions(now.contributions, negated(current.contributions)),
    ...sharedElse(split, sharedPolicies),
    postings: netPostings(now.postings, opposite(current.postings)),
    answer: now.answer,
    digest: now.digest,
  })
  return differenceOf(split, base, current.answer, now.answer)
}

/** How a settlement that is adjudicated again sees the counters. */
export interface Rereading {
  readonly sharedPolicies: readonly string[]
  /** What it must not see. */
  readonly without: readonly Contribution[]
}

/** `registered`: the policies that the register it is adjudicated with calls shared. */
export function rereading(
  rows: Rows,
  split: SplitRecord,
  current: CurrentSplit,
  { sharedPolicies: registered }: Pick<SplitRecord, 'sharedPolicies'>,
): Rereading {
  const met = new Set([...current.before, ...current.contributions].map(([{ owner }]) => owner))
  const hasMet = (policy: string) => met.has(`policy:${policy}`)
  // What it contributed stays with whom it came to, also when a policy has become a shared one since: read where it is.
  const sharedPolicies = [
    ...current.sharedPolicies.filter(hasMet),
    ...registered.filter((policy) => !hasMet(policy)),
  ]
  const later = laterContributions(rows, { ...heldAs(split, { sharedPolicies }), seq: split.seq })
  return { sharedPolicies, without: [...current.contributions, ...later] }
}

/** For a recalculation, which says it only where it is not as with the settlement. */
export function sharedElse(
  { sharedPolicies: before }: Pick<SplitRecord, 'sharedPolicies'>,
  sharedPolicies: readonly string[],
): Pick<SplitRecord, 'sharedPolicies'> | undefined {
  const isSame =
    before.length === sharedPolicies.length && before.every((id) => sharedPolicies.includes(id))
  return isSame ? undefined : { sharedPolicies }
}

/**
 * In the counters of the person and the stay what every later live or prepared settlement has put there. Sums of others are taken as
 * they stand.
 */
function laterContributions(
  rows: Rows,
  split: HolderContext & Pick<SplitRecord, 'seq'>,
): readonly Contribution[] {
  const own = [personHolder(split.person), stayHolder(split.hospital, split.stay)]
  return entriesHolding(rows, split.person)
    .filter(({ seq }) => seq > split.seq)
    .flatMap((entry) => {
      const other = splitOf(rows, entry.seq)
      const current = currentSplit(rows, other, entry)
      const holding = heldAs(other, current)
      return current.contributions.filter(([key]) => {
        const holder = holderOf(key, holding)
        // Of a policy that several persons have held and one holds now, each reads its own holder.
        return own.includes(holder) && holder === holderOf(key, split)
      })
    })
}

interface PayerDifference {
  readonly id: string
  readonly kind: PackKind
  readonly policyId?: string
  amount: number
}

/** By payer and patient, with the accounting day it is posted in; undefined when nothing differs. Fen, now − before. */
function differenceOf(
  split: SplitRecord,
  { seq, day }: { readonly seq: number; readonly day: number },
  before: SplitAnswer,
  now: SplitAnswer,
): Document | undefined {
  const sums = new Map<string, PayerDifference>()
  for (const [sign, { payers }] of [[-1, before] as const, [1, now] as const]) {
    for (const { id, kind, policyId, amount } of payers) {
      const key = `${id} ${kind} ${policyId ?? ''}`
      const sum = sums.get(key)
      if (sum !== undefined) sum.amount += sign * amount
      else {
        const policy = policyId === undefined ? {} : { policyId }
        sums.set(key, { id, kind, ...policy, amount: sign * amount })
      }
    }
  }
  const payers = [...sums.values()].filter(({ amount }) => amount !== 0)
  const patient = now.patient.total - before.patient.total
  if (payers.length === 0 && patient === 0) return undefined
  return {
    settlement: settlementId(split.seq),
    recalculation: settlementId(seq),
    day,
    payers,
    patient,
  }
}
