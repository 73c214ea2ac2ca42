/** Bounds and settings of an engine; each may be set when it is opened. */
export interface EngineSettings {
  /** Requests waiting at once, in number and in bytes of their bodies. */
  readonly waitingMax: number
  readonly waitingBytesMax: number
  /** Requests evaluated before the loop looks at the store again; not counted are those that a worker evaluated, up to a block of them. */
  readonly sliceMax: number
  /** Records of one transaction; up to a block more where a worker packed them together. */
  readonly batchMax: number
  /** Days a stated day of settlement may lie from the engine's. */
  readonly dateToleranceDays: number
  /** Milliseconds until a prepared settlement is `unknown`. */
  readonly preparedMs: number
  /** Lines in one `lines.add`, and waiting in one stay. */
  readonly linesPerRequestMax: number
  readonly linesPerStayMax: number
  /** Advice with OVERLOADED. */
  readonly retryAfterMs: number
}

export const ENGINE_SETTINGS: EngineSettings = {
  waitingMax: 20_000,
  waitingBytesMax: 256 * 1024 * 1024,
  sliceMax: 16,
  batchMax: 512,
  dateToleranceDays: 3,
  preparedMs: 15 * 60 * 1000,
  linesPerRequestMax: 2_000,
  linesPerStayMax: 20_000,
  retryAfterMs: 200,
}

/** Characters of a request id. */
export const REQUEST_ID_MAX = 64
/** Objects and lists inside each other in a body. */
export const BODY_DEPTH_MAX = 24
/**
 * A larger message is decoded here, and a bill of more lines comes back from a worker as objects: reading the one and writing the other
 * takes long, and would be taken for the work of a pack on the bill.
 */
export const WORKER_MESSAGE_BYTES_MAX = 64 * 1024
export const WORKER_WRITES_LINES_MAX = 1_000
/** Times a request comes to its turn under rules that nobody tried before; rules change seldom, so that more is a bug and no reason to go on for ever. */
export const TRIALS_MAX = 100
/** Records of one block of the journal. */
export const BLOCK_RECORDS_MAX = 32
