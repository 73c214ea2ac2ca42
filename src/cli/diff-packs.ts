import { failure, failureOf, problem, success, type Result } from '../errors/problem.ts'
import { readPackFiles } from '../files/pack-files.ts'
import type { FlatPack } from '../rules/diff/pack-changes.ts'
import {
  child,
  entriesOf,
  itemsOf,
  scalarText,
  type SourceNode,
} from '../rules/read/source-node.ts'
import { namedFrom, packSources, sourcesOf, type PackSource } from './pack-sources.ts'

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
