import { assert } from '../assert.ts'
import type { Problem } from '../errors/problem.ts'
import { problem } from '../errors/problem.ts'
import { fen } from '../money/fen.ts'
import type { Bill } from './bill.ts'
import type { Counters } from './counters.ts'
import type { Coverage } from './coverage.ts'
import { runEqualRank } from './equal-rank.ts'
import { applyGiven } from './given.ts'
import type { InForce } from './in-force.ts'
import { runLayer } from './layer.ts'
import { classifyStep, openBill, type OpenedBill, type OpenLine } from './open-bill.ts'
import { applyPackage, packageChoice, type PackageChoice } from './package-price.ts'
import { SettleRefused } from './refusal.ts'
import { segmentsOf } from './segments.ts'
import { selectLayers } from './select-layers.ts'
import type { Refusal, Settlement } from './settlement.ts'
import { finishSettlement } from './finish.ts'
import { startSplit } from './split-start.ts'
import type { SplitState } from './split-state.ts'

export interface SettleOptions {
  /** Record the explanation (default true); amounts are the same either way. */
  readonly explain?: boolean
}

/**
 * Splits a bill over every payer's rules (design section 7): each fen of each line has exactly one payer.
 *
 * Pure: the same bill, coverage, counters and rules give the same bytes. What a bill or a pack makes impossible is a
 * `Refusal` with codes; a broken invariant throws `InvariantError`. Amounts are fen, rounded half away from zero
 * where a rate is applied; spreads go by largest remainder, ties to the earlier line.
 */
export function settle(
  bill: Bill,
  coverage: Coverage,
  counters: Counters,
  inForce: InForce,
  options: SettleOptions = {},
): Settlement | Refusal {
  try {
    return split(bill, coverage, counters, inForce, options.explain ?? true)
  } catch (error) {
    if (error instanceof SettleRefused) return { kind: 'refusal', problems: error.problems }
    throw error
  }
}

function split(
  bill: Bill,
  coverage: Coverage,
  counters: Counters,
  inForce: InForce,
  recording: boolean,
): Settlement {
  const opened = openBill(bill, coverage.person, inForce)
  if (opened.lines.length === 0) throw new SettleRefused(problem('BILL_EMPTY', 'lines'))
  let state = startSplit(bill, coverage, counters, inForce, opened.lines, recording)
  const choice = packageChoice(state, inForce.packs, opened.lines)
  let lines: readonly OpenLine[] = opened.lines
  if (choice !== undefined && choice.adjustment > 0) {
    lines = [...opened.lines, packageLine(bill, choice)]
    state = startSplit(bill, coverage, counters, inForce, lines, recording)
  }
  recordOpening(state, opened, lines, choice)
  if (choice !== undefined && choice.adjustment < 0) applyPackage(state, choice)
  if (bill.supplement === undefined) applyGiven(state)
  const warnings: Problem[] = []
  const packsUsed = runLayers(state, inForce)
  assertConserved(state)
  return finishSettlement(state, lines, choice?.adjustment ?? 0, packsUsed, warnings)
}

function runLayers(state: SplitState, inForce: InForce): Map<string, string> {
  const used = new Map<string, string>()
  for (const segment of segmentsOf(state, inForce.packs)) {
    for (const { equal, layers } of selectLayers(state, inForce.packs, segment)) {
      for (const { compiled } of layers) used.set(compiled.pack.hash, compiled.pack.id)
      const only = layers[0]
      assert(only !== undefined, 'a rank has a layer')
      if (equal) runEqualRank(layers)
      else runLayer(only)
    }
  }
  const named = new Set(used.values())
  const missing = state.bill.supplement?.packs.find((pack) => !named.has(pack))
  if (missing !== undefined) {
    throw new SettleRefused(problem('SUPPLEMENT_PACK_UNKNOWN', 'supplement', { pack: missing }))
  }
  return used
}

/** The line that brings a bill up to its package price: all in scope, dated with the settlement. */
function packageLine(bill: Bill, choice: PackageChoice): OpenLine {
  const amount = fen(choice.adjustment)
  const id = `package:${choice.step.id}`
  const zero = fen(0)
  return {
    line: {
      id,
      amount,
      day: bill.settlementDay,
      facts: { id, name: choice.step.titleZh, amount, date: bill.settlementDay, tags: [] },
    },
    amount,
    quantity: undefined,
    classification: { ownPay: zero, overLimit: zero, preSelfPay: zero, inScope: amount },
    by: 'package',
    chargeLevel: undefined,
  }
}

function recordOpening(
  state: SplitState,
  opened: OpenedBill,
  lines: readonly OpenLine[],
  choice: PackageChoice | undefined,
): void {
  if (!state.recording) return
  state.steps.push(...opened.refunds)
  lines.forEach((open, index) => {
    if (open.by === 'package' && choice !== undefined) applyPackage(state, choice)
    state.steps.push(classifyStep(open, index, state.lines[index]?.name ?? open.line.id))
  })
  if (choice?.adjustment === 0) applyPackage(state, choice)
}

/** Σ payers + what is left = the line, on every line; nothing is negative. */
function assertConserved(state: SplitState): void {
  for (const line of state.lines) {
    let sum = 0
    for (const payer of state.payers) {
      const paid = payer.paid[line.index] ?? 0
      assert(paid >= 0, 'no share of a line is negative')
      sum += paid
    }
    for (let column = 0; column < 7; column += 1) {
      const left = state.remaining[line.index * 7 + column] ?? 0
      assert(left >= 0, 'no cell is negative')
      sum += left
    }
    assert(sum === line.amount, `the shares of line ${line.id} add up to it`)
  }
}
