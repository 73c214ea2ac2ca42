import type { BenefitOutcome } from './benefit.ts'
import type { CellSpread } from './benefit-spread.ts'
import type { Contribution, CounterBook } from './counter-book.ts'
import type { BenefitStep, CellAmounts, CounterUse } from './explanation.ts'
import type { LayerContext } from './layer-context.ts'
import { limitUses } from './limit-room.ts'

/** The explanation step of an applied benefit. */
export function benefitStep(
  layer: LayerContext,
  outcome: BenefitOutcome,
  counters: readonly CounterUse[],
): BenefitStep {
  const { base, amounts, spread } = outcome
  const { benefit } = outcome.compiled
  const { pack } = layer.compiled
  const cells = Array.from(base.cells)
  const cut = base.kept.some((kept, index) => kept !== base.selected[index])
  const axisType = benefit.bands?.axis
  return {
    step: 'benefit',
    pack: pack.id,
    benefit: benefit.id,
    titleZh: benefit.title.zh,
    titleEn: benefit.title.en,
    clause: benefit.clause,
    payer: layer.payer,
    basic: pack.kind === 'basic',
    of: benefit.of,
    selected: { cells, amounts: Array.from(base.selected) },
    ...(cut && { afterItems: { cells, amounts: Array.from(base.kept) } }),
    weights: base.weights,
    firstShares: base.firstShares,
    weighted: { cells, amounts: Array.from(base.weighted) },
    gross: amounts.gross,
    base: amounts.base,
    ...deductiblePart(outcome),
    ratedBase: amounts.ratedBase,
    ...(axisType !== undefined && { axis: { type: axisType, start: amounts.axisStart } }),
    rounding: benefit.bands?.rounding ?? 'band',
    bands: amounts.bands,
    rated: amounts.rated,
    ...(amounts.floor !== undefined && { floor: amounts.floor }),
    limits: limitUses(outcome.limits),
    served: amounts.served,
    overCap: amounts.overCap,
    coinsurance: amounts.coinsurance,
    stopLoss: amounts.stopLoss,
    payment: amounts.payment,
    spread: {
      firstShare: aligned(cells, base.firstShare),
      deductible: aligned(cells, spread.deductible),
      overCap: aligned(cells, spread.overCap),
      payment: cellAmounts(spread.payment),
      extra: cellAmounts(spread.extra),
    },
    counters,
  }
}

function deductiblePart(outcome: BenefitOutcome): Pick<BenefitStep, 'deductible'> {
  const { deductible } = outcome.amounts
  if (deductible === undefined) return {}
  const when = outcome.compiled.benefit.deductible?.taken ?? 'before'
  return { deductible: { ...deductible, when, from: outcome.spread.from } }
}

/** Amounts over the cells, or nothing where every amount is zero. */
function aligned(cells: readonly number[], amounts: Float64Array): CellAmounts {
  if (amounts.every((amount) => amount === 0)) return { cells: [], amounts: [] }
  return { cells, amounts: Array.from(amounts) }
}

export function cellAmounts(spread: CellSpread): CellAmounts {
  return aligned(spread.cells, spread.amounts)
}

/** Puts contributions into the book, and says what each counter was and became. */
export function contribute(
  book: CounterBook,
  contributions: readonly Contribution[],
): CounterUse[] {
  const uses = new Map<string, { before: number; adds: CounterUse['adds'][number][] }>()
  for (const { key, unit, amount, what } of contributions) {
    const use = uses.get(key)
    if (use === undefined) uses.set(key, { before: book.read(key), adds: [{ what, amount }] })
    else use.adds.push({ what, amount })
    book.add(key, unit, amount)
  }
  return [...uses].map(([key, { before, adds }]) => ({ key, before, after: book.read(key), adds }))
}
