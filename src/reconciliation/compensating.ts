import { addFen, ZERO_FEN } from '../money/fen.ts'
import type { Discrepancy } from './discrepancy.ts'

/**
 * Joins two wrong amounts whose effects are opposite into one discrepancy: the totals do not show them, and each explains why the
 * other was not noticed.
 */
export function joinCompensating<Row>(
  wrong: readonly Discrepancy<Row>[],
): readonly Discrepancy<Row>[] {
  const waiting = new Map<string, Discrepancy<Row>[]>()
  const joined = new Map<Discrepancy<Row>, Discrepancy<Row>>()
  const gone = new Set<Discrepancy<Row>>()
  for (const item of wrong) {
    if (item.effect.every((part) => part === 0)) continue
    const opposite = waiting.get(item.effect.map((part) => 0 - part).join())?.pop()
    if (opposite === undefined) {
      const key = item.effect.join()
      const alike = waiting.get(key)
      if (alike === undefined) waiting.set(key, [item])
      else alike.push(item)
      continue
    }
    joined.set(opposite, {
      kind: 'compensating',
      ours: [...opposite.ours, ...item.ours],
      theirs: [...opposite.theirs, ...item.theirs],
      effect: item.effect.map((part, index) => addFen(part, opposite.effect[index] ?? ZERO_FEN)),
    })
    gone.add(item)
  }
  return wrong.filter((item) => !gone.has(item)).map((item) => joined.get(item) ?? item)
}
