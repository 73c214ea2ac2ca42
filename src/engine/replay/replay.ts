import { assert } from '../../assert.ts'
import type { Problem } from '../../errors/problem.ts'
import type { SplitAnswer } from '../../ledger/answer.ts'
import { applyRecord, splitOf } from '../../ledger/apply-record.ts'
import type {
  ConfirmedRecord,
  LedgerRecord,
  RecalculatedRecord,
  RecalculationRecord,
  ReversalRecord,
  SplitRecord,
} from '../../ledger/record.ts'
import { counterRow, EMPTY_HOLDER } from '../../ledger/holders.ts'
import type { HolderEntry, Rows } from '../../ledger/rows.ts'
import { CounterView } from '../counter-view.ts'
import { currentSplit } from '../current-split.ts'
import { evaluateBill } from '../evaluate-bill.ts'
import { netContributions, negated } from '../net-postings.ts'
import { checkPlatform } from '../operations/prepared.ts'
import { entriesHolding, isWanted, sharedElse } from '../operations/recalculate.ts'
import { laterSupplements } from '../operations/reverse.ts'
import { entryOf } from '../own-split.ts'
import type { RuleSets } from '../rule-sets.ts'
import { completeSplit } from '../split-bill.ts'
import { documentOf } from '../split-document.ts'
import { objectAt, RequestRefused, type Document } from '../turn.ts'
import { CandidateRules, type Candidate } from './candidate-rules.ts'
import type { RefusedBill } from './refused-bills.ts'
import { ReplayRows } from './replay-rows.ts'
import { ReplayTally, type Comparison } from './replay-tally.ts'
import type { ReplayReport } from './replay-report.ts'
import { isSameAnswer, isSameSplit } from './same-split.ts'
import { settleAgain, supplementAgain, type SplitGround } from './settle-again.ts'
import { splitAmounts } from './split-amounts.ts'

export interface ReplayOptions {
  readonly candidate: Candidate
  /** First and last day of settlement that is settled again; on other days everything stays as it was. Absent: open. */
  readonly from?: number
  readonly to?: number
  /** Only this person's settlements are reported; everybody's are settled again, since sums are shared. */
  readonly person?: string
}

/**
 * A history settled again, record by record from the first, as it would have been with a candidate in force: with counters of its
 * own that follow what would have been settled. What was asked stays what it was; what it comes to is worked out anew. Changes
 * nothing in the ledger.
 */
export class Replay {
  readonly #ledger: Rows
  readonly #rows: ReplayRows
  readonly #rules: CandidateRules
  readonly #inForce: RuleSets
  readonly #options: ReplayOptions
  readonly #tally = new ReplayTally()
  /** Settlements that would have been refused. */
  readonly #refused = new Set<number>()
  /** The last recalculation in the ledger of those that had one, and whose rules it was made with. */
  readonly #recalculated = new Map<
    number,
    { readonly seq: number; readonly jurisdiction: string }
  >()
  /** Settlements recalculated with rules of the candidate's jurisdiction: from then on they are others than in the ledger. */
  readonly #arrived = new Set<number>()
  /** Recalculations of a run that has not ended. */
  #run: RecalculationRecord[] = []

  /** `ledger`: every record up to those taken. */
  constructor(ledger: Rows, rules: RuleSets, options: ReplayOptions) {
    this.#ledger = ledger
    this.#rows = new ReplayRows(ledger)
    this.#rules = new CandidateRules(rules, options.candidate)
    this.#inForce = rules
    this.#options = options
  }

