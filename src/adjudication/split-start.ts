import { fen, sumFen } from '../money/fen.ts'
import { CATEGORIES, CATEGORY_COUNT, COLUMN } from '../rules/category.ts'
import type { FactSheet, FactValue } from '../rules/facts.ts'
import { visitWithAdmission } from './admission-count.ts'
import type { Bill, Classification } from './bill.ts'
import { CounterBook } from './counter-book.ts'
import type { Counters } from './counters.ts'
import type { Coverage } from './coverage.ts'
import type { InForce } from './in-force.ts'
import type { OpenLine } from './open-bill.ts'
import type { SplitState, WorkLine } from './split-state.ts'

/** The state a split starts from; `extra` is the line a package price above cost adds. */
export function startSplit(
  bill: Bill,
  coverage: Coverage,
  counters: Counters,
  inForce: InForce,
  lines: readonly OpenLine[],
  recording: boolean,
): SplitState {
  const book = new CounterBook(counters)
  const work = lines.map(workLine)
  const remaining = new Float64Array(work.length * CATEGORY_COUNT)
  const cost = new Float64Array(work.length * CATEGORY_COUNT)
  lines.forEach((open, index) => setCells(open, index, remaining, cost))
  return {
    bill,
    coverage,
    profile: inForce.profile,
    lines: work,
    remaining,
    cost,
    payers: [],
    book,
    fixed: [],
    steps: [],
    recording,
    visit: visitWithAdmission(bill, coverage.person, inForce.profile, book),
    billFacts: billFacts(bill, lines),
    settledKinds: [],
    deductibleUsed: 0,
  }
}

/** `line.amount` is what refunds have left of it; the class comes from the catalogue where the bill does not say. */
function workLine({ line, amount, quantity, chargeLevel }: OpenLine, index: number): WorkLine {
  const stated = line.facts
  const known = stated['chargeLevel'] !== undefined || chargeLevel === undefined
  const netted = stated['amount'] !== undefined && stated['amount'] !== amount
  const facts: FactSheet =
    known && !netted
      ? stated
      : { ...stated, ...(!known && { chargeLevel }), ...(netted && { amount }) }
  const name = facts['name'] ?? facts['code'] ?? line.id
  return { index, id: line.id, name: String(name), amount, day: line.day, quantity, facts }
}

function setCells(
  open: OpenLine,
  index: number,
  remaining: Float64Array,
  cost: Float64Array,
): void {
  const first = index * CATEGORY_COUNT
  const parts = open.classification
  cost[first + COLUMN.ownPay] = parts.ownPay
  cost[first + COLUMN.overLimit] = parts.overLimit
  cost[first + COLUMN.preSelfPay] = parts.preSelfPay
  cost[first + COLUMN.inScope] = parts.inScope
  if (open.by !== 'supplement') {
    for (let column = 0; column < CATEGORY_COUNT; column += 1) {
      remaining[first + column] = cost[first + column] ?? 0
    }
    return
  }
  CATEGORIES.forEach((category, column) => {
    remaining[first + column] = open.line.cells?.[category] ?? 0
  })
}

/** Sums of the four parts. */
export function classificationOf(lines: readonly OpenLine[]): Classification {
  return {
    ownPay: sumFen(lines.map(({ classification }) => classification.ownPay)),
    overLimit: sumFen(lines.map(({ classification }) => classification.overLimit)),
    preSelfPay: sumFen(lines.map(({ classification }) => classification.preSelfPay)),
    inScope: sumFen(lines.map(({ classification }) => classification.inScope)),
  }
}

/** `bill.*` facts; totals are those of the charges, without a package line. */
function billFacts(bill: Bill, lines: readonly OpenLine[]): Record<string, FactValue> {
  const charged = lines.filter(({ by }) => by !== 'package')
  const parts = classificationOf(charged)
  return {
    total: sumFen([parts.ownPay, parts.overLimit, parts.preSelfPay, parts.inScope]),
    inScope: parts.inScope,
    preSelfPay: parts.preSelfPay,
    overLimit: parts.overLimit,
    ownPay: parts.ownPay,
    socialPaid: fen(0),
    commercialPaid: fen(0),
    socialSettled: false,
    settledKinds: [],
    supplement: bill.supplement !== undefined,
  }
}
