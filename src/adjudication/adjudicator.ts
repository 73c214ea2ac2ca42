import { assert } from '../assert.ts'
import { TermsBook } from '../catalog/item-terms.ts'
import { problem } from '../errors/problem.ts'
import { CATEGORY_COUNT } from '../rules/category.ts'
import type { RulePack } from '../rules/pack.ts'
import { Adjudication } from './adjudication.ts'
import type { Bill } from './bill.ts'
import type { CounterBalances, Counters } from './counters.ts'
import type { Coverage } from './coverage.ts'
import { runEqualRank } from './equal-rank.ts'
import { applyGiven } from './given.ts'
import type { InForce } from './in-force.ts'
import { KnownPeriods } from './known-periods.ts'
import { runLayer } from './layer.ts'
import type { LayerContext } from './layer-context.ts'
import { layerPlans, type LayerPlan } from './layer-plan.ts'
import { openBill, packageLine, type OpenedBill } from './open-bill.ts'
import { applyPackage, packageChoice, type PackageChoice } from './package-price.ts'
import { SettleRefused } from './refusal.ts'
import { segmentsOf } from './segments.ts'
import { endOfRank, selectLayers } from './select-layers.ts'
import type { Refusal } from './settlement.ts'
import { startSplit, type SplitInput } from './split-start.ts'
import type { SplitState, WorkLine } from './split-state.ts'
import { Workspace } from './workspace.ts'

export interface SettleOptions {
  /** Record the explanation (default true); amounts are the same either way. */
  readonly explain?: boolean
  /** Told the hash of each pack before it runs: who watches a bill from outside knows which one hangs. */
  readonly onLayer?: (pack: string) => void
}

/** Adjudicates bill after bill under one set of rules; see `settle`. Not to be called from inside itself. */
export interface Adjudicator {
  adjudicate(
    bill: Bill,
    coverage: Coverage,
    counters: CounterBalances | Counters,
    options?: SettleOptions,
  ): Adjudication | Refusal
}

/** An adjudicator with its own working space; an answer depends on nothing that it did before. */
export function openAdjudicator(inForce: InForce): Adjudicator {
  const work = new Workspace(new KnownPeriods(inForce.profile.yearStart))
  const plans = layerPlans(inForce.profile, inForce.packs)
  const terms = inForce.catalog && new TermsBook(inForce.catalog)
  return {
    adjudicate: (bill, coverage, counters, options) => {
      const recording = options?.explain ?? true
      try {
        return split(
          { bill, coverage, counters, inForce, recording },
          { plans, terms, work },
          options?.onLayer,
        )
      } catch (error) {
        if (error instanceof SettleRefused) return { kind: 'refusal', problems: error.problems }
        throw error
      }
    },
  }
}

/** What an adjudicator keeps from bill to bill. */
interface Kept {
  readonly plans: readonly LayerPlan[]
  readonly terms: TermsBook | undefined
  readonly work: Workspace
}

function split(
  input: SplitInput,
  { plans, terms, work }: Kept,
  onLayer: SettleOptions['onLayer'],
): Adjudication {
  const { bill, coverage, inForce } = input
  const opened = openBill(bill, coverage.person, inForce, terms)
  let { lines } = opened
  if (lines.length === 0) throw new SettleRefused(problem('BILL_EMPTY', 'lines'))
  let state = startSplit(input, lines, work)
  const choice = packageChoice(state, plans, lines)
  if (choice !== undefined && choice.adjustment > 0) {
    const { id, titleZh: name } = choice.step
    const added = packageLine(bill, lines.length, { id, name, amount: choice.adjustment })
    lines = [...lines, added]
    state = startSplit(input, lines, work)
  }
  recordOpening(state, opened, lines, choice)
  if (choice !== undefined && choice.adjustment < 0) applyPackage(state, choice)
  if (bill.supplement === undefined) applyGiven(state)
  const packs = runLayers(state, plans, onLayer)
  assertConserved(state)
  return new Adjudication(state, packs, choice?.adjustment ?? 0)
}

/** Gives the packs that took part, each once. */
function runLayers(
  state: SplitState,
  plans: readonly LayerPlan[],
  onLayer: SettleOptions['onLayer'],
): readonly RulePack[] {
  const used: RulePack[] = []
  for (const segment of segmentsOf(state, plans)) {
    const layers = selectLayers(state, plans, segment)
    for (let from = 0, end = 0; from < layers.length; from = end) {
      end = endOfRank(layers, from)
      for (let index = from; index < end; index += 1) noteUsed(used, layers[index], onLayer)
      const only = layers[from]
      assert(only !== undefined, 'a rank has a layer')
      if (end - from > 1) runEqualRank(layers.slice(from, end))
      else runLayer(only)
    }
  }
  refuseUnusedSupplement(state, used)
  return used
}

function noteUsed(
  used: RulePack[],
  layer: LayerContext | undefined,
  onLayer: SettleOptions['onLayer'],
): void {
  assert(layer !== undefined, 'a layer of a rank is one of the layers')
  const { pack } = layer.compiled
  onLayer?.(pack.hash)
  for (const { hash } of used) if (hash === pack.hash) return
  used.push(pack)
}

/** Every pack that a supplement names has run. */
function refuseUnusedSupplement({ bill }: SplitState, used: readonly RulePack[]): void {
  const pack = bill.supplement?.packs.find((wanted) => !used.some(({ id }) => id === wanted))
  if (pack !== undefined) {
    throw new SettleRefused(problem('SUPPLEMENT_PACK_UNKNOWN', 'supplement', { pack }))
  }
}

/** Refunds and classifications; a package line's classification comes after what the package says. */
function recordOpening(
  state: SplitState,
  opened: OpenedBill,
  lines: readonly WorkLine[],
  choice: PackageChoice | undefined,
): void {
  if (!state.recording) return
  const charged = opened.lines.length
  state.steps.push(...opened.refunds, { step: 'lines', from: 0, to: charged })
  if (choice !== undefined && choice.adjustment >= 0) applyPackage(state, choice)
  if (lines.length > charged) state.steps.push({ step: 'lines', from: charged, to: lines.length })
}

/** Σ payers + what is left = the line, on every line; nothing is negative. */
function assertConserved(state: SplitState): void {
  const { remaining, payers, lines, work } = state
  const { paid } = work
  const end = payers.length * lines.length
  for (const line of lines) {
    let sum = 0
    for (let place = line.index; place < end; place += lines.length) {
      const share = paid[place] ?? 0
      assert(share >= 0, 'no share of a line is negative')
      sum += share
    }
    const first = line.index * CATEGORY_COUNT
    for (let cell = first; cell < first + CATEGORY_COUNT; cell += 1) {
      const left = remaining[cell] ?? 0
      assert(left >= 0, 'no cell is negative')
      sum += left
    }
    assert(sum === line.amount, 'the shares of a line add up to it')
  }
}
