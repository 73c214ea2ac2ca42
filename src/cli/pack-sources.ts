import { join } from 'node:path'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import type { Problem } from '../errors/problem.ts'
import { listPackFiles, type Origins } from '../files/pack-files.ts'
import type { ReadPack } from '../rules/read/read-pack.ts'
import {
  child,
  entriesOf,
  itemsOf,
  scalarText,
  type SourceNode,
} from '../rules/read/source-node.ts'
import { readSourceTree } from '../rules/read/source-tree.ts'
import { readText } from './read-text.ts'

/** One document of a pack file: a pack, or a notice that changes one. */
export interface PackSource {
  readonly file: string
  readonly id: string
  readonly amends: boolean
  /** First day in force as written. */
  readonly from: string
  readonly tree: SourceNode
}

/** Problems of the files below `path` with their files named as the caller can open them. */
export function namedFrom(path: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((item) => {
    if (item.file === undefined || item.file === path) return item
    return { ...item, file: join(path, item.file) }
  })
}

/** The documents below a path that `readPackFiles` accepted. */
export function packSources(path: string): readonly PackSource[] {
  const files = listPackFiles(path)
  return (files.ok ? files.value : []).flatMap((file) => {
    const text = readText(file)
    const trees = text.ok ? readSourceTree(text.value, file) : text
    if (!trees.ok) return []
    return trees.value.flatMap((tree) => sourceOf(tree, file) ?? [])
  })
}

function sourceOf(tree: SourceNode, file: string): PackSource | undefined {
  const [pack, amends] = [child(tree, 'pack'), child(tree, 'amends')]
  const id = scalarText(pack ?? amends)
  if (id === undefined) return undefined
  const from = scalarText(child(child(tree, 'effective'), 'from')) ?? ''
  return { file, id, amends: pack === undefined, from, tree }
}

/**
 * The documents that make up a version: the one it was read from; for a version made by notices the notice, then what
 * it changes, down to a whole pack.
 */
export function sourcesOf(
  pack: ReadPack,
  sources: readonly PackSource[],
  origins: Origins,
): readonly PackSource[] {
  const origin = origins.get(pack)
  if (origin !== undefined) {
    const read = sources.filter(({ amends, file }) => !amends && file === origin.file)[origin.index]
    return read === undefined ? [] : [read]
  }
  const from = formatEpochDay(pack.effective.from)
  const earlier = sources
    .filter((source) => source.id === pack.id && source.from <= from)
    .toSorted((left, right) => (left.from < right.from ? 1 : -1))
  const whole = earlier.findIndex(({ amends }) => !amends)
  return whole < 0 ? earlier : earlier.slice(0, whole + 1)
}

/** Problems of a pack with file, line and column: of the place they name, or of the nearest around it. */
export function located(
  problems: readonly Problem[],
  pack: ReadPack,
  sources: readonly PackSource[],
  origins: Origins,
): readonly Problem[] {
  const own = sourcesOf(pack, sources, origins)
  return problems.map((item) => (item.line === undefined ? locate(item, own) : item))
}

function locate(item: Problem, sources: readonly PackSource[]): Problem {
  // `rate:` is short for one band.
  const short = item.where.replace(/\.bands\b.*$/, '.rate')
  const places = sources.flatMap(({ file, tree }) =>
    [item.where, short].map((where) => ({ file, node: nearest(tree, where) })),
  )
  const depth = (node: SourceNode) => node.where.length
  const best = places.toSorted((left, right) => depth(right.node) - depth(left.node))[0]
  if (best === undefined) return item
  return { ...item, file: best.file, line: best.node.line, column: best.node.column }
}

/** The deepest node whose path is `where` or a beginning of it. */
function nearest(node: SourceNode, where: string): SourceNode {
  const inner = [...entriesOf(node).map(({ value }) => value), ...itemsOf(node)]
  const next = inner.find((part) => {
    const rest = where.slice(part.where.length, part.where.length + 1)
    return where.startsWith(part.where) && (rest === '' || rest === '.' || rest === '[')
  })
  return next === undefined ? node : nearest(next, where)
}
