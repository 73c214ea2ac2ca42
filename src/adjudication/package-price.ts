import { fen, sumFen } from '../money/fen.ts'
import { CATEGORIES } from '../rules/category.ts'
import type { CompiledPack } from '../rules/compiled.ts'
import { cellAmounts, creditSpread, takeFrom } from './cell-spread.ts'
import type { PackagePriceStep } from './explanation.ts'
import { layerFrame } from './layer-context.ts'
import { refuseFor } from './refusal.ts'
import { mayRun, referenceDay } from './select-layers.ts'
import { openPayer, type SplitState, type WorkLine } from './split-state.ts'

/** The package price that holds for the bill, with standard − cost. */
export interface PackageChoice {
  readonly step: Omit<PackagePriceStep, 'payer' | 'spread'>
  readonly adjustment: number
}

/** Looks through the covering basic packs for a package whose condition holds; the first one stands. */
export function packageChoice(
  state: SplitState,
  packs: readonly CompiledPack[],
  lines: readonly WorkLine[],
): PackageChoice | undefined {
  for (const compiled of packs) {
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
  const { from, to } = compiled.pack.effective
  if (day < from || (to !== undefined && day > to)) return undefined
  const frame = layerFrame(state, undefined, day, 0)
  if (compiled.covers !== undefined && !compiled.covers(frame)) return undefined
  const found = compiled.packages.find(({ when }) => when(frame))
  if (found === undefined) return undefined
  const standard = found.standard(frame)
  const cost = sumFen(lines.map(({ amount }) => fen(amount)))
  return {
    adjustment: standard - cost,
    step: {
      step: 'package',
      pack: compiled.pack.id,
      id: found.price.id,
      clause: found.price.clause,
      titleZh: found.price.title.zh,
      titleEn: found.price.title.en,
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
    id: 'hospital',
    kind: 'hospital',
    pack: undefined,
    policyId: undefined,
    wire: 'hosp_part_amt',
    fundPayType: undefined,
    given: false,
  })
  const cells: number[] = []
  for (let cell = 0; cell < state.lines.length * CATEGORIES.length; cell += 1) {
    if ((state.remaining[cell] ?? 0) > 0) cells.push(cell)
  }
  const spread = takeFrom(state.remaining, cells, -choice.adjustment)
  creditSpread(state, payer, spread)
  if (state.recording) state.steps.push({ ...choice.step, payer, spread: cellAmounts(spread) })
}
