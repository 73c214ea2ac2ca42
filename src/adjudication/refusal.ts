import { problem, type Problem } from '../errors/problem.ts'
import { FactMissing, ValueUndefined } from '../rules/compiled.ts'

/** Carries a refusal from deep inside adjudication to `settle`, which turns it into a value. */
export class SettleRefused extends Error {
  override readonly name = 'SettleRefused'
  readonly problems: readonly Problem[]

  constructor(...problems: readonly Problem[]) {
    super(problems.map((item) => item.code).join(', '))
    this.problems = problems
  }
}

const WHY = {
  divisionByZero: { whyZh: '除数为零', whyEn: 'division by zero' },
  outOfRange: { whyZh: '结果超出允许范围', whyEn: 'result outside the allowed range' },
  noRow: { whyZh: '决策表没有适用的行', whyEn: 'no row of the table matches' },
} as const

/** Runs `work` on its arguments; what a pack could not read or compute becomes a refusal that names the pack. */
export function refuseFor<A extends readonly unknown[], T>(
  pack: string,
  work: (...input: A) => T,
  ...input: A
): T {
  try {
    return work(...input)
  } catch (error) {
    throw refusedBy(pack, error)
  }
}

/** What to throw for what was thrown while `pack` was at work. */
export function refusedBy(pack: string, error: unknown): unknown {
  if (error instanceof FactMissing) {
    return new SettleRefused(problem('FACT_MISSING', error.where, { pack, fact: error.fact }))
  }
  if (error instanceof ValueUndefined) {
    return new SettleRefused(problem('VALUE_UNDEFINED', error.where, { pack, ...WHY[error.why] }))
  }
  return error
}
