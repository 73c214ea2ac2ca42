import { failure, failureOf, problem, success, type Result } from '../errors/problem.ts'
import { readPackFiles } from '../files/pack-files.ts'
import {
  child,
  entriesOf,
  itemsOf,
  scalarText,
  type SourceNode,
} from '../rules/read/source-node.ts'
import { namedFrom, packSources, sourcesOf, type PackSource } from './pack-sources.ts'

export interface PackChange {
  /** In words of the pack: `parameters.deductible.rows.2`, `benefits[inpatient].rate`. */
  readonly path: string
  /** As written; absent: not there. */
  readonly before?: string
  readonly after?: string
}

/** One version of a pack, flat: path → text as written. */
export type FlatPack = ReadonlyMap<string, string>

/**
 * The one version that `side` names: a path, with `@2024-01-01` after it for the version that begins on that day.
 * `pack` chooses among several packs of the path.
 */
export function flatPackAt(side: string, pack: string | undefined): Result<FlatPack> {
  const dated = /^(.+)@(\d{4}-\d{2}-\d{2})$/.exec(side)
  const [path, from] = [dated?.[1] ?? side, dated?.[2]]
  const files = readPackFiles(path)
  if (!files.ok) return failureOf(namedFrom(path, files.problems))
  const sources = packSources(path)
  const versions = files.value.packs.filter((version) => {
    const begins = sourcesOf(version, sources, files.value.origins)[0]?.from
    return (pack === undefined || version.id === pack) && (from === undefined || begins === from)
  })
  const [only, another] = versions
  if (only === undefined || another !== undefined) {
    return failure(problem('CLI_PACK_VERSIONS', '', { file: side, count: versions.length }))
  }
  return success(flatten(sourcesOf(only, sources, files.value.origins)))
}

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

/** A notice stands over the version before it: its dates, source and named parameters replace those. */
function flatten(sources: readonly PackSource[]): FlatPack {
  const flat = new Map<string, string>()
  const base = sources.findIndex(({ amends }) => !amends)
  for (const { amends, tree } of sources.slice(0, base + 1).toReversed()) {
    const parameters = entriesOf(child(tree, 'parameters')).map(({ key }) => `parameters.${key}`)
    const replaced = ['effective.from', 'effective.to', 'source', ...parameters]
    for (const path of flat.keys()) {
      if (replaced.some((key) => path === key || path.startsWith(`${key}.`))) flat.delete(path)
    }
    for (const { key, value } of entriesOf(tree)) {
      if (!(amends && key === 'amends')) addPaths(value, key, flat)
    }
  }
  return flat
}

function addPaths(node: SourceNode, path: string, flat: Map<string, string>): void {
  if (node.kind === 'scalar') {
    flat.set(path, node.type === 'number' ? plainNumber(node.text) : node.text)
    return
  }
  for (const { key, value } of entriesOf(node)) addPaths(value, `${path}.${key}`, flat)
  if (node.kind === 'map') return
  if (node.items.every(({ kind }) => kind === 'scalar')) {
    flat.set(path, node.items.map((item) => scalarText(item) ?? '').join(', '))
    return
  }
  for (const [index, item] of itemsOf(node).entries()) {
    const name = scalarText(child(item, 'id') ?? child(item, 'name')) ?? String(index + 1)
    addPaths(item, `${path}[${name}]`, flat)
  }
}

/** 300.0, 300.00 and 300 are one number. */
function plainNumber(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
