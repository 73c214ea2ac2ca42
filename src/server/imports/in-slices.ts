import type { Problem } from '../../errors/problem.ts'
import type { RefusedRows, SourceBatch } from '../../registry/source.ts'
import { yielding } from '../yielding.ts'

/** Items that are checked at once. */
const SLICE_ITEMS = 32

/** The batches of a file in small parts, in the same order; between them others have their turns. */
export async function* inSlices(
  batches: AsyncIterable<SourceBatch>,
): AsyncGenerator<SourceBatch, void, undefined> {
  const pause = yielding()
  for await (const batch of batches) {
    const { items, locate, stopped } = batch
    let refused = batch.refused
    for (let start = 0; start + SLICE_ITEMS < items.length; start += SLICE_ITEMS) {
      const next = items[start + SLICE_ITEMS]?.line ?? Infinity
      const isBefore = (rows: RefusedRows) => lineOf(rows.problems) < next
      const slice = items.slice(start, start + SLICE_ITEMS)
      yield { items: slice, refused: refused.filter(isBefore), locate }
      refused = refused.filter((rows) => !isBefore(rows))
      await pause()
    }
    const rest = items.slice(Math.floor(Math.max(0, items.length - 1) / SLICE_ITEMS) * SLICE_ITEMS)
    yield { items: rest, refused, locate, ...(stopped !== undefined && { stopped }) }
    await pause()
  }
}

function lineOf([first]: readonly Problem[]): number {
  return first?.line ?? 0
}
