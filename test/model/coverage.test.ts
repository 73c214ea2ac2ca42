import { expect, test } from 'vitest'
import { OPERATIONS, READ_ONLY } from '../../src/engine/request.ts'
import { expectAgreement, firstSeeds } from './agreement.ts'
import { Tally } from './tally.ts'

/** Refusals by the operations that must meet them. */
const REFUSALS: Readonly<Record<string, string>> = {
  quote: 'ALREADY_SETTLED DATE_BEYOND_TOLERANCE REQUEST_MALFORMED PAYER_SUSPENDED POLICY_UNKNOWN',
  settle:
    'ALREADY_SETTLED BILL_DIFFERS_FROM_REGISTER BILL_STATES_REGISTER BILL_TOTAL_DIFFERS COVERAGE_NOT_IN_FORCE DATE_BEYOND_TOLERANCE EXPIRED FIELD_UNKNOWN GIVEN_LAYER_INCOMPLETE HOSPITAL_UNKNOWN JURISDICTION_UNKNOWN LINE_NOT_WAITING PAYER_SUSPENDED PERSON_UNKNOWN POLICY_UNKNOWN QUOTE_CHANGED REQUEST_DIFFERS REQUEST_MALFORMED SETTLEMENT_BEFORE_LAST_LINE STAY_OF_ANOTHER_PERSON',
  prepare: 'ALREADY_SETTLED COVERAGE_NOT_IN_FORCE QUOTE_CHANGED REQUEST_DIFFERS',
  confirm: 'ALREADY_SETTLED CONFIRM_DIFFERS NOT_PREPARED SETTLEMENT_UNKNOWN REQUEST_DIFFERS',
  cancel: 'NOT_PREPARED SETTLEMENT_UNKNOWN',
  'lines.add': 'ALREADY_SETTLED LINE_DIFFERS LINES_TOO_MANY REQUEST_DIFFERS',
  'lines.withdraw': 'LINE_NOT_WAITING',
  reverse: 'LATER_SETTLEMENTS NOT_LIVE REVERSAL_TOO_LATE SETTLEMENT_UNKNOWN REQUEST_DIFFERS',
  resettle:
    'ALREADY_SETTLED LATER_SETTLEMENTS NOT_LIVE PAYER_SUSPENDED QUOTE_CHANGED REVERSAL_TOO_LATE SETTLEMENT_UNKNOWN',
  supplement: 'NOT_LIVE SETTLEMENT_BEFORE_LAST_LINE SETTLEMENT_UNKNOWN SUPPLEMENT_PACK_UNKNOWN',
  recalculate: 'REQUEST_DIFFERS REQUEST_MALFORMED',
  find: 'SETTLEMENT_UNKNOWN REQUEST_MALFORMED',
  closeDay: 'DAY_ALREADY_CLOSED DAY_NOT_OVER REQUEST_DIFFERS',
  'platform.confirm': 'NOT_LIVE SETTLEMENT_UNKNOWN',
}

/** Answers that not every history has. */
const EVENTS = [
  'recalculate changed something',
  'recalculate changed several',
  'recalculate left some to a supplement',
  'reverse with later readers',
  'settle unconfirmed',
  'resettle unconfirmed',
  'find found one changed since',
  'find found one unknown',
  'unresolved found some',
]

const OFTEN = 2

const tally = new Tally()

test.each(firstSeeds(18_000, 4))('500 seeds from %i', async (first) => {
  await expectAgreement(first, tally.count)
})

test('these two thousand have every operation answered and repeated, every refusal, every event', () => {
  const wanted = [
    ...OPERATIONS.map((operation) => `${operation} answered`),
    ...OPERATIONS.filter((operation) => !READ_ONLY.has(operation)).map((one) => `${one} repeated`),
    ...Object.entries(REFUSALS).flatMap(([operation, codes]) =>
      codes.split(' ').map((code) => `${operation} ${code}`),
    ),
    ...EVENTS,
  ]
  const rare = wanted.filter((name) => (tally.counts.get(name) ?? 0) < OFTEN)
  expect(rare).toEqual([])
})