  /** The next record of the journal; none may be left out. */
  take(record: LedgerRecord): void {
    switch (record.kind) {
      case 'settlement':
      case 'prepared':
        return this.#takeSplit(record)
      case 'confirmed':
        return this.#takeConfirmed(record)
      case 'cancelled':
        if (!this.#refused.has(record.settlement)) applyRecord(this.#rows, record)
        return
      case 'reversal':
        return this.#takeReversal(record)
      case 'recalculation':
        this.#run.push(record)
        return
      case 'recalculated':
        return this.#takeRecalculated(record)
      case 'lines':
      case 'registry':
      case 'content':
      case 'rules':
      case 'platform':
      case 'dayClosed':
      case 'audit':
        return
    }
  }

  report(): ReplayReport {
    return this.#tally.report()
  }

  /** Counters of a holder as they would be. */
  counters(holder: string): ReadonlyMap<string, number> {
    return (counterRow(this.#rows, holder) ?? EMPTY_HOLDER).counters.toMap()
  }

  /** What a settlement of the ledger would be by now; undefined: refused. */
  answer(seq: number): SplitAnswer | undefined {
    const split = splitOf(this.#rows, seq)
    const entry = entryOf({ rows: this.#rows }, split)
    if (entry === undefined || this.#refused.has(seq)) return undefined
    return currentSplit(this.#rows, split, entry).answer
  }

  /** Whether the candidate settles a bill of its jurisdiction that the rules in force refuse, with the counters as they would be. */
  wouldSettle({ bill, hospital, day }: Pick<RefusedBill, 'bill' | 'hospital' | 'day'>): boolean {
    try {
      const completed = completeSplit(this.#rows, bill, { hospital, day })
      if (completed.jurisdiction !== this.#options.candidate.jurisdiction) return false
      const counters = () => new CounterView(this.#rows, completed)
      const { document, ruleSet } = completed
      const [then, now] = [this.#inForce.open(ruleSet), this.#rules.open(ruleSet)]
      return (
        evaluateBill(document, completed.day, counters(), now).ok &&
        !evaluateBill(document, completed.day, counters(), then).ok
      )
    } catch (error) {
      if (error instanceof RequestRefused) return false
      throw error
    }
  }

  /** Whether it is settled again. */
  #isMeant(split: SplitRecord, jurisdiction = split.jurisdiction): boolean {
    const { candidate, from = -Infinity, to = Infinity } = this.#options
    const { settlementDay } = split
    return jurisdiction === candidate.jurisdiction && settlementDay >= from && settlementDay <= to
  }

  /** Who has moved may have been recalculated with the rules of the other place: from then on it is a settlement of that place. */
  #isReported(split: SplitRecord): boolean {
    const { person } = this.#options
    if (person !== undefined && person !== split.person) return false
    return this.#isMeant(split, this.#recalculated.get(split.seq)?.jurisdiction)
  }

  #takeSplit(record: SplitRecord): void {
    if (!this.#isMeant(record)) {
      this.#enter(record, record)
      return
    }
    const asked =
      record.takes === undefined
        ? { ok: true as const, value: record }
        : supplementAgain(this.#rows, record)
    const again = asked.ok ? settleAgain(this.#rows, this.#rules, asked.value) : asked
    if (!asked.ok || !again.ok) {
      this.#refuse(record, again.ok ? [] : again.problems)
      return
    }
    const { before, contributions, answer, digest } = again.value.split
    const replayed = { ...asked.value, before, contributions, answer, digest }
    // A supplement may pay as much of each line and take it from other cells.
    const isOther = record.takes !== undefined || !isSameSplit(record, replayed)
    if (isOther) this.#rows.keepChanged(replayed)
    this.#enter(replayed, record)
  }

  #enter(split: SplitRecord, recorded: SplitRecord): void {
    applyRecord(this.#rows, split)
    if (split.kind === 'settlement') this.#add(split, recorded)
  }

  #add(split: SplitRecord, recorded?: SplitRecord): void {
    if (this.#isReported(split)) this.#tally.add(split, this.#compared(split, recorded))
  }

  #refuse(split: SplitRecord, problems: readonly Problem[]): void {
    this.#refused.add(split.seq)
    if (this.#isReported(split)) this.#tally.refuse(split, split.answer.total, problems)
  }

  /** Prepared again, the amounts may be others than those the platform settled. */
  #takeConfirmed(record: ConfirmedRecord): void {
    if (this.#refused.has(record.settlement)) return
    const split = splitOf(this.#rows, record.settlement)
    if (this.#isMeant(split)) {
      try {
        checkPlatform(split, objectAt(record.platform as Document, 'setlinfo'))
      } catch (error) {
        if (!(error instanceof RequestRefused)) throw error
        this.#refuse(split, error.problems)
        return
      }
    }
    applyRecord(this.#rows, record)
    this.#add(split)
  }

  #takeReversal(record: ReversalRecord): void {
    const split = splitOf(this.#rows, record.settlement)
    const entry = entryOf({ rows: this.#rows }, split)
    if (entry?.state === 'live') {
      if (this.#isReported(split)) this.#tally.reverse(split, this.#compared(split))
      const { contributions } = currentSplit(this.#rows, split, entry)
      applyRecord(this.#rows, { ...record, contributions: negated(contributions) })
      return
    }
    // What could not be confirmed holds its counters until somebody gives it up.
    if (entry?.state !== 'prepared') return
    const { seq, at, day, settlement } = record
    applyRecord(this.#rows, { kind: 'cancelled', seq, at, day, settlement })
  }

  /** The ledger's settlement and ours, as they are by now. */
  #compared(
    split: SplitRecord,
    recorded: SplitRecord = splitOf(this.#ledger, split.seq),
  ): Comparison {
    const recalculation = this.#recalculated.get(split.seq)
    const then = recalculation === undefined ? recorded : this.#recalculation(recalculation.seq)
    const entry = entryOf({ rows: this.#rows }, split)
    assert(entry !== undefined, 'a settlement is in the list of its person')
    const last = entry.recalculations.at(-1)
    const now = last === undefined ? split : this.#recalculation(last)
    const document = documentOf(this.#rows, split)
    const after = splitAmounts(now.answer, document)
    const isChanged = !isSameAnswer(then, now)
    const isSupplement = split.takes !== undefined
    const theirs = isSupplement ? (recorded.bill as Document) : document
    const before = isChanged || isSupplement ? splitAmounts(then.answer, theirs) : after
    return { before, after, isChanged }
  }

  #recalculation(seq: number): RecalculationRecord {
    const record = this.#rows.record(seq)
    assert(record.kind === 'recalculation', 'a settlement lists its recalculations')
    return record
  }

  /** A run of recalculations, with those settlements that it would have found. */
  #takeRecalculated(record: RecalculatedRecord): void {
    const recorded = new Map(this.#run.map((one) => [one.settlement, one]))
    this.#run = []
    const holding = entriesHolding(this.#rows, record.person)
    let made = 0
    for (const { seq, state } of holding) {
      const split = splitOf(this.#rows, seq)
      const theirs = recorded.get(seq)
      if (state !== 'live') continue
      const before = this.#isReported(split) ? this.#compared(split) : undefined
      if (theirs !== undefined) this.#noteRecalculated(split, theirs)
      if (this.#isMeant(split) || this.#arrived.has(seq)) {
        const ground = this.#recalculationGround(split, record, theirs)
        if (ground !== undefined) {
          made += 1
          // Between the record before and this one; a list of a person's settlements is far shorter than the steps there are.
          this.#recalculate(split, ground, record, record.seq - 1 + made / (holding.length + 1))
        }
      } else if (theirs !== undefined) applyRecord(this.#rows, theirs)
      if (before !== undefined) this.#tally.remove(split, before)
      if (this.#isReported(split)) this.#tally.add(split, this.#compared(split))
    }
  }

  #noteRecalculated(split: SplitRecord, { seq, ruleSet }: RecalculationRecord): void {
    const jurisdiction = this.#inForce.open(ruleSet).inForce.profile.id
    this.#recalculated.set(split.seq, { seq, jurisdiction })
    if (this.#isMeant(split, jurisdiction)) this.#arrived.add(split.seq)
  }

  /** What it is recalculated with; undefined: the run passes it over. */
  #recalculationGround(
    split: SplitRecord,
    { run }: RecalculatedRecord,
    theirs: RecalculationRecord | undefined,
  ): SplitGround | undefined {
    if (run.with === 'now') return theirs
    if (!isWanted(this.#rows, split, run)) return undefined
    if (laterSupplements({ rows: this.#rows }, split).length > 0) return undefined
    return currentSplit(this.#rows, split, this.#entry(split))
  }

  #entry(split: SplitRecord): HolderEntry {
    const entry = entryOf({ rows: this.#rows }, split)
    assert(entry !== undefined, 'a settlement is in the list of its person')
    return entry
  }

  #recalculate(
    split: SplitRecord,
    ground: SplitGround,
    { at, day, run }: RecalculatedRecord,
    seq: number,
  ): void {
    const rows = this.#rows
    const current = currentSplit(rows, split, this.#entry(split))
    const again = settleAgain(rows, this.#rules, split, { ground, current })
    // A run that is refused changes nothing; the settlement stands as it was.
    if (!again.ok) return
    const { before, contributions, answer, digest } = again.value.split
    const record: RecalculationRecord = {
      kind: 'recalculation',
      seq,
      at,
      day,
      settlement: split.seq,
      hospital: split.hospital,
      person: split.person,
      run,
      register: ground.register,
      ruleSet: ground.ruleSet,
      semantics: split.semantics,
      before,
      contributions: netContributions(contributions, negated(current.contributions)),
      ...sharedElse(split, again.value.sharedPolicies),
      postings: [],
      answer,
      digest,
    }
    rows.keepMade(record)
    applyRecord(rows, record)
  }
}
