import type { Bill, BillLine, Classification, GivenSettlement } from '../adjudication/bill.ts'
import type { Coverage } from '../adjudication/coverage.ts'
import { fen, sumFen, type Fen } from '../money/fen.ts'
import type { FactSheet } from '../rules/facts.ts'

/** One line of a trial bill; it brings its own classification, so no catalogue is needed. */
export interface TrialLine {
  readonly day: number
  readonly facts: FactSheet
  readonly parts: Classification
}

/** A bill made up to see what the packs do with it, and the person it is for. Nothing was settled before it. */
export interface TrialBill {
  /** Day of settlement; the visit begins with its first line and ends on this day. */
  readonly day: number
  readonly person: FactSheet
  readonly visit: FactSheet
  readonly hospital: FactSheet
  readonly policies: readonly FactSheet[]
  /** Half of what is in scope was paid by basic insurance, settled elsewhere. */
  readonly basicElsewhere?: true
  readonly lines: readonly TrialLine[]
}

const NOTHING = fen(0)

/** The parts of a line that is `amount` in one category. */
export function partsOf(category: keyof Classification, amount: Fen): Classification {
  const none = { ownPay: NOTHING, overLimit: NOTHING, preSelfPay: NOTHING, inScope: NOTHING }
  return { ...none, [category]: amount }
}

export function amountOf({ ownPay, overLimit, preSelfPay, inScope }: Classification): Fen {
  return sumFen([ownPay, overLimit, preSelfPay, inScope])
}

/** Kinds of visit with a bed, whose length counts at least one day. */
const STAY_KINDS: readonly unknown[] = ['inpatient', 'maternity', 'daySurgery']

/** What `settle` takes; the same as reading `trialDocument`. */
export function billOf(trial: TrialBill): { readonly bill: Bill; readonly coverage: Coverage } {
  const start = trial.lines.reduce((first, { day }) => Math.min(first, day), trial.day)
  const length = STAY_KINDS.includes(trial.visit['kind'])
    ? { days: Math.max(1, trial.day - start) }
    : {}
  return {
    bill: {
      stayId: 'V',
      visit: { ...length, ...trial.visit, id: 'V', start, end: trial.day },
      hospital: { ...trial.hospital, id: 'H' },
      lines: trial.lines.map(billLine),
      settlementDay: trial.day,
      ...(trial.basicElsewhere === true && { given: givenBy(trial) }),
      accountUsed: false,
      without: [],
    },
    coverage: {
      person: { ...trial.person, id: 'P' },
      familyId: 'F',
      policies: trial.policies,
    },
  }
}

/** Half of what is in scope, rounded down to the fen. */
export function paidElsewhere({ lines }: TrialBill): Fen {
  return fen(Math.floor(sumFen(lines.map(({ parts }) => parts.inScope)) / 2))
}

function givenBy(trial: TrialBill): GivenSettlement {
  return {
    payments: [{ kind: 'basic', payerId: 'basic', amount: paidElsewhere(trial) }],
    kinds: ['basic'],
    hospitalShare: NOTHING,
    deductible: NOTHING,
    overCap: NOTHING,
    accountPaid: NOTHING,
    confirmed: true,
  }
}

function billLine({ day, facts, parts }: TrialLine, index: number): BillLine {
  const [id, amount] = [String(index + 1), amountOf(parts)]
  return {
    id,
    amount,
    day,
    quantity: ONE,
    classification: parts,
    facts: { ...facts, id, amount, date: day },
  }
}

/** Quantities are held in ten-thousandths. */
const ONE = 10_000
