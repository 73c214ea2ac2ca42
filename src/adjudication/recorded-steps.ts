import type { BenefitOutcome } from './benefit.ts'
import type { LayerContext } from './layer-context.ts'
import type { TraceEntry } from './trace.ts'

/**
 * The steps of a recording as text: one row a step, every amount that is not among the numbers of the trace. Its form belongs
 * to the semantics: a digest is taken over it.
 */
export function recordedSteps(steps: readonly TraceEntry[]): string {
  let text = ''
  for (const entry of steps) {
    if (entry.step === 'recorded') {
      const { outcome, at, count, parts, payableCount = -1, usesAt, uses, layer } = entry
      const { id } = layer.compiled.pack
      text += `b${id},${outcome.compiled.benefit.id},${at},${count},${parts},${payableCount},${usesAt},${uses}`
      text += `${amountsText(outcome)}\n`
    } else if (entry.step === 'recordedLayer') text += `l${layerText(entry.layer)}\n`
    else if (entry.step === 'lines') text += `i${entry.from},${entry.to}\n`
    else text += `${JSON.stringify(entry)}\n`
  }
  return text
}

function layerText({ compiled, frame, day, admission }: LayerContext): string {
  return `${compiled.pack.hash},${String(frame.policy?.['id'] ?? '')},${day},${admission}`
}

function amountsText({ amounts }: BenefitOutcome): string {
  const { deductible, floor, axis } = amounts
  let text = `,${amounts.gross},${amounts.base},${amounts.takenBefore},${amounts.taken},${amounts.ratedBase}`
  text += `,${amounts.axisStart},${amounts.rated},${amounts.served},${amounts.overCap},${amounts.coinsurance}`
  text += `,${amounts.stopLoss},${amounts.payment},${amounts.share}`
  if (axis !== undefined) text += `;a${axis.index}`
  if (deductible !== undefined) {
    const { slot, amount, used, filled, left } = deductible
    text += `;d${slot.index},${amount},${used},${filled},${left}`
  }
  if (floor !== undefined) text += `;f${floor.num},${floor.den},${floor.of},${floor.amount}`
  for (const band of amounts.bands) text += `;${JSON.stringify(band)}`
  return text
}
