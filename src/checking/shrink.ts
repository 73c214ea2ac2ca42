import { fen } from '../money/fen.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { Classification } from '../adjudication/bill.ts'
import { amountOf, type TrialBill, type TrialLine } from './trial-bill.ts'

/** Whether a bill still shows what was found. */
export type Shows = (trial: TrialBill) => boolean

/**
 * A smaller bill that still shows what was found: fewer lines, policies and facts, shorter lists, plainer amounts.
 * Every step is kept only if `shows` says so; from the result nothing more can be taken away.
 */
export function shrink(found: TrialBill, shows: Shows): TrialBill {
  let smallest = found
  for (let next = shrunkOnce(smallest, shows); next !== smallest;) {
    smallest = next
    next = shrunkOnce(smallest, shows)
  }
  return smallest
}

function shrunkOnce(trial: TrialBill, shows: Shows): TrialBill {
  for (const smaller of smallerThan(trial)) if (shows(smaller)) return smaller
  return trial
}

function* smallerThan(trial: TrialBill): Generator<TrialBill> {
  const { basicElsewhere, hospital, lines, person, policies, visit } = trial
  if (basicElsewhere === true) {
    const { basicElsewhere: _, ...rest } = trial
    yield rest
  }
  for (const index of lines.keys()) {
    if (lines.length > 1) yield { ...trial, lines: lines.toSpliced(index, 1) }
  }
  for (const index of policies.keys()) {
    yield { ...trial, policies: policies.toSpliced(index, 1) }
  }
  for (const sheet of smallerSheets(person, [])) yield { ...trial, person: sheet }
  for (const sheet of smallerSheets(visit, [])) yield { ...trial, visit: sheet }
  for (const sheet of smallerSheets(hospital, [])) yield { ...trial, hospital: sheet }
  for (const [index, policy] of policies.entries()) {
    for (const sheet of smallerSheets(policy, POLICY_NEEDS)) {
      yield { ...trial, policies: policies.with(index, sheet) }
    }
  }
  for (const [index, line] of lines.entries()) {
    for (const smaller of smallerLines(line)) {
      yield { ...trial, lines: lines.with(index, smaller) }
    }
  }
}

/** A policy is nothing without these. */
const POLICY_NEEDS: readonly string[] = ['id', 'product', 'start', 'end']

function* smallerSheets(sheet: FactSheet, needed: readonly string[]): Generator<FactSheet> {
  for (const [name, value] of Object.entries(sheet)) {
    if (needed.includes(name)) continue
    const { [name]: _, ...rest } = sheet
    yield rest
    if (!Array.isArray(value)) continue
    for (const index of value.keys()) yield { ...sheet, [name]: value.toSpliced(index, 1) }
  }
}

const PARTS = ['ownPay', 'overLimit', 'preSelfPay', 'inScope'] as const

function* smallerLines(line: TrialLine): Generator<TrialLine> {
  for (const facts of smallerSheets(line.facts, [])) yield { ...line, facts }
  for (const part of PARTS) {
    for (const parts of smallerParts(line.parts, part)) yield { ...line, parts }
  }
}

/** A plainer amount in one part, or none. The line keeps some amount. */
function* smallerParts(
  parts: Classification,
  part: (typeof PARTS)[number],
): Generator<Classification> {
  const amount = parts[part]
  for (const plainer of [
    0,
    ...PLAIN,
    ...ROUND.flatMap((unit) => rounded(amount, unit)),
    amount / 2,
  ]) {
    if (!Number.isInteger(plainer) || !isPlainer(plainer, amount)) continue
    const smaller = { ...parts, [part]: fen(plainer) }
    if (amountOf(smaller) > 0) yield smaller
  }
}

/** What a reader takes in at a glance. */
const PLAIN = [100_00, 1_000_00, 10_000_00]
const ROUND = [1_000_000_00, 100_000_00, 10_000_00, 1_000_00, 100_00, 10_00, 100, 10]

function rounded(amount: number, unit: number): readonly number[] {
  const down = amount - (amount % unit)
  return [down, down + unit]
}

/** Fewer digits that are not trailing zeros; of equally many the smaller. Below a hundred yuan nothing is plain. */
function isPlainer(left: number, right: number): boolean {
  const [leftDigits, rightDigits] = [digitsOf(left), digitsOf(right)]
  return leftDigits < rightDigits || (leftDigits === rightDigits && left < right)
}

function digitsOf(amount: number): number {
  if (amount === 0) return 0
  const digits = String(amount).replace(/0+$/, '').length
  return amount < PLAIN_MIN ? digits + DIGITS_BELOW : digits
}

const PLAIN_MIN = 100_00
const DIGITS_BELOW = 5
