import { assert } from '../../assert.ts'
import { formatYuan, fen, parseYuan } from '../../money/fen.ts'
import { SEMANTICS } from '../../adjudication/settlement.ts'
import type { SplitAnswer } from '../../ledger/answer.ts'
import type { SplitRecord } from '../../ledger/record.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import { rowKey } from '../../ledger/rows.ts'
import type { BillFacts } from '../evaluate-bill.ts'
import type { EvaluatedSplit } from '../evaluate-split.ts'
import { isCurrent, type Trial } from '../speculation.ts'
import {
  adjudicateSplit,
  checkSettlementDay,
  readSplit,
  type CompletedSplit,
  type SplitPlace,
} from '../split-bill.ts'
import { stagedLines, type StagedLines } from '../staged-lines.ts'
import {
  allowOnly,
  objectAt,
  recordBase,
  refused,
  RequestRefused,
  type Answer,
  type Document,
  type TakenRequest,
  type Turn,
} from '../turn.ts'
import { checkUnique } from '../uniqueness.ts'

/** quote: the split as it would be now; writes nothing. */
export function quote(turn: Turn, request: TakenRequest): Answer {
  const { body, hospital } = request
  allowOnly(body, ['bill', 'without'])
  const { bill, staged } = billOf(turn, body, hospital)
  checkSettlementDay(turn, bill)
  const place = { hospital, day: turn.today, ...(staged !== undefined && { staged: staged.held }) }
  const { split } = evaluateInTurn(turn, bill, place, request.trial)
  return { state: 'quote', ...split.answer }
}

/** settle and prepare (docs/ledger.md, section 6). */
export function settle(turn: Turn, request: TakenRequest): Answer {
  const { body, hospital } = request
  allowOnly(body, ['bill', 'expect', 'notAfter', 'invoice', 'without'])
  const { bill, staged } = billOf(turn, body, hospital)
  checkSettlementDay(turn, bill)
  const place = { hospital, day: turn.today, ...(staged !== undefined && { staged: staged.held }) }
  const invoice = invoiceOf(body)
  const evaluated = evaluateInTurn(turn, bill, place, request.trial, invoice)
  checkExpected(body['expect'], evaluated.split.answer)
  const operation = request.operation === 'prepare' ? 'prepare' : 'settle'
  return appendSplit(turn, request, {
    operation,
    evaluated,
    bill: staged === undefined ? bill : storedBill(body),
    ...(staged !== undefined && { staged: staged.held }),
  })
}

/** The bill document with the lines that were sent beforehand in their place. */
export function billOf(
  turn: Turn,
  body: Document,
  hospital: string,
): { readonly bill: Document; readonly staged?: StagedLines } {
  const stated = objectAt(body, 'bill')
  const without = body['without']
  const bill = without === undefined ? stated : { ...stated, without }
  if (bill['staged'] === undefined) return { bill }
  const staged = stagedLines(turn, hospital, bill)
  const { staged: _, ...rest } = bill
  return { bill: { ...rest, lines: staged.lines }, staged }
}

/** As it came, without lines: those are in their own records. */
function storedBill(body: Document): Document {
  const { staged: _, ...rest } = objectAt(body, 'bill')
  return body['without'] === undefined ? rest : { ...rest, without: body['without'] }
}

/** A bill evaluated at this place in the journal, unique there. */
export interface EvaluatedInTurn {
  readonly completed: CompletedSplit
  readonly facts: BillFacts
  readonly split: EvaluatedSplit
  readonly unique: readonly string[]
}

/**
 * The evaluation that was made beforehand, when everything it read is still as it was; else one made here. Refusals are always
 * made here, so that they come in one order. Throws `RulesNotTried`.
 */
export function evaluateInTurn(
  turn: Turn,
  bill: Document,
  place: SplitPlace,
  trial?: Trial,
  invoice?: string,
): EvaluatedInTurn {
  const speculation = trial?.speculation
  if (speculation !== undefined && isCurrent(turn.rows, speculation, turn.today, place.staged)) {
    const { completed, evaluated } = speculation
    const { facts, split } = evaluated
    const unique = uniqueKeys(facts, invoice)
    checkUnique(turn, completed, facts, unique)
    return { completed, facts, split, unique }
  }
  const read = readSplit(turn, bill, place)
  const { completed, facts } = read
  const unique = uniqueKeys(facts, invoice)
  checkUnique(turn, completed, facts, unique)
  return { completed, facts, split: adjudicateSplit(turn, read), unique }
}

/** Keys of table `unique`: the platform's setl_id and the invoice. */
export function uniqueKeys({ setlId }: BillFacts, invoice: string | undefined): readonly string[] {
  const keys: string[] = []
  if (setlId !== undefined) keys.push(rowKey('setl', setlId))
  if (invoice !== undefined) keys.push(rowKey('invoice', invoice))
  return keys
}

export function invoiceOf({ invoice }: Document): string | undefined {
  if (invoice === undefined) return undefined
  if (typeof invoice === 'string' && invoice.length <= INVOICE_MAX) return invoice
  throw refused('REQUEST_MALFORMED', 'invoice', { why: `invoice: text, ${INVOICE_MAX}` })
}

const INVOICE_MAX = 64

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

/** `expect`: what the patient was shown. Any difference is a refusal that carries the new split. */
export function checkExpected(expect: unknown, answer: SplitAnswer): void {
  if (expect === undefined) return
  const expected = objectAt({ expect }, 'expect')
  allowOnly(expected, ['patient', 'payers'])
  const compare = (what: string, stated: unknown, found: number) => {
    const amount = typeof stated === 'string' ? parseYuan(stated) : undefined
    if (amount?.ok !== true) {
      throw refused('REQUEST_MALFORMED', `expect.${what}`, { why: 'yuan' })
    }
    if (amount.value === found) return
    const texts = { expected: formatYuan(amount.value), found: formatYuan(fen(found)) }
    const { problems } = refused('QUOTE_CHANGED', `expect.${what}`, { what, ...texts })
    throw new RequestRefused(problems, { state: 'quote', ...answer })
  }
  if (expected['patient'] !== undefined) {
    compare('patient', expected['patient'], answer.patient.total)
  }
  if (expected['payers'] === undefined) return
  for (const [id, stated] of Object.entries(objectAt(expected, 'payers'))) {
    let sum = 0
    for (const payer of answer.payers) if (payer.id === id) sum += payer.amount
    compare(`payers.${id}`, stated, sum)
  }
}
