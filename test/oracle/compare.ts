import type { ExplanationStep } from '../../src/adjudication/explanation.ts'
import type { Refusal, SettledPayer, Settlement } from '../../src/adjudication/settlement.ts'
import type { OracleAnswer, OracleSettlement } from './oracle-settle.ts'

/** Every difference between a settlement and the oracle's answer, one line of text each; none when they agree. */
export function differences(core: Settlement | Refusal, oracle: OracleAnswer): string[] {
  if (core.kind === 'refusal' || 'refused' in oracle) {
    return same('answer', answerOfCore(core), answerOfOracle(oracle))
  }
  return [
    ...sameNumbers('payer', payersOf(core), oracle.payers),
    ...sameNumbers('line × payer', matrixOf(core), matrixOfOracle(oracle)),
    ...sameNumbers('residual', residualOf(core), residualOfOracle(oracle)),
    ...sameNumbers('counter', countersOf(core), oracle.counters),
    ...sameNumbers('fixed', fixedOf(core), fixedOfOracle(oracle)),
    ...sameNumbers('account', accountOf(core), new Map(Object.entries(oracle.account))),
    ...same('patient', core.patient.total, oracle.patient),
    ...same('package adjustment', core.packageAdjustment, oracle.packageAdjustment),
    ...sameNumbers('benefit', benefitsOf(core), benefitsOfOracle(oracle)),
  ]
}

/** A refusal without a code is still a refusal: it never equals a settlement. */
function answerOfCore(core: Settlement | Refusal): string {
  if (core.kind === 'settlement') return 'settled'
  return `refused ${[...new Set(core.problems.map((one) => one.code))].join()}`
}

function answerOfOracle(oracle: OracleAnswer): string {
  return 'refused' in oracle ? `refused ${oracle.refused.join()}` : 'settled'
}

function same(what: string, core: string | number, oracle: string | number): string[] {
  return core === oracle ? [] : [`${what}: core ${core}, oracle ${oracle}`]
}

/** Absent is 0 on either side. */
function sameNumbers(
  what: string,
  core: ReadonlyMap<string, number>,
  oracle: ReadonlyMap<string, number>,
): string[] {
  const keys = new Set([...core.keys(), ...oracle.keys()])
  return [...keys].flatMap((key) =>
    same(`${what} ${key}`, core.get(key) ?? 0, oracle.get(key) ?? 0),
  )
}

function gather(entries: readonly (readonly [string, number])[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const [key, amount] of entries) sums.set(key, (sums.get(key) ?? 0) + amount)
  return sums
}

function payerKey(payer: SettledPayer | undefined): string {
  if (payer === undefined) return '?'
  const { pack, policyId = '', id } = payer
  return pack === undefined ? `#${id}` : `${pack}|${policyId}|${id}`
}

function payersOf(core: Settlement): Map<string, number> {
  return gather(core.payers.map((payer) => [payerKey(payer), payer.amount]))
}

function matrixOf(core: Settlement): Map<string, number> {
  return gather(
    core.lines.flatMap((line) =>
      line.paid.map((amount, payer): [string, number] => [
        `${line.id} × ${payerKey(core.payers[payer])}`,
        amount,
      ]),
    ),
  )
}

function matrixOfOracle(oracle: OracleSettlement): Map<string, number> {
  return gather(
    [...oracle.lines].flatMap(([line, byPayer]) =>
      [...byPayer].map(([payer, amount]): [string, number] => [`${line} × ${payer}`, amount]),
    ),
  )
}

function residualOf(core: Settlement): Map<string, number> {
  return cells(core.lines.map((line) => [line.id, line.residual]))
}

function residualOfOracle(oracle: OracleSettlement): Map<string, number> {
  return cells([...oracle.residual])
}

function cells(rows: readonly (readonly [string, readonly number[]])[]): Map<string, number> {
  return gather(
    rows.flatMap(([line, amounts]) =>
      amounts.map((amount, column): [string, number] => [`${line}.${column}`, amount]),
    ),
  )
}

function countersOf(core: Settlement): Map<string, number> {
  return gather(
    core.counters
      .filter((change) => change.before !== change.after)
      .map((change) => [change.key, change.after]),
  )
}

function fixedOf(core: Settlement): Map<string, number> {
  return gather(
    core.fixed.map(({ pack, policyId = '', payerId, benefit, amount }) => [
      `${pack}|${policyId}|${payerId} ${benefit}`,
      amount,
    ]),
  )
}

function fixedOfOracle(oracle: OracleSettlement): Map<string, number> {
  return gather(oracle.fixed.map((one) => [`${one.payer} ${one.benefit}`, one.amount]))
}

function accountOf(core: Settlement): Map<string, number> {
  const { account, cash, depositBalance = 0 } = core.patient
  return new Map(Object.entries({ ...account, cash, depositBalance }))
}

type BenefitStep = Extract<ExplanationStep, { step: 'benefit' }>

/** The numbers of every benefit, in order; a benefit that ran on nothing counts as one that did not run. */
function benefitsOf(core: Settlement): Map<string, number> {
  const steps = core.explanation.filter((step): step is BenefitStep => step.step === 'benefit')
  return numbered(
    steps
      .filter((step) => step.gross > 0 || step.payment > 0)
      .map((step) => ({
        name: `${payerKey(core.payers[step.payer])} ${step.benefit}`,
        numbers: {
          gross: step.gross,
          base: step.base,
          filled: step.deductible?.filled ?? 0,
          taken: step.deductible?.taken ?? 0,
          ratedBase: step.ratedBase,
          rated: step.rated,
          served: step.served,
          overCap: step.overCap,
          coinsurance: step.coinsurance,
          stopLoss: step.stopLoss,
          payment: step.payment,
        },
      })),
  )
}

function benefitsOfOracle(oracle: OracleSettlement): Map<string, number> {
  return numbered(
    oracle.benefits
      .filter(({ numbers }) => numbers.gross > 0 || numbers.payment > 0)
      .map(({ payer, benefit, numbers }) => ({
        name: `${payer} ${benefit}`,
        numbers: { ...numbers },
      })),
  )
}

function numbered(
  rows: readonly { readonly name: string; readonly numbers: Readonly<Record<string, number>> }[],
): Map<string, number> {
  return gather(
    rows.flatMap((row, index) =>
      Object.entries(row.numbers).map(([name, amount]): [string, number] => [
        `${index + 1}. ${row.name} ${name}`,
        amount,
      ]),
    ),
  )
}
