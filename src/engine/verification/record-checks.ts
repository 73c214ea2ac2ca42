import { SEMANTICS } from '../../adjudication/settlement.ts'
import { assert } from '../../assert.ts'
import type { Problem } from '../../errors/problem.ts'
import type { LedgerRecord, ReversalRecord, SplitRecord } from '../../ledger/record.ts'
import type { Rows } from '../../ledger/rows.ts'
import { ENGINE_SETTINGS, type EngineSettings } from '../limits.ts'
import { OverlayRows } from '../overlay-rows.ts'
import type { Store } from '../ports.ts'
import { RuleSets } from '../rule-sets.ts'
import type { Turn } from '../turn.ts'
import { CommandChecks } from './command-checks.ts'
import type { FindingsSummary } from './finding.ts'
import type { FoldedRows } from './folded-rows.ts'
import { readjudicate } from './readjudicate.ts'
import { impossible, madeDiffers, thrownBy } from './record-problems.ts'
import { rerun, rerunSupplement, type RerunKind } from './rerun.ts'
import { checkSplitContext } from './split-context.ts'

/** Where settlements are adjudicated again when not at once. */
export interface SplitCheck {
  /** Takes a settlement of the block that is being gone through, with the rows before it; false: it is to be done at once. */
  add(record: SplitRecord, rows: Rows): boolean
  /** All records of a block have been gone through. */
  block(block: Uint8Array): void
  /** What was found, when all is done. */
  end(): Promise<readonly FindingsSummary[]>
}

export interface RecordChecksOptions {
  readonly from: number
  readonly splits: SplitCheck | undefined
}

export type RecordPlace = Pick<Turn, 'at' | 'today' | 'day' | 'closed'>

/** Bounds that an operator may have set otherwise when the record was made. */
const SETTINGS: EngineSettings = {
  ...ENGINE_SETTINGS,
  dateToleranceDays: Number.POSITIVE_INFINITY,
  linesPerRequestMax: Number.POSITIVE_INFINITY,
  linesPerStayMax: Number.POSITIVE_INFINITY,
}

/** Checks each record at its place and folds it. */
export class RecordChecks {
  readonly #store: Store
  readonly #rows: FoldedRows
  readonly #rules: RuleSets
  readonly #options: RecordChecksOptions
  /** What has to come next: the rest of a recalculation run. */
  readonly #due: LedgerRecord[] = []
  /** The half of a resettlement whose other half has to come next. */
  #replaced: ReversalRecord | undefined
  readonly #commands: CommandChecks
  splits = 0

  constructor(store: Store, rows: FoldedRows, options: RecordChecksOptions) {
    this.#store = store
    this.#rows = rows
    this.#options = options
    this.#rules = new RuleSets(this.#read)
    this.#commands = new CommandChecks(store, this.#read)
  }

  readonly #read = (hash: string): Uint8Array => {
    const bytes = this.#store.get('content', hash)
    assert(bytes !== undefined, `the ledger has the content ${hash}`)
    return bytes
  }

  /** Hashes of contents that records named. */
  get contents(): ReadonlySet<string> {
    return this.#commands.contents
  }

  /** Problems of one record, which then counts as done. */
  *record(record: LedgerRecord, place: RecordPlace): Generator<Problem> {
    const { seq } = record
    try {
      const found = this.#check(record, place)
      if (found !== undefined) yield found
    } catch (error) {
      yield thrownBy(record, error)
    }
    const overlay = new OverlayRows(this.#rows)
    try {
      overlay.append(record)
    } catch (error) {
      overlay.drop()
      yield thrownBy(record, error)
    }
    this.#rows.take(seq, overlay)
  }

  /** What should have come and did not. */
  end(found: (seq: number, problem: Problem) => void): void {
    const [next] = this.#due
    if (next !== undefined) found(next.seq, impossible(next, 'missing at the end'))
    const brought = this.#commands.open()
    if (brought !== undefined) found(brought.seq, impossible(brought, 'its command is missing'))
    const replaced = this.#replaced
    if (replaced === undefined) return
    const why = `the replacement of ${replaced.settlement} is missing at the end`
    found(replaced.seq, impossible(replaced, why))
  }

  #check(record: LedgerRecord, place: RecordPlace): Problem | undefined {
    const due = this.#due.shift()
    if (due !== undefined) {
      this.#due.length = due.kind === record.kind ? this.#due.length : 0
      if (record.kind === 'recalculation') this.splits += 1
      return madeDiffers(record, due)
    }
    const misplaced = this.#misplaced(record)
    if (misplaced !== undefined) return misplaced
    switch (record.kind) {
      case 'settlement':
      case 'prepared':
        this.splits += 1
        return this.#checkSplit(record, place)
      case 'registry':
      case 'audit':
        return undefined
      case 'content':
        return this.#commands.content(record)
      case 'rules':
        return this.#commands.rules(record, (seq) => this.#turn(seq, place))
      case 'recalculation':
        this.splits += 1
        return this.#checkRerun(record, place)
      case 'reversal':
        if (record.request === undefined) this.#replaced = record
        return this.#checkRerun(record, place)
      case 'confirmed':
      case 'cancelled':
      case 'recalculated':
      case 'lines':
      case 'platform':
      case 'dayClosed':
        return this.#checkRerun(record, place)
    }
  }

  /** What comes in one turn comes together: the halves of a resettlement, a command on packs behind the contents it brought. */
  #misplaced(record: LedgerRecord): Problem | undefined {
    const replaced = this.#replaced?.settlement
    this.#replaced = undefined
    const replaces = record.kind === 'settlement' ? record.replaces : undefined
    if (replaced !== undefined && replaces !== replaced) {
      return impossible(record, `the replacement of ${replaced} should come here`)
    }
    const isReplacement = record.kind === 'settlement' && record.operation === 'resettle'
    if (replaced === undefined && isReplacement) {
      return impossible(record, 'nothing was taken back for it')
    }
    if (record.kind === 'content' || record.kind === 'rules') return undefined
    const brought = this.#commands.open()
    if (brought === undefined) return undefined
    return impossible(record, `the command that brought ${brought.hash} should come here`)
  }

  #checkSplit(record: SplitRecord, place: RecordPlace): Problem | undefined {
    const turn = this.#turn(record.seq, place)
    const { from, splits } = this.#options
    if (record.operation === 'supplement' && record.semantics === SEMANTICS && record.seq >= from) {
      const [again] = rerunSupplement(turn, record)
      if (again === undefined) return impossible(record, 'nothing written')
      return madeDiffers(record, again)
    }
    const found = checkSplitContext(turn, record)
    if (found !== undefined) return found
    if (record.seq < from || splits?.add(record, this.#rows) === true) return undefined
    return readjudicate({ rows: this.#rows, rules: this.#rules }, record)
  }

  #checkRerun(
    record: Extract<LedgerRecord, { kind: RerunKind }>,
    place: RecordPlace,
  ): Problem | undefined {
    const [again, ...rest] = rerun(this.#turn(record.seq, place), record)
    if (again === undefined) return impossible(record, 'nothing written')
    this.#due.push(...rest)
    return madeDiffers(record, again)
  }

  #turn(seq: number, place: RecordPlace): Turn {
    return {
      ...place,
      rows: new OverlayRows(this.#rows),
      firstSeq: seq,
      rules: this.#rules,
      settings: SETTINGS,
      hasContent: (hash) => this.#store.get('content', hash) !== undefined,
    }
  }
}
