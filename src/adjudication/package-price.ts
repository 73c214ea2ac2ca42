import { fen, sumFen, ZERO_FEN } from '../money/fen.ts'
import { CATEGORIES } from '../rules/category.ts'
import type { CompiledPack } from '../rules/compiled.ts'
import { isInForce } from '../rules/effective.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { PackagePrice } from '../rules/pack.ts'
import { cellAmounts, creditSpread, takeFrom } from './cell-spread.ts'
import type { PackagePriceStep } from './explanation.ts'
import { LayerFrame } from './layer-context.ts'
import type { LayerPlan } from './layer-plan.ts'
import { refuseFor } from './refusal.ts'
import { isActive, mayHold, mayRun, referenceDay } from './select-layers.ts'
import { openPayer, type SplitState, type WorkLine } from './split-state.ts'

/** The package price that holds for the bill, with standard − cost. */
export interface PackageChoice {
  readonly step: Omit<PackagePriceStep, 'payer' | 'spread'>
  readonly adjustment: number
}

/**
 * Looks through the covering basic packs, in the order in which they pay, for a package whose condition holds; the first one
 * stands.
 */
export function packageChoice(
  state: SplitState,
  plans: readonly LayerPlan[],
  lines: readonly WorkLine[],
): PackageChoice | undefined {
  for (const { compiled } of plans) {
    if (compiled.pack.kind !== 'basic' || compiled.packages.length === 0) continue
    if (!mayRun(state, compiled) || state.bill.supplement !== undefined) continue
    const choice = refuseFor(compiled.pack.id, choose, state, compiled, lines)
    if (choice !== undefined) return choice
  }
  return undefined
}

function choose(
  state: SplitState,
  compiled: CompiledPack,
  lines: readonly WorkLine[],
): PackageChoice | undefined {
  const earliest = Math.min(...lines.map(({ day }) => day))
  const day = referenceDay(state, compiled, { index: 0, lines: [], day: earliest, admission: 0 })
  if (!isInForce(compiled.pack, day)) return undefined
  for (const policy of holdersOf(state, compiled, day)) {
    const frame = new LayerFrame(state, policy, day, 0)
    if (compiled.covers !== undefined && !compiled.covers(frame)) continue
    const found = compiled.packages.find(({ when }) => when(frame))
    if (found !== undefined) return choiceOf(compiled, found.price, found.standard(frame), lines)
  }
  return undefined
}

/** Policies in force that make the pack pay; a pack that needs none pays without. */
function holdersOf(
  state: SplitState,
  { pack }: CompiledPack,
  day: number,
): readonly (FactSheet | undefined)[] {
  if (!pack.requiresPolicy) return [undefined]
  return state.coverage.policies.filter(
    (policy) => mayHold(state, pack, policy) && isActive(policy, day),
  )
}

function choiceOf(
  { pack }: CompiledPack,
  price: PackagePrice,
  standard: number,
  lines: readonly WorkLine[],
): PackageChoice {
  const cost = sumFen(lines.map(({ amount }) => fen(amount)))
  return {
    adjustment: standard - cost,
    step: {
      step: 'package',
      pack: pack.id,
      id: price.id,
      clause: price.clause,
      titleZh: price.title.zh,
      titleEn: price.title.en,
      standard,
      cost,
      adjustment: standard - cost,
    },
  }
}

/** Records the package; below cost the hospital pays the difference, spread over all cells. */
export function applyPackage(state: SplitState, choice: PackageChoice): void {
  if (choice.adjustment >= 0) {
    if (state.recording) state.steps.push(choice.step)
    return
  }
  const payer = openPayer(state, {
    index: state.payers.length,
    id: 'hospital',
    kind: 'hospital',
    pack: undefined,
    policyId: undefined,
    wire: 'hosp_part_amt',
    fundPayType: undefined,
    given: false,
    amount: ZERO_FEN,
  })
  const cells: number[] = []
  for (let cell = 0; cell < state.lines.length * CATEGORIES.length; cell += 1) {
    if ((state.remaining[cell] ?? 0) > 0) cells.push(cell)
  }
  const spread = takeFrom(state.remaining, cells, -choice.adjustment)
  creditSpread(state, payer, spread)
  if (state.recording)
    state.steps.push({ ...choice.step, payer, spread: cellAmounts(spread.cells, spread.amounts) })
}
