const SLICED_MAX = 64
const NOTHING: readonly number[] = Array.from({ length: SLICED_MAX }, () => 0)

/**
 * A list of `count` zeros to be written over. It takes exactly the room it needs: one that grows by `push` takes room for
 * seventeen numbers at its first, and answers hold two short lists for each line of a bill.
 */
export function zeros(count: number): number[] {
  return count <= SLICED_MAX ? NOTHING.slice(0, count) : Array.from({ length: count }, () => 0)
}
