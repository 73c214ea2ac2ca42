import type { Benefit } from '../../src/rules/pack.ts'
import type { Layer } from './benefit.ts'
import { benefitLines, columnsOf, costOn } from './benefit-base.ts'
import { cellOf } from './bill-state.ts'
import { exact, round, times, total } from './exact.ts'
import { factsOfLine, valueContext } from './layer-context.ts'
import { rate, truth } from './values.ts'

/** The least a guarantee pays, at most what is left of its cells. */
export function floorAmount(benefit: Benefit, layer: Layer): number {
  if (benefit.floor === undefined) return 0
  const cost = costOn(layer, benefitLines(benefit, layer), benefit.floor.base)
  const guaranteed = round(times(rate(benefit.floor.rate, valueContext(layer)), exact(cost)))
  return Math.min(guaranteed, total(floorCells(benefit, layer)))
}

/** Cells of the guarantee that hold something. */
export function floorCells(benefit: Benefit, layer: Layer): Map<number, number> {
  const cells = new Map<number, number>()
  for (const line of benefitLines(benefit, layer)) {
    for (const item of benefit.floor?.base ?? []) {
      if (!truth(item.lines, valueContext(layer, factsOfLine(layer, line)))) continue
      for (const column of columnsOf(item.category)) {
        const amount = layer.state.remaining.get(cellOf(line, column)) ?? 0
        if (amount > 0) cells.set(cellOf(line, column), amount)
      }
    }
  }
  return cells
}
