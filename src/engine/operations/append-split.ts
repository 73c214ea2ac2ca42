import { assert } from '../../assert.ts'
import { SEMANTICS } from '../../adjudication/settlement.ts'
import { packedRecord } from '../../ledger/packed-split.ts'
import type { SplitRecord } from '../../ledger/record.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import { filledTemplate } from '../../protocol/frames/reply-template.ts'
import { LaterAnswer } from '../later-answer.ts'
import type { WrittenSplit } from '../packed-bill.ts'
import type { EvaluatedSplit } from '../evaluate-split.ts'
import type { BillFacts } from '../evaluate-bill.ts'
import type { CompletedSplit } from '../split-bill.ts'
import { recordBase, type Answer, type TakenRequest, type Turn } from '../turn.ts'

/** A bill evaluated at this place in the journal, unique there. */
export interface EvaluatedInTurn {
  readonly completed: Omit<CompletedSplit, 'document' | 'day' | 'suspended'>
  readonly facts: BillFacts
  readonly split: EvaluatedSplit
  readonly unique: readonly string[]
}

export interface SplitToPost {
  readonly operation: SplitRecord['operation']
  readonly evaluated: EvaluatedInTurn
  /** As it is to be stored. */
  readonly bill: unknown
  readonly staged?: SplitRecord['staged']
  readonly takes?: readonly number[]
  readonly replaces?: number
}

/** Writes the record of a split and answers it. */
export function appendSplit(turn: Turn, request: TakenRequest, post: SplitToPost): Answer {
  const record = splitRecord(recordBase(turn, request), post)
  turn.rows.append(record)
  return splitAnswer(record)
}

/** As `appendSplit`, of a split whose bytes are there: neither record nor answer is made of objects before somebody looks at them. */
export function appendWritten(
  turn: Turn,
  request: TakenRequest,
  { known, packed, content, reply }: WrittenSplit,
): LaterAnswer {
  const base = recordBase(turn, request)
  const record = packedRecord(base, known, packed, content)
  turn.rows.append(record)
  const { seq, at, day } = base
  const frame = reply && filledTemplate(reply, { settlement: settlementId(seq), at, day })
  return new LaterAnswer(() => splitAnswer(record), frame)
}

/** The record of a split. */
export function splitRecord(base: ReturnType<typeof recordBase>, post: SplitToPost): SplitRecord {
  const { evaluated, operation, staged, takes, replaces } = post
  const { completed, facts, unique } = evaluated
  const { hospital, person, jurisdiction, ruleSet, register, sharedPolicies, familyId } = completed
  const { answer, postings, before, contributions, digest, confirmed } = evaluated.split
  assert(facts.stayId === completed.stay, 'a bill was read for the stay whose rows were looked at')
  return {
    kind: operation === 'prepare' ? 'prepared' : 'settlement',
    ...base,
    operation,
    hospital,
    stay: facts.stayId,
    person,
    bill: post.bill,
    ...(staged !== undefined && { staged }),
    ...(takes !== undefined && { takes }),
    ...(replaces !== undefined && { replaces }),
    settlementDay: facts.settlementDay,
    register,
    jurisdiction,
    ruleSet,
    semantics: SEMANTICS,
    before,
    contributions,
    sharedPolicies,
    ...(familyId !== undefined && { familyId }),
    answer,
    postings,
    lineIds: facts.lineIds,
    unique,
    confirmed,
    digest,
  }
}

/** The answer of a split record; the same whenever it is made. */
export function splitAnswer(record: SplitRecord): Answer {
  const { seq, kind, confirmed, at, day, answer, replaces } = record
  const settled = confirmed ? 'settled' : 'unconfirmed'
  return {
    settlement: settlementId(seq),
    state: kind === 'prepared' ? 'prepared' : settled,
    at,
    day,
    ...(replaces !== undefined && { replaces: settlementId(replaces) }),
    ...answer,
  }
}
