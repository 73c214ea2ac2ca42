/** Operations of the connection itself. */
export const CONNECTION_OPERATIONS = ['hello', 'ping', 'subscribe', 'explain'] as const

/** Operations handed to the engine (docs/ledger.md, section 6). */
export const LEDGER_OPERATIONS = [
  'quote',
  'settle',
  'prepare',
  'confirm',
  'cancel',
  'unresolved',
  'lines.add',
  'lines.withdraw',
  'reverse',
  'resettle',
  'supplement',
  'recalculate',
  'find',
  'dayTotals',
  'closeDay',
  'platform.confirm',
] as const

export type ConnectionOperation = (typeof CONNECTION_OPERATIONS)[number]
export type LedgerOperation = (typeof LEDGER_OPERATIONS)[number]
export type FrameOperation = ConnectionOperation | LedgerOperation

/** Everything a request frame may ask for. */
export const FRAME_OPERATIONS: readonly FrameOperation[] = [
  ...CONNECTION_OPERATIONS,
  ...LEDGER_OPERATIONS,
]

export function isFrameOperation(name: string): name is FrameOperation {
  return (FRAME_OPERATIONS as readonly string[]).includes(name)
}

export function isLedgerOperation(op: FrameOperation): op is LedgerOperation {
  return (LEDGER_OPERATIONS as readonly string[]).includes(op)
}

/** What can be subscribed to. */
export const TOPICS = ['settlement.reversed', 'pack.activated', 'engine.draining'] as const

export type Topic = (typeof TOPICS)[number]

export function isTopic(name: unknown): name is Topic {
  return (TOPICS as readonly unknown[]).includes(name)
}
