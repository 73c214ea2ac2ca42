import type { Bill } from '../../src/adjudication/bill.ts'
import type { PersonEntry } from '../../src/registry/entries.ts'
import { completeBill, objectOf } from './complete-bill.ts'
import { dayOfIso } from './days.ts'
import type { Ask } from './ask.ts'
import type { ModelRuleSet } from './model-rules.ts'
import { evaluate, fenOf, linesOf, type Evaluated, type Tree } from './model-split.ts'
import {
  holderOf,
  holds,
  postingsOf,
  withHolders,
  type ModelSettlement,
  type ModelState,
} from './model-state.ts'
import { Refused } from './refused.ts'

const TOLERANCE_DAYS = 3

/** What a split is computed on. */
export interface Basis {
  readonly hospital: string
  /** Without what the register adds. */
  readonly document: Tree
  /** With it. */
  readonly completed: Tree
  readonly day: number
  readonly person: PersonEntry
  readonly place: ModelSettlement['place']
  readonly rules: ModelRuleSet
}

export function quote(state: ModelState, ask: Ask): Tree {
  const bill = billOf(ask)
  const { without } = ask.body
  const basis = currentBasis(state, ask.hospital, {
    ...staged(state, ask.hospital, bill),
    ...(without !== undefined && { without }),
  })
  const { evaluated } = checkedSplit(state, ask, basis, { invoice: undefined })
  return { state: 'quote', ...evaluated.answer }
}

/** settle and prepare. */
export function settle(state: ModelState, ask: Ask): Tree {
  const bill = billOf(ask)
  const basis = currentBasis(state, ask.hospital, staged(state, ask.hospital, bill))
  const made = checkedSplit(state, ask, basis, { invoice: invoiceOf(ask) })
  return record(state, ask, basis, made)
}

export function invoiceOf({ body: { invoice } }: Ask): string | undefined {
  return typeof invoice === 'string' ? invoice : undefined
}

export function billOf({ body }: Ask): Tree {
  const { bill } = body
  if (typeof bill !== 'object' || bill === null) throw new Refused('REQUEST_MALFORMED')
  return objectOf(bill)
}

/** The bill with the lines that were sent beforehand in the place of `staged`. */
function staged(state: ModelState, hospital: string, bill: Tree): Tree {
  const { staged: wanted, ...rest } = bill
  if (wanted === undefined) return bill
  const stay = String(objectOf(bill['visit'])['id'])
  const waiting = state.waiting(hospital, stay)
  const ids = new Set(Array.isArray(wanted) ? wanted.map(String) : waiting.map(({ id }) => id))
  if (ids.size === 0 || [...ids].some((id) => !waiting.some((one) => one.id === id))) {
    throw new Refused('LINE_NOT_WAITING')
  }
  return { ...rest, lines: waiting.filter(({ id }) => ids.has(id)).map(({ line }) => line) }
}

/** On the register and the rules of today. */
export function currentBasis(state: ModelState, hospital: string, bill: Tree): Basis {
  const date = bill['settlementDate']
  const day = typeof date === 'string' ? dayOfIso(date) : state.today
  if (Math.abs(day - state.today) > TOLERANCE_DAYS) throw new Refused('DATE_BEYOND_TOLERANCE')
  return basisToday(state, hospital, bill, day)
}

export function basisToday(state: ModelState, hospital: string, bill: Tree, day: number): Basis {
  const person = state.persons.get(String(objectOf(bill['person'])['id']))
  const place = state.hospitals.get(hospital)
  const completed = completeBill(bill, hospital, day, { person, hospital: place })
  if (person === undefined || place === undefined) throw new Error('completeBill let it pass')
  const rules = state.rules.get(person.jurisdiction)?.now
  if (rules === undefined) throw new Refused('JURISDICTION_UNKNOWN')
  return { hospital, document: bill, completed, day, person, place, rules }
}

/** A settlement's bill, or another in its place, on some register and rules. */
export function basisOf(
  { hospital, settlementDay: day }: ModelSettlement,
  document: Tree,
  { person, place, rules }: ModelSettlement['first'],
): Basis {
  const completed = completeBill(document, hospital, day, { person, hospital: place })
  return { hospital, document, completed, day, person, place, rules }
}

/** With the counters as they are; `counts` leaves out some settlements. */
export function evaluateBasis(
  state: ModelState,
  basis: Basis,
  counts?: (one: ModelSettlement, holder: string) => boolean,
  check: (bill: Bill) => void = () => {},
): Evaluated {
  const { completed: document, day, rules } = basis
  const counters = state.counters(viewOf(basis), counts)
  const suspended = state.rules.get(basis.person.jurisdiction)?.suspended ?? new Set()
  return evaluate({ document, day, rules, suspended, counters }, check)
}

export function viewOf({ hospital, document, person }: Basis): (key: string) => string {
  const stay = String(objectOf(document['visit'])['id'])
  return (key) => holderOf(key, { hospital, stay, person })
}

