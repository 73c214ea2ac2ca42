import type { LedgerRecord, SplitRecord } from '../../src/ledger/record.ts'
import { settlementId } from '../../src/reconciliation/settlement-book.ts'
import type { ToldAnswer } from '../../src/reconciliation/told-book.ts'
import {
  answerOf,
  billOf,
  confirmedRecord,
  DAY,
  linesRecord,
  recalculationRecord,
  reversalRecord,
  splitRecord,
  type HandLine,
} from './hand-records.ts'

const FIRST: readonly HandLine[] = [
  ['1', 6_000, 1_000, 3_000],
  ['m', 0, 50_000, 12_345],
]
const SECOND: readonly HandLine[] = [['2', 5_000, 0, 500]]
const STAGED: readonly HandLine[] = [
  ['m', 700, 0, 300],
  ['4', 100, 100, 100],
]
const CHANGED: readonly HandLine[] = [['2', 4_000, 900, 600]]

const first = splitRecord(1, FIRST, {
  carried: { setl_id: '4000001', clr_optins: '430199', clr_type: '21' },
})
const second = splitRecord(2, SECOND, { stay: 'V2', person: 'P2' })
const staged = splitRecord(4, STAGED, {
  kind: 'prepared',
  operation: 'prepare',
  stay: 'V3',
  person: 'P3',
  bill: { visit: { id: 'V3' }, staged: true },
  staged: [[3, ['m', '4']]],
})
const cancelled = splitRecord(6, SECOND, { kind: 'prepared', operation: 'prepare', stay: 'V4' })
const supplement = splitRecord(8, [], {
  operation: 'supplement',
  bill: {},
  takes: [1],
  postings: [['payer:insurer', 'patient', 2_000]],
  answer: {
    ...answerOf([['1/m', 0, 2_000, 10_345]], { stay: 'V1', person: 'P1' }),
  },
})

/** Settle, settle, lines ahead, prepare and confirm, prepare and cancel, supplement, recalculate, reverse two. */
export const RECORDS: readonly LedgerRecord[] = [
  first,
  second,
  linesRecord(3, STAGED, 'V3'),
  staged,
  confirmedRecord(5, staged, '4000003'),
  cancelled,
  { kind: 'cancelled', seq: 7, at: 7, day: DAY, settlement: 6 },
  supplement,
  recalculationRecord(9, second, CHANGED, [
    ['provider:H1', 'payer:pool', 1_000],
    ['payer:insurer', 'provider:H1', 900],
    ['patient', 'provider:H1', 100],
  ]),
  reversalRecord(10, second, {
    postings: [
      ['provider:H1', 'payer:pool', 4_000],
      ['provider:H1', 'payer:insurer', 900],
      ['provider:H1', 'patient', 600],
    ],
  }),
  reversalRecord(11, staged),
]

function settled(
  operation: string,
  split: SplitRecord,
  body: unknown,
  day = split.day,
): ToldAnswer {
  const answer = { settlement: settlementId(split.seq), state: 'settled', at: split.at, day }
  return { hospital: 'H1', operation, body, answer: { ...answer, ...split.answer } }
}

function payersOf(pool: number, insurer: number) {
  return [
    { id: 'pool', kind: 'basic', amount: pool },
    { id: 'insurer', kind: 'commercial', policyId: 'POL-1', amount: insurer },
  ]
}

function reversedAnswer(split: SplitRecord, pool: number, insurer: number): ToldAnswer {
  const payers = payersOf(pool, insurer)
  const answer = {
    settlement: settlementId(split.seq),
    reversal: 'R',
    state: 'reversed',
    day: DAY + 2,
  }
  return { hospital: 'H1', operation: 'reverse', body: {}, answer: { ...answer, payers } }
}

/** What the clients of that history have; one answer twice, as a repeat. */
export const TOLD: readonly ToldAnswer[] = [
  settled('settle', first, { bill: billOf(FIRST, 'V1') }),
  settled('settle', first, { bill: billOf(FIRST, 'V1') }),
  settled('settle', second, { bill: billOf(SECOND, 'V2') }),
  {
    hospital: 'H1',
    operation: 'lines.add',
    body: { stay: 'V3', lines: billOf(STAGED, 'V3').lines },
    answer: {},
  },
  settled('prepare', staged, { bill: staged.bill }),
  settled('confirm', staged, { settlement: settlementId(4) }, DAY + 1),
  settled('prepare', cancelled, { bill: cancelled.bill }),
  settled('supplement', supplement, { person: 'P1', settlements: [settlementId(1)] }),
  {
    hospital: 'H1',
    operation: 'recalculate',
    body: { person: 'P2' },
    answer: {
      person: 'P2',
      changed: [
        {
          settlement: settlementId(2),
          recalculation: 'R9',
          day: DAY + 1,
          payers: payersOf(-1_000, 900),
        },
      ],
    },
  },
  reversedAnswer(second, -4_000, -900),
  reversedAnswer(staged, -800, -100),
]
