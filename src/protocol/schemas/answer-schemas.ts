import {
  closedMap,
  oneOfWords,
  reference,
  type SchemaNode,
} from '../../rules/schema/schema-node.ts'
import { TOPICS, type FrameOperation } from '../frames/operations.ts'
import {
  anyNumberOf,
  AT,
  DAY,
  ERROR_CODE,
  ERROR_CODES,
  FEN,
  HOSPITAL,
  openMap,
  PACK_KIND,
  REQUEST_ID,
  SETTLEMENT,
  TEXT,
  WHOLE,
} from './shared.ts'

const PAYER_PART = closedMap(
  { id: TEXT, kind: PACK_KIND, policyId: TEXT, given: { const: true }, amount: FEN },
  ['id', 'kind', 'amount'],
)

const PAYER = reference('payer')

/** Id, amount, the patient's part, what each payer pays, the patient's part by residual category. */
const SPLIT_LINE: SchemaNode = {
  type: 'array',
  prefixItems: [
    TEXT,
    FEN,
    FEN,
    anyNumberOf(FEN),
    { ...anyNumberOf(FEN), minItems: 7, maxItems: 7 },
  ],
  minItems: 5,
  items: false,
}

const ACCOUNT = closedMap({ current: FEN, history: FEN, family: FEN, given: FEN }, [
  'current',
  'history',
  'family',
  'given',
])

const PATIENT = closedMap({ total: FEN, account: ACCOUNT, cash: FEN, depositBalance: FEN }, [
  'total',
  'account',
  'cash',
])

const SPLIT = {
  total: FEN,
  payers: anyNumberOf(PAYER),
  lines: anyNumberOf(reference('splitLine')),
  classification: { ...anyNumberOf(FEN), minItems: 4, maxItems: 4 },
  deductibleUsed: FEN,
  packageAdjustment: FEN,
  patient: reference('patient'),
  fixed: anyNumberOf(
    openMap({ pack: TEXT, benefit: TEXT, payerId: TEXT, amount: FEN }, ['amount']),
  ),
  setlinfo: { type: 'object', description: 'national record, yuan' },
  setldetail: anyNumberOf(openMap({ fund_pay_type: TEXT, fund_payamt: TEXT }, ['fund_pay_type'])),
  warnings: anyNumberOf(
    openMap({ code: ERROR_CODE, where: { type: 'string' } }, ['code', 'where']),
  ),
}

const QUOTE = closedMap({ state: { const: 'quote' }, ...SPLIT }, ['state', ...Object.keys(SPLIT)])

function posted(...states: readonly string[]): SchemaNode {
  const own = { settlement: SETTLEMENT, state: oneOfWords(states), at: AT, day: DAY }
  const properties = { ...own, replaces: SETTLEMENT, ...SPLIT }
  return closedMap(properties, [...Object.keys(own), ...Object.keys(SPLIT)])
}

const SETTLED = posted('settled', 'unconfirmed')

const FOUND = closedMap(
  {
    settlement: SETTLEMENT,
    state: oneOfWords(['prepared', 'unknown', 'settled', 'unconfirmed', 'cancelled', 'reversed']),
    operation: TEXT,
    at: AT,
    day: DAY,
    hospital: HOSPITAL,
    stay: TEXT,
    person: TEXT,
    total: FEN,
    patient: FEN,
    changedSince: { type: 'boolean' },
    reversal: SETTLEMENT,
  },
  ['settlement', 'state', 'at', 'day', 'hospital', 'stay', 'person', 'total', 'patient'],
)

const HELLO = closedMap(
  {
    protocol: { const: 1 },
    program: TEXT,
    semantics: WHOLE,
    at: AT,
    principal: TEXT,
    role: oneOfWords(['terminal', 'operator', 'insurer', 'auditor']),
    hospital: HOSPITAL,
    limits: { type: 'object', additionalProperties: WHOLE },
    topics: anyNumberOf(TEXT),
  },
  ['protocol', 'program', 'semantics', 'at', 'principal', 'role', 'limits', 'topics'],
)

function all(properties: Readonly<Record<string, SchemaNode>>): SchemaNode {
  return closedMap(properties, Object.keys(properties))
}

/** Answer by operation. */
const ANSWERS: Readonly<Record<FrameOperation, SchemaNode>> = {
  hello: HELLO,
  ping: all({ at: AT }),
  subscribe: all({ topics: anyNumberOf(oneOfWords(TOPICS)) }),
  explain: all({ settlement: SETTLEMENT, sentences: anyNumberOf(all({ zh: TEXT, en: TEXT })) }),
  quote: QUOTE,
  settle: SETTLED,
  prepare: posted('prepared'),
  confirm: posted('settled'),
  resettle: SETTLED,
  supplement: SETTLED,
  cancel: all({ settlement: SETTLEMENT, state: { const: 'cancelled' }, at: AT, day: DAY }),
  unresolved: all({
    settlements: anyNumberOf(
      all({ settlement: SETTLEMENT, hospital: HOSPITAL, at: AT, person: TEXT, stay: TEXT }),
    ),
  }),
  'lines.add': all({ stay: TEXT, added: WHOLE, repeated: WHOLE, waiting: WHOLE }),
  'lines.withdraw': all({ stay: TEXT, withdrawn: WHOLE, waiting: WHOLE }),
  reverse: all({
    settlement: SETTLEMENT,
    reversal: SETTLEMENT,
    state: { const: 'reversed' },
    at: AT,
    day: DAY,
    later: { type: 'boolean' },
    total: FEN,
    payers: anyNumberOf(PAYER),
  }),
  recalculate: all({
    person: TEXT,
    at: AT,
    day: DAY,
    changed: anyNumberOf(
      all({
        settlement: SETTLEMENT,
        recalculation: SETTLEMENT,
        day: DAY,
        payers: anyNumberOf(PAYER),
        patient: FEN,
      }),
    ),
    left: anyNumberOf(SETTLEMENT),
  }),
  find: all({ settlements: anyNumberOf(FOUND) }),
  dayTotals: all({ day: DAY, rows: WHOLE, cost: FEN, fund: FEN, account: FEN, cash: FEN }),
  closeDay: all({ closed: DAY }),
  'platform.confirm': all({ settlement: SETTLEMENT, state: { const: 'settled' } }),
}

const PROBLEM = all({
  code: ERROR_CODE,
  number: WHOLE,
  where: { type: 'string' },
  zh: TEXT,
  en: TEXT,
  doZh: TEXT,
  doEn: TEXT,
  details: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
  retryable: { type: 'boolean' },
})

/** Reply frames: `answer.OPERATION`, and one `refusal` for all. */
export const REPLY_SCHEMAS: Readonly<Record<string, SchemaNode>> = {
  ...Object.fromEntries(
    Object.entries(ANSWERS).map(([op, answer]) => [
      `answer.${op}`,
      all({ id: REQUEST_ID, ok: { const: true }, repeat: { type: 'boolean' }, answer }),
    ]),
  ),
  refusal: closedMap(
    {
      id: { anyOf: [REQUEST_ID, { type: 'null' }] },
      ok: { const: false },
      problems: { ...anyNumberOf(reference('problem')), minItems: 1 },
      retryAfterMs: WHOLE,
      split: QUOTE,
    },
    ['id', 'ok', 'problems'],
  ),
}

/** What the messages have in common. */
export const PART_SCHEMAS: Readonly<Record<string, SchemaNode>> = {
  errorCode: ERROR_CODES,
  payer: PAYER_PART,
  splitLine: SPLIT_LINE,
  patient: PATIENT,
  problem: PROBLEM,
}
