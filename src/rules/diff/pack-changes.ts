export interface PackChange {
  /** In words of the pack: `parameters.deductible.rows.2`, `benefits[inpatient].rate`. */
  readonly path: string
  /** As written; absent: not there. */
  readonly before?: string
  readonly after?: string
}

/** One version of a pack, flat: path → text as written. */
export type FlatPack = ReadonlyMap<string, string>

/** What differs between two versions, in the order of the paths of `before`, then what is new. */
export function packChanges(before: FlatPack, after: FlatPack): readonly PackChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])]
  return paths.flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)]
    if (old === now) return []
    const change = {
      ...(old === undefined ? {} : { before: old }),
      ...(now === undefined ? {} : { after: now }),
    }
    return [{ path, ...change }]
  })
}

/** A change as people read it: an item that only one version has is one change, whatever it says. */
export interface ShownChange extends PackChange {
  readonly whole?: 'added' | 'removed'
}

/** `changes` with those inside an item (`cases[…]`, `benefits[…]`) of one version alone put together. */
export function wholeItems(
  changes: readonly PackChange[],
  before: FlatPack,
  after: FlatPack,
): readonly ShownChange[] {
  const [old, now] = [itemsNamedIn(before), itemsNamedIn(after)]
  const shown = new Map<string, ShownChange>()
  for (const change of changes) {
    const removed = itemsAround(change.path).find((item) => !now.has(item))
    const added = itemsAround(change.path).find((item) => !old.has(item))
    const path = removed ?? added
    if (path === undefined) shown.set(change.path, change)
    else shown.set(path, { path, whole: removed === undefined ? 'added' : 'removed' })
  }
  return [...shown.values()]
}

function itemsNamedIn(flat: FlatPack): ReadonlySet<string> {
  return new Set([...flat.keys()].flatMap(itemsAround))
}

/** The items of lists that hold `path`, the outermost first. */
function itemsAround(path: string): readonly string[] {
  return [...path.matchAll(/\](?=\.|\[|$)/g)].map(({ index }) => path.slice(0, index + 1))
}
