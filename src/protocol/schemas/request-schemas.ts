import { closedMap, listOf, oneOfWords, type SchemaNode } from '../../rules/schema/schema-node.ts'
import { TOPICS, type FrameOperation } from '../frames/operations.ts'
import { anyNumberOf, DATE, openMap, REQUEST_ID, SETTLEMENT, TEXT, WHOLE, YUAN } from './shared.ts'

/** Members that say how a request was sent: any body of the ledger may have them, and they change nothing. */
const ENVELOPE = Object.fromEntries(
  ['msgid', 'inf_time', 'sign', 'signtype', 'cainfo', 'opter', 'opter_name', 'opter_type'].map(
    (name): [string, SchemaNode] => [name, {}],
  ),
)

function ledgerBody(
  properties: Readonly<Record<string, SchemaNode>>,
  required: readonly string[] = [],
): SchemaNode {
  return closedMap({ ...properties, ...ENVELOPE }, required)
}

const BILL: SchemaNode = { type: 'object', description: 'a bill document' }
const EXPECT = closedMap({
  patient: YUAN,
  payers: { type: 'object', additionalProperties: YUAN },
})
/** Milliseconds since 1970-01-01. */
const NOT_AFTER: SchemaNode = { anyOf: [WHOLE, { type: 'string', pattern: '^[0-9]{1,15}$' }] }
const WITHOUT = anyNumberOf(TEXT)
const SETTLE = ledgerBody(
  { bill: BILL, expect: EXPECT, notAfter: NOT_AFTER, invoice: TEXT, without: WITHOUT },
  ['bill'],
)
const LINE = openMap({ id: TEXT, feedetl_sn: TEXT })

/** Body by operation. */
const BODIES: Readonly<Record<FrameOperation, SchemaNode>> = {
  hello: closedMap(
    { credential: { type: 'string', minLength: 1, maxLength: 200 }, records: { type: 'boolean' } },
    ['credential'],
  ),
  ping: closedMap({}),
  subscribe: closedMap({ topics: listOf(oneOfWords(TOPICS)) }, ['topics']),
  explain: closedMap({ settlement: SETTLEMENT }, ['settlement']),
  quote: ledgerBody({ bill: BILL, without: WITHOUT }, ['bill']),
  settle: SETTLE,
  prepare: SETTLE,
  confirm: ledgerBody(
    { settlement: SETTLEMENT, platform: openMap({ setlinfo: { type: 'object' } }, ['setlinfo']) },
    ['settlement', 'platform'],
  ),
  cancel: ledgerBody({ settlement: SETTLEMENT, reason: TEXT }, ['settlement']),
  unresolved: ledgerBody({}),
  'lines.add': ledgerBody({ stay: TEXT, lines: { ...listOf(LINE), maxItems: 2_000 } }, [
    'stay',
    'lines',
  ]),
  'lines.withdraw': ledgerBody({ stay: TEXT, ids: anyNumberOf(TEXT) }, ['stay', 'ids']),
  reverse: ledgerBody({ settlement: SETTLEMENT, reason: TEXT }, ['settlement']),
  resettle: ledgerBody(
    { settlement: SETTLEMENT, bill: BILL, expect: EXPECT, notAfter: NOT_AFTER, invoice: TEXT },
    ['settlement', 'bill'],
  ),
  supplement: ledgerBody(
    {
      person: TEXT,
      settlements: anyNumberOf(SETTLEMENT),
      packs: anyNumberOf(TEXT),
      date: DATE,
      notAfter: NOT_AFTER,
    },
    ['person', 'settlements', 'packs'],
  ),
  recalculate: ledgerBody(
    {
      person: TEXT,
      with: oneOfWords(['then', 'now']),
      from: DATE,
      to: DATE,
      notAfter: NOT_AFTER,
    },
    ['person'],
  ),
  find: {
    anyOf: [
      ledgerBody({ settlement: SETTLEMENT }, ['settlement']),
      ledgerBody({ requestId: REQUEST_ID }, ['requestId']),
      ledgerBody({ person: TEXT, day: DATE }, ['person', 'day']),
    ],
  },
  dayTotals: ledgerBody({ day: DATE }, ['day']),
  closeDay: ledgerBody({ day: DATE }, ['day']),
  'platform.confirm': ledgerBody({ settlement: SETTLEMENT, evidence: TEXT }, [
    'settlement',
    'evidence',
  ]),
}

/** Request frames by `request.OPERATION`. */
export const REQUEST_SCHEMAS: Readonly<Record<string, SchemaNode>> = Object.fromEntries(
  Object.entries(BODIES).map(([op, body]) => [
    `request.${op}`,
    closedMap({ id: REQUEST_ID, op: { const: op }, body }, ['id', 'op', 'body']),
  ]),
)
