import type { SplitJob } from './evaluator-port.ts'

/** A bill that an operation would adjudicate, and the jurisdiction and `rulesName` it would be adjudicated under. */
export interface RehearsedBill {
  readonly jurisdiction: string
  readonly rules: string
  readonly job: SplitJob
}

/** Leaves an operation that is rehearsed where it would adjudicate a bill: the bill is noted, nothing is adjudicated. */
export class BillRehearsed extends Error {
  override readonly name = 'BillRehearsed'
}

/**
 * Thrown where the writer would run a bill under rules that none of its request was tried under: they changed since, a pack has turned
 * slow, or what the request itself changes brings in a bill that no rehearsal meets. A pack that hangs would stop the writer for ever,
 * so that the bill is tried first.
 */
export class RulesNotTried extends Error {
  override readonly name = 'RulesNotTried'
  readonly bill: RehearsedBill

  constructor(bill: RehearsedBill) {
    super(bill.rules)
    this.bill = bill
  }
}

/** What decides which packs run on a bill, beside the bill. */
export function rulesName({
  ruleSet,
  suspended,
}: {
  readonly ruleSet: string
  readonly suspended: readonly string[]
}): string {
  return [ruleSet, ...suspended].join(' ')
}
