import { problem, type Problem } from '../../errors/problem.ts'
import { accountingDay, dayOf } from '../../ledger/days.ts'
import type { LedgerRecord } from '../../ledger/record.ts'
import type { HeadRow } from '../../ledger/rows.ts'
import type { Store } from '../ports.ts'
import { StoreFailed } from '../store-failed.ts'
import { EMPTY_HEAD, headOf } from '../store-rows.ts'
import { Findings, type FindingsSummary } from './finding.ts'
import { FoldedRows } from './folded-rows.ts'
import { readBlock } from './read-block.ts'
import { RecordChecks, type SplitCheck } from './record-checks.ts'
import { balanceProblems, contentProblems, headProblems, rowProblem } from './row-checks.ts'

export interface VerifyOptions {
  /** Told now and then how many records are done; `total` may be wrong in a damaged ledger. What it returns is waited for. */
  readonly progress?: (done: number, total: number) => Promise<void> | void
  /** Settlements before this record are folded and not adjudicated again; default: none. */
  readonly from?: number
  /** Adjudicates settlements again; default: at once, in this thread. */
  readonly splits?: SplitCheck
}

export interface LedgerVerification {
  readonly records: number
  /** Settlements, prepared ones and recalculations. */
  readonly splits: number
  readonly head: HeadRow
  readonly findings: FindingsSummary
}

/** Records between two calls of `progress`. */
const PROGRESS_RECORDS = 512

/**
 * Goes through the journal in order and does everything again: hash chain, numbers, stamps, the fold of docs/ledger.md, every operation
 * and every settlement from what is stored; then compares each row of the store with the fold. The store must not change meanwhile.
 * Never throws for what is wrong with a ledger.
 */
export async function verifyLedger(
  store: Store,
  options: VerifyOptions = {},
): Promise<LedgerVerification> {
  const pass = new VerifyPass(store, options)
  await pass.journal()
  pass.tables()
  return pass.result()
}

class VerifyPass {
  readonly #store: Store
  readonly #options: VerifyOptions
  readonly #findings = new Findings()
  readonly #rows: FoldedRows
  readonly #checks: RecordChecks
  #head: HeadRow = EMPTY_HEAD
  /** What comes after a record that cannot be read cannot be folded, and no row compared with it. */
  #isWhole = true

  constructor(store: Store, options: VerifyOptions) {
    this.#store = store
    this.#options = options
    this.#rows = new FoldedRows(store)
    this.#checks = new RecordChecks(store, this.#rows, {
      from: options.from ?? 0,
      splits: options.splits,
    })
  }

  async journal(): Promise<void> {
    const { progress } = this.#options
    const total = this.#caught(() => headOf(this.#store).seq) ?? 0
    let told = 0
    const blocks = this.#caughtRows(() => this.#store.range('journal'))
    for (const { key, value } of blocks) {
      this.#block(Number(key), value)
      if (progress === undefined || this.#head.seq - told < PROGRESS_RECORDS) continue
      told = this.#head.seq
      await progress(told, Math.max(total, told))
    }
    for (const finding of (await this.#options.splits?.end()) ?? []) {
      this.#findings.merge(finding)
    }
    await progress?.(this.#head.seq, this.#head.seq)
  }

  tables(): void {
    if (!this.#isWhole) return
    const end = Number.POSITIVE_INFINITY
    const store = this.#store
    this.#checks.end((seq, found) => {
      this.#findings.add(seq, found)
    })
    const problems = [
      headProblems(store, this.#head),
      contentProblems(store, this.#checks.contents),
      this.#rowProblems(),
      balanceProblems(store),
    ]
    for (const each of problems) {
      for (const found of this.#caughtRows(() => each)) this.#findings.add(end, found)
    }
  }

  result(): LedgerVerification {
    const { seq: records } = this.#head
    const findings = this.#findings.summary()
    return { records, splits: this.#checks.splits, head: this.#head, findings }
  }

  #block(key: number, value: Uint8Array): void {
    const expected = this.#head.seq + 1
    this.#require(expected, 'LEDGER_SEQ_GAP', key, expected)
    const { records, hash, problems } = readBlock(key, value, this.#head.hash)
    for (const found of problems) this.#findings.add(key, found)
    this.#checkFound(key, value)
    this.#head = { ...this.#head, hash }
    if (records === undefined) this.#isWhole = false
    for (const record of records ?? []) this.#record(record)
    this.#options.splits?.block(value)
  }

  /** A row that a walk comes by must also be found by its key. */
  #checkFound(key: number, value: Uint8Array): void {
    const found = this.#caught(() => this.#store.get('journal', key))
    if (found !== undefined && Buffer.compare(found, value) === 0) return
    const details = { table: 'journal', key, recomputed: `${value.length} B` }
    this.#findings.add(key, problem('LEDGER_ROW_MISSING', '', details))
  }

  #record(record: LedgerRecord): void {
    const { seq, at, day } = record
    const { at: before, closed, seq: last } = this.#head
    this.#require(seq, 'LEDGER_SEQ_GAP', seq, last + 1)
    this.#require(seq, 'LEDGER_STAMP_WRONG', at, Math.max(at, before), 'at')
    this.#require(seq, 'LEDGER_STAMP_WRONG', day, accountingDay(at, closed), 'day')
    this.#head = { ...this.#head, seq, at: Math.max(at, before) }
    if (!this.#isWhole) return
    const place = { at, today: dayOf(at), day, closed }
    for (const found of this.#checks.record(record, place)) this.#findings.add(seq, found)
    if (record.kind === 'dayClosed') this.#head = { ...this.#head, closed: record.closed }
  }

  #require(
    seq: number,
    code: 'LEDGER_SEQ_GAP' | 'LEDGER_STAMP_WRONG',
    stored: number,
    recomputed: number,
    field = 'seq',
  ): void {
    if (stored === recomputed) return
    this.#findings.add(seq, problem(code, field, { record: seq, field, stored, recomputed }))
  }

  *#rowProblems(): Generator<Problem> {
    for (const difference of this.#rows.differences()) yield rowProblem(difference)
  }

  /** Undefined when the store could not read it, which is a finding. */
  #caught<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      this.#findings.add(this.#head.seq + 1, storeProblem(error))
      this.#isWhole = false
      return undefined
    }
  }

  /** Rows until the store cannot read on. */
  *#caughtRows<T>(rows: () => Iterable<T>): Generator<T> {
    const iterator = this.#caught(() => rows()[Symbol.iterator]())
    for (;;) {
      const next = this.#caught(() => iterator?.next())
      if (next === undefined || next.done === true) return
      yield next.value
    }
  }
}

function storeProblem(error: unknown): Problem {
  if (error instanceof StoreFailed) return error.problem
  throw error
}
