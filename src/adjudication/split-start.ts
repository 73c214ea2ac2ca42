import { fen, sumFen } from '../money/fen.ts'
import { CATEGORIES, CATEGORY_COUNT, COLUMN } from '../rules/category.ts'
import type { FactValue } from '../rules/facts.ts'
import type { PackKind } from '../rules/kind.ts'
import { visitWithAdmission } from './admission-count.ts'
import type { Bill, Classification } from './bill.ts'
import { CounterBook } from './counter-book.ts'
import { CounterKeys } from './counter-keys.ts'
import type { CounterBalances, Counters } from './counters.ts'
import type { Coverage } from './coverage.ts'
import type { InForce } from './in-force.ts'
import type { SplitState, WorkLine } from './split-state.ts'
import type { Workspace } from './workspace.ts'

/** What one settlement is computed from. */
export interface SplitInput {
  readonly bill: Bill
  readonly coverage: Coverage
  readonly counters: CounterBalances | Counters
  readonly inForce: InForce
  readonly recording: boolean
}

/** The state a split starts from. */
export function startSplit(
  input: SplitInput,
  lines: readonly WorkLine[],
  work: Workspace,
): SplitState {
  const { bill, coverage, counters, inForce, recording } = input
  const book = new CounterBook(counters)
  const keys = new CounterKeys(bill.stayId, coverage.familyId, work.periods)
  const settledKinds: PackKind[] = []
  work.open(lines.length)
  const { remaining, cost } = work
  for (const line of lines) setCells(line, remaining, cost)
  return {
    bill,
    coverage,
    profile: inForce.profile,
    suspended: inForce.suspended,
    lines,
    cellCount: lines.length * CATEGORY_COUNT,
    work,
    remaining,
    cost,
    payers: [],
    book,
    keys,
    fixed: [],
    steps: [],
    recording,
    visit: visitWithAdmission(bill, coverage.person, inForce.profile, book, keys),
    billFacts: billFacts(bill, lines, settledKinds),
    settledKinds,
    deductibleUsed: 0,
  }
}

function setCells(work: WorkLine, remaining: Float64Array, cost: Float64Array): void {
  const first = work.index * CATEGORY_COUNT
  const { ownPay, overLimit, preSelfPay, inScope } = work.parts
  cost[first + COLUMN.ownPay] = ownPay
  cost[first + COLUMN.overLimit] = overLimit
  cost[first + COLUMN.preSelfPay] = preSelfPay
  cost[first + COLUMN.inScope] = inScope
  if (work.by !== 'supplement') {
    remaining[first + COLUMN.ownPay] = ownPay
    remaining[first + COLUMN.overLimit] = overLimit
    remaining[first + COLUMN.preSelfPay] = preSelfPay
    remaining[first + COLUMN.inScope] = inScope
    return
  }
  CATEGORIES.forEach((category, column) => {
    remaining[first + column] = work.line.cells?.[category] ?? 0
  })
}

/** Sums of the four parts over the lines, without a package line unless asked for. */
export function classificationOf(lines: readonly WorkLine[], withPackage: boolean): Classification {
  let [ownPay, overLimit, preSelfPay, inScope] = [0, 0, 0, 0]
  for (const { by, parts } of lines) {
    if (by === 'package' && !withPackage) continue
    ownPay += parts.ownPay
    overLimit += parts.overLimit
    preSelfPay += parts.preSelfPay
    inScope += parts.inScope
  }
  return {
    ownPay: fen(ownPay),
    overLimit: fen(overLimit),
    preSelfPay: fen(preSelfPay),
    inScope: fen(inScope),
  }
}

/** `bill.*` facts; totals are those of the charges, without a package line. */
function billFacts(
  bill: Bill,
  lines: readonly WorkLine[],
  settledKinds: readonly PackKind[],
): Record<string, FactValue> {
  const parts = classificationOf(lines, false)
  return {
    total: sumFen([parts.ownPay, parts.overLimit, parts.preSelfPay, parts.inScope]),
    inScope: parts.inScope,
    preSelfPay: parts.preSelfPay,
    overLimit: parts.overLimit,
    ownPay: parts.ownPay,
    socialPaid: fen(0),
    commercialPaid: fen(0),
    socialSettled: false,
    settledKinds,
    supplement: bill.supplement !== undefined,
  }
}
