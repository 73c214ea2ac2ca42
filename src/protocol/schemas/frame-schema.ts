import { closedMap, type SchemaNode } from '../../rules/schema/schema-node.ts'
import { PART_SCHEMAS, REPLY_SCHEMAS } from './answer-schemas.ts'
import { REQUEST_SCHEMAS } from './request-schemas.ts'
import { AT, DAY, HOSPITAL, SETTLEMENT, TEXT, WHOLE } from './shared.ts'

const EVENT_SCHEMAS: Readonly<Record<string, SchemaNode>> = {
  'event.settlement.reversed': closedMap(
    {
      event: { const: 'settlement.reversed' },
      settlement: SETTLEMENT,
      hospital: HOSPITAL,
      at: AT,
      day: DAY,
      reversal: SETTLEMENT,
      replacedBy: SETTLEMENT,
    },
    ['event', 'settlement', 'hospital', 'at', 'day'],
  ),
  'event.pack.activated': closedMap(
    {
      event: { const: 'pack.activated' },
      jurisdiction: TEXT,
      pack: TEXT,
      hash: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      from: DAY,
      at: AT,
    },
    ['event', 'jurisdiction', 'pack', 'hash', 'from', 'at'],
  ),
  'event.engine.draining': closedMap({ event: { const: 'engine.draining' }, withinMs: WHOLE }, [
    'event',
    'withinMs',
  ]),
}

const MESSAGES = { ...REQUEST_SCHEMAS, ...REPLY_SCHEMAS, ...EVENT_SCHEMAS }

/** Every message of `qingfen.v1`, one definition each; published as docs/protocol.schema.json. */
export const FRAME_SCHEMA: SchemaNode = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'qingfen.v1',
  $defs: { ...MESSAGES, ...PART_SCHEMAS },
  anyOf: Object.keys(MESSAGES).map((name) => ({ $ref: `#/$defs/${name}` })),
}
