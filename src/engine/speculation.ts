import { holderOf, personHolder, stayHolder } from '../ledger/holder.ts'
import { counterRow } from '../ledger/holders.ts'
import type { Contribution } from '../ledger/record.ts'
import { rowKey, type Rows } from '../ledger/rows.ts'
import type { EvaluatedBill } from './evaluate-bill.ts'
import { settlementId } from '../ledger/settlement-id.ts'
import type { SplitJob, SplitPost } from './evaluator-port.ts'
import { WORKER_WRITES_LINES_MAX } from './limits.ts'
import { lineCount, statedMembers } from './job-bill.ts'
import { rulesName } from './rehearsal.ts'
import type { CompletedSplit } from './split-bill.ts'
import type { StagedLines } from './staged-lines.ts'
import type { Document, TakenRequest, Turn } from './turn.ts'

/** The rows a bill was evaluated on, away from the writer. */
export interface Snapshot {
  readonly completed: CompletedSplit
  /** Version of each holder's row; 0: there was none. */
  readonly holders: ReadonlyMap<string, number>
  readonly job: SplitJob
  /** Day of the engine then: a bill that states no day of settlement has that. */
  readonly today: number
  /** Lines sent beforehand that were put into the bill. */
  readonly staged?: StagedLines['held']
}

/** An evaluation made beforehand with what it was made on. */
export interface Speculation extends Snapshot {
  readonly evaluated: EvaluatedBill
}

/** What came of a bill away from the writer. */
export interface Trial {
  /** `isCurrent` has been asked in this turn. */
  readonly isChecked?: true
  /** `rulesName` of all it was tried under; none: it was refused before any rules could run. */
  readonly rules: ReadonlySet<string>
  /** Absent: it was refused, read what only the writer knows, or is one of an operation that the writer runs whole. */
  readonly speculation?: Speculation
}

/** What a worker needs to evaluate the bill: the counters of everybody whose row may be read, without sums of many people. */
export function snapshotOf(
  rows: Rows,
  completed: CompletedSplit,
  today: number,
  staged?: StagedLines['held'],
): Snapshot {
  const { document, day, ruleSet, suspended } = completed
  const holders = new Map<string, number>()
  const counters: Contribution[] = []
  for (const name of holdersOf(completed)) {
    const row = counterRow(rows, name)
    holders.set(name, row?.version ?? 0)
    for (const counter of row?.counters ?? []) {
      // A policy that has become a shared one has left counters with its first holder; nobody reads them any more.
      if (holderOf(counter[0], completed) === name) counters.push(counter)
    }
  }
  const job = { ruleSet, suspended, document, day, counters }
  return { completed, holders, job, today, ...(staged !== undefined && { staged }) }
}

/** What will be written of the bill if its turn finds everything as it is; undefined for what writes nothing. */
export function postOf(
  { at, day, firstSeq }: Turn,
  { operation, id, body, reply, sent }: TakenRequest,
  bill: Document,
  { completed, holders }: Snapshot,
): SplitPost | undefined {
  if (operation !== 'settle' && operation !== 'prepare') return undefined
  if (sent === undefined && lineCount(bill) > WORKER_WRITES_LINES_MAX) return undefined
  const { document: _document, day: _day, suspended: _suspended, ...known } = completed
  const { invoice } = body
  const late = { settlement: settlementId(firstSeq), at, day }
  return {
    operation,
    completed: known,
    stated: sent === undefined ? statedMembers(bill) : {},
    ...(typeof invoice === 'string' && { invoice }),
    holders: [...holders.keys()],
    ...(reply !== undefined && { reply: { requestId: id, encoding: reply, late } }),
  }
}

function holdersOf(completed: CompletedSplit): ReadonlySet<string> {
  const { person, hospital, stay, familyId, sharedPolicies, document } = completed
  const families = [familyId, ...policiesOf(document).map((policy) => policy['familyId'])]
  return new Set([
    personHolder(person),
    stayHolder(hospital, stay),
    ...sharedPolicies.map((id) => `policy:${id}`),
    ...families.filter((id) => typeof id === 'string').map((id) => `family:${id}`),
  ])
}

function policiesOf({ policies }: Document): readonly Document[] {
  return Array.isArray(policies) ? (policies as readonly Document[]) : []
}

/** Whether everything the evaluation read is still as it was; `staged`: the lines that the bill takes now. */
export function isCurrent(
  rows: Rows,
  speculation: Speculation,
  today: number,
  staged?: StagedLines['held'],
): boolean {
  const { completed, holders } = speculation
  if (speculation.today !== today) return false
  // Which lines of which batches says what is in them: a batch never changes.
  if (JSON.stringify(speculation.staged) !== JSON.stringify(staged)) return false
  const { person, hospital, jurisdiction, register } = completed
  const state = rows.get('rules', jurisdiction)
  if (state === undefined || rulesName(state) !== rulesName(completed)) return false
  if (!isVersion(rows, 'person', person, register.person)) return false
  if (!isVersion(rows, 'hospital', hospital, register.hospital)) return false
  for (const [holder, version] of holders) {
    if ((counterRow(rows, holder)?.version ?? 0) !== version) return false
  }
  return true
}

function isVersion(
  rows: Rows,
  kind: 'person' | 'hospital',
  id: string,
  [seq, index]: readonly [number, number],
): boolean {
  const version = rows.get('registry', rowKey(kind, id))?.version
  return version?.[0] === seq && version[1] === index
}
