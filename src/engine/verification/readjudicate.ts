import { CounterSums } from '../../adjudication/counter-sums.ts'
import { problem, type Problem } from '../../errors/problem.ts'
import { dayOf } from '../../ledger/days.ts'
import type { SplitRecord } from '../../ledger/record.ts'
import { rowKey, type Rows } from '../../ledger/rows.ts'
import type { EvaluatedBill } from '../evaluate-bill.ts'
import { splitRecord } from '../operations/append-split.ts'
import { uniqueKeys } from '../uniqueness.ts'
import type { RuleSets } from '../rule-sets.ts'
import { completeSplit, type CompletedSplit } from '../split-bill.ts'
import { documentOf } from '../split-document.ts'
import { recordDiffers, refusedRecord } from './record-problems.ts'
import { ADJUDICATIONS, knownSemantics } from './semantics.ts'

/** What a stored settlement is made again from, beside itself. */
export interface StoredGround {
  /** As they were when it was made: the register, which packs were held back, earlier records. */
  readonly rows: Rows
  readonly rules: RuleSets
}

/** A settlement made again. */
interface Readjudicated extends EvaluatedBill {
  readonly completed: CompletedSplit
}

/**
 * Adjudicates a stored settlement again, from its bill, the versions of the register and the rule set that it names and the counters
 * that it read; gives what differs.
 */
export function readjudicate(ground: StoredGround, record: SplitRecord): Problem | undefined {
  const result = adjudicated(ground, record)
  if ('code' in result) return result
  const { completed, facts, split } = result
  const { seq, at, day, request, operation, staged, takes, replaces } = record
  const unique = operation === 'supplement' ? [] : uniqueKeys(facts, invoiceOf(record))
  const again = splitRecord(
    { seq, at, day, ...(request !== undefined && { request }) },
    {
      operation,
      evaluated: { completed, facts, split, unique },
      bill: record.bill,
      ...(staged !== undefined && { staged }),
      ...(takes !== undefined && { takes }),
      ...(replaces !== undefined && { replaces }),
    },
  )
  return recordDiffers(record, { ...again, semantics: record.semantics })
}

/** The settlement as it is when made again, or why it cannot be. */
function adjudicated({ rows, rules }: StoredGround, record: SplitRecord): Readjudicated | Problem {
  const adjudicate = ADJUDICATIONS.get(record.semantics)
  if (adjudicate === undefined) {
    const details = { record: record.seq, stored: record.semantics, known: knownSemantics() }
    return problem('LEDGER_SEMANTICS_UNKNOWN', '', details)
  }
  const { register, ruleSet, hospital } = record
  const day = record.operation === 'resettle' ? record.settlementDay : dayOf(record.at)
  const place = { hospital, day, fixed: { ...register, ruleSet } }
  const document = documentOf(rows, record)
  const completed = completeSplit(rows, document, place)
  // A pack that was held back then refuses its bills again.
  const opened = rules.open(ruleSet, completed.suspended)
  const bill = adjudicate(
    completed.document,
    completed.day,
    CounterSums.ofPairs(record.before),
    opened,
  )
  if (!bill.ok) return refusedRecord(record, bill.problems)
  return { completed, ...bill.value }
}

/** The invoice that came beside the bill is in the record only as the key it holds. */
function invoiceOf({ unique }: SplitRecord): string | undefined {
  const prefix = rowKey('invoice', '')
  return unique.find((key) => key.startsWith(prefix))?.slice(prefix.length)
}