export interface SplitLinks {
  readonly invoice: string | undefined
  readonly takes?: readonly ModelSettlement[]
  readonly replaces?: ModelSettlement
}

export interface CheckedSplit extends SplitLinks {
  readonly evaluated: Evaluated
}

/** Uniqueness, adjudication, `expect`, in this order. */
export function checkedSplit(
  state: ModelState,
  ask: Ask,
  basis: Basis,
  links: SplitLinks,
): CheckedSplit {
  const evaluated = evaluateBasis(state, basis, undefined, (bill) => {
    if (links.takes !== undefined) return
    const ids = linesOf(basis.document).map(({ id }) => String(id))
    checkUnique(state, basis, { stay: bill.stayId, ids, setlId: bill.given?.settlementId, links })
  })
  checkExpected(ask.body['expect'], evaluated)
  return { ...links, evaluated }
}

function checkUnique(
  state: ModelState,
  { hospital, person }: Basis,
  wanted: {
    readonly stay: string
    readonly ids: readonly string[]
    readonly setlId: string | undefined
    readonly links: SplitLinks
  },
): void {
  const inStay = state.holding(hospital, wanted.stay)
  if (inStay.some((one) => one.person.id !== person.id)) {
    throw new Refused('STAY_OF_ANOTHER_PERSON')
  }
  const { setlId, links } = wanted
  const first =
    inStay.find(({ lineIds }) => wanted.ids.some((id) => lineIds.includes(id))) ??
    holderOfSetlId(state, setlId) ??
    state.settlements.find(
      (one) => holds(one) && links.invoice !== undefined && one.invoice === links.invoice,
    )
  if (first !== undefined) throw new Refused('ALREADY_SETTLED').naming([first.id])
}

export function holderOfSetlId(
  state: ModelState,
  setlId: string | undefined,
): ModelSettlement | undefined {
  if (setlId === undefined) return undefined
  return state.settlements.find((one) => holds(one) && one.setlIds.includes(setlId))
}

function checkExpected(expected: unknown, { answer }: Evaluated): void {
  if (expected === undefined) return
  const { patient, payers } = objectOf(expected)
  const isSame =
    (patient === undefined || fenOf(patient) === answer.patient.total) &&
    Object.entries(objectOf(payers)).every(([id, amount]) => {
      const paid = answer.payers.filter((one) => one.id === id)
      return fenOf(amount) === paid.reduce((sum, one) => sum + one.amount, 0)
    })
  if (!isSame) throw new Refused('QUOTE_CHANGED').carrying({ ...answer })
}

/** Posts (or, of `prepare`, holds) a checked split; the answer. */
export function record(
  state: ModelState,
  ask: Ask,
  basis: Basis,
  { evaluated, invoice, takes = [], replaces }: CheckedSplit,
): Tree {
  const { operation, ids } = ask
  const id = ids[0] ?? `S${String(state.settlements.length).padStart(12, '9')}`
  const { answer, confirmed, setlId, contributions, reads } = evaluated
  const seen = viewOf(basis)
  const isPrepared = operation === 'prepare'
  const settlement: ModelSettlement = {
    id,
    seq: Number(id.slice(1)),
    operation: operation as ModelSettlement['operation'],
    hospital: basis.hospital,
    stay: evaluated.stay,
    person: basis.person,
    place: basis.place,
    rules: basis.rules,
    first: { person: basis.person, place: basis.place, rules: basis.rules },
    document: basis.document,
    settlementDay: evaluated.settlementDay,
    at: state.now,
    day: state.openDay,
    lineIds: operation === 'supplement' ? [] : evaluated.lineIds,
    invoice,
    takes,
    replaces,
    setlIds: setlId === undefined ? [] : [setlId],
    state: isPrepared ? 'prepared' : confirmed ? 'settled' : 'unconfirmed',
    confirmed,
    answer,
    reads: new Set(reads.map((key) => `${seen(key)}\n${key}`)),
    contributions: withHolders(contributions, seen),
    isMarked: false,
    reversal: undefined,
  }
  state.settlements.push(settlement)
  if (!isPrepared) postSplit(state, settlement, 1)
  return answered(settlement, state)
}

/** Posts a settlement, or with −1 takes it back. */
export function postSplit(state: ModelState, settlement: ModelSettlement, sign: 1 | -1): void {
  const { hospital, answer, operation } = settlement
  state.post(hospital, postingsOf(settlement), sign)
  if (operation !== 'supplement') state.total(hospital, answer, sign)
}

export function answered(settlement: ModelSettlement, state: ModelState): Tree {
  const { id, state: its, answer, replaces } = settlement
  return {
    settlement: id,
    state: its,
    at: state.now,
    day: state.openDay,
    ...(replaces !== undefined && { replaces: replaces.id }),
    ...answer,
  }
}
