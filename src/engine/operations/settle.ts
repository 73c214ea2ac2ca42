import { assert } from '../../assert.ts'
import { formatYuan, fen, parseYuan } from '../../money/fen.ts'
import { totalsOf, type EvaluatedSplit } from '../evaluate-split.ts'
import type { LaterAnswer } from '../later-answer.ts'
import { isCurrent, type Trial } from '../speculation.ts'
import { adjudicateSplit, checkSettlementDay, readSplit, type SplitPlace } from '../split-bill.ts'
import { stagedLines, type StagedLines } from '../staged-lines.ts'
import {
  allowOnly,
  objectAt,
  refused,
  RequestRefused,
  type Answer,
  type Document,
  type TakenRequest,
  type Turn,
} from '../turn.ts'
import { checkUnique, uniqueKeys } from '../uniqueness.ts'
import { appendSplit, appendWritten, type EvaluatedInTurn } from './append-split.ts'

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
export function settle(turn: Turn, request: TakenRequest): Answer | LaterAnswer {
  const { body, hospital } = request
  allowOnly(body, ['bill', 'expect', 'notAfter', 'invoice', 'without'])
  const { bill, staged } = billOf(turn, body, hospital)
  checkSettlementDay(turn, bill)
  const place = { hospital, day: turn.today, ...(staged !== undefined && { staged: staged.held }) }
  const invoice = invoiceOf(body)
  const evaluated = evaluateInTurn(turn, bill, place, request.trial, invoice)
  checkExpected(body['expect'], evaluated.split)
  const operation = request.operation === 'prepare' ? 'prepare' : 'settle'
  const { written } = evaluated.split
  if (written !== undefined) {
    assert(staged === undefined, 'lines sent beforehand are not in what is written elsewhere')
    assert(written.known.operation === operation, 'a split is written for its operation')
    return appendWritten(turn, request, written)
  }
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
  const isUsable =
    speculation !== undefined &&
    (trial?.isChecked ?? isCurrent(turn.rows, speculation, turn.today, place.staged))
  if (isUsable) {
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

export function invoiceOf({ invoice }: Document): string | undefined {
  if (invoice === undefined) return undefined
  if (typeof invoice === 'string' && invoice.length <= INVOICE_MAX) return invoice
  throw refused('REQUEST_MALFORMED', 'invoice', { why: `invoice: text, ${INVOICE_MAX}` })
}

const INVOICE_MAX = 64

/** `expect`: what the patient was shown. Any difference is a refusal that carries the new split. */
export function checkExpected(
  expect: unknown,
  split: Pick<EvaluatedSplit, 'answer' | 'totals'>,
): void {
  if (expect === undefined) return
  const totals = split.totals ?? totalsOf(split.answer)
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
    throw new RequestRefused(problems, { state: 'quote', ...split.answer })
  }
  if (expected['patient'] !== undefined) {
    compare('patient', expected['patient'], totals.patient)
  }
  if (expected['payers'] === undefined) return
  for (const [id, stated] of Object.entries(objectAt(expected, 'payers'))) {
    let sum = 0
    for (const [payer, amount] of totals.payers) if (payer === id) sum += amount
    compare(`payers.${id}`, stated, sum)
  }
}
