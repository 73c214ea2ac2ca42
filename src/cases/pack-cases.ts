import { settle } from '../adjudication/settle.ts'
import type { Settlement } from '../adjudication/settlement.ts'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import { fen, formatYuan } from '../money/fen.ts'
import { readBillDocument, type BillDocument } from '../protocol/bill-document.ts'
import type { CompiledPack } from '../rules/compiled.ts'
import type { PackCase, PackExpectation, RulePack } from '../rules/pack.ts'
import type { Profile } from '../rules/profile.ts'
import { fullCounter } from './case-counters.ts'
import { caseDocument } from './case-document.ts'
import { checkCounters } from './check-counters.ts'

export interface CaseOutcome {
  readonly pack: string
  readonly name: string
  readonly where: string
  /** What differs from the expectation; none: it holds. */
  readonly problems: readonly Problem[]
  /** What came out, unless the bill was refused. */
  readonly settlement?: Settlement
}

/** Every embedded case of a pack, settled with this pack alone; `isLast`: those behind the first with such a problem are left out. */
export function runPackCases(
  compiled: CompiledPack,
  profile: Profile,
  isLast: (found: Problem) => boolean = () => false,
): readonly CaseOutcome[] {
  const outcomes: CaseOutcome[] = []
  for (const item of compiled.pack.cases) {
    const outcome = runPackCase(item, compiled, profile)
    outcomes.push(outcome)
    if (outcome.problems.some(isLast)) break
  }
  return outcomes
}

/** One embedded case, settled with this pack alone under `profile` and compared with what it expects. */
function runPackCase(item: PackCase, compiled: CompiledPack, profile: Profile): CaseOutcome {
  const { pack } = compiled
  const answer = settleCase(item, compiled, profile)
  const outcome = { pack: pack.id, name: item.name, where: item.where }
  if (!answer.ok) return { ...outcome, problems: refusalDifference(answer.problems, item) }
  const settlement = answer.value
  const differences = differencesFrom(settlement, item, pack.id)
  const absent = differences.length === 0 ? [] : absence(settlement, item, pack)
  return { ...outcome, settlement, problems: [...differences, ...absent] }
}

/** Why every amount of the pack is zero: it was not at work on this bill at all. */
function absence(
  { payers, settlementDay }: Settlement,
  { name, where }: PackCase,
  { effective, id }: RulePack,
): readonly Problem[] {
  if (payers.some(({ given, pack }) => !given && pack === id)) return []
  const to = effective.to === undefined ? '…' : formatEpochDay(effective.to)
  const from = formatEpochDay(effective.from)
  const details = { case: name, from, to, day: formatEpochDay(settlementDay) }
  return [problem('CLI_CASE_NOT_AT_WORK', `${where}.given`, details)]
}

/** The settlement of a case, or why its bill is refused. */
function settleCase(item: PackCase, compiled: CompiledPack, profile: Profile): Result<Settlement> {
  const document = readCase(item, compiled, profile)
  if (!document.ok) return document
  const { bill, coverage, counters } = document.value
  const answer = settle(bill, coverage, counters, { profile, packs: [compiled] })
  return answer.kind === 'refusal' ? failureOf(answer.problems) : success(answer)
}

/** Reads the bill once without counters, to learn whose they are, and once with them. */
function readCase(item: PackCase, compiled: CompiledPack, profile: Profile): Result<BillDocument> {
  const { pack } = compiled
  const { counters, ...document } = caseDocument(item.given, pack)
  const bare = readBillDocument(document, profile)
  if (!bare.ok || typeof counters !== 'object' || counters === null) return bare
  const { bill, coverage } = bare.value
  const context = { pack, profile, bill, coverage }
  const entries = Object.entries(counters).map((entry) => fullCounter(entry, context))
  const problems = entries.flatMap((entry) => (entry.ok ? [] : entry.problems))
  if (problems.length > 0) return failureOf(problems)
  const full = Object.fromEntries(entries.flatMap((entry) => (entry.ok ? [entry.value] : [])))
  // A case stands alone: a total that its pack does not read is a mistake in it.
  const { refused, noted } = checkCounters(full, bare.value, { packs: [compiled] })
  if (refused.length + noted.length > 0) return failure(...refused, ...noted)
  return readBillDocument({ ...document, counters: full }, profile)
}

function differencesFrom(
  settlement: Settlement,
  item: PackCase,
  packId: string,
): readonly Problem[] {
  const { expect } = item
  if (expect.refused !== undefined) {
    return [difference(item, 'refused', expect.refused, 'settled')]
  }
  return comparisons(settlement, expect, packId).flatMap(([what, expected, found]) => {
    if (expected === undefined || expected === found) return []
    return [difference(item, what, formatYuan(fen(expected)), formatYuan(fen(found)))]
  })
}

type Comparison = readonly [what: string, expected: number | undefined, found: number]

function comparisons(
  { payers, patient, fixed, explanation }: Settlement,
  expect: PackExpectation,
  packId: string,
): readonly Comparison[] {
  const benefitPayment = (id: string) =>
    explanation.reduce((sum, step) => {
      const isBenefit = step.step === 'benefit' || step.step === 'fixed'
      return isBenefit && step.pack === packId && step.benefit === id ? sum + step.payment : sum
    }, 0)
  const own = payers.filter(({ given, pack }) => !given && pack === packId)
  return [
    ['payment', expect.payment, total(own)],
    ['patient', expect.patient, patient.total],
    ['fixed', expect.fixed, total(fixed)],
    ...Object.entries(expect.benefits ?? {}).map(([id, amount]): Comparison => [
      `benefits.${id}`,
      amount,
      benefitPayment(id),
    ]),
  ]
}

function total(parts: readonly { readonly amount: number }[]): number {
  return parts.reduce((sum, { amount }) => sum + amount, 0)
}

/** A refusal that the case expects is no difference; any other shows its own problems too. */
function refusalDifference(problems: readonly Problem[], item: PackCase): readonly Problem[] {
  const { refused } = item.expect
  const codes = [...new Set(problems.map(({ code }) => code))]
  if (refused !== undefined && codes.some((code) => code === refused)) return []
  const details = { case: item.name, found: codes.join(', '), expected: refused ?? '–' }
  return [
    problem('CLI_CASE_REFUSED', `${item.where}.given`, details),
    ...problems.map((found) => ({ ...found, where: placeInFile(found, item) })),
  ]
}

/** What a pack asks for is a place of the pack; everything else is one of the case's bill. */
function placeInFile({ code, where }: Problem, item: PackCase): string {
  const isOfPack = code === 'FACT_MISSING' || code === 'VALUE_UNDEFINED'
  return isOfPack ? where : `${item.where}.given.${where}`
}

function difference(item: PackCase, what: string, expected: string, found: string): Problem {
  const where = `${item.where}.expect`
  return problem('CLI_CASE_DIFFERS', where, { case: item.name, what, expected, found })
}
