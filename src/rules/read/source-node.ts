/** Place of a node in its file, 1-based. */
export interface Place {
  readonly line: number
  readonly column: number
}

interface Node extends Place {
  /** Path into the document, e.g. `benefits[0].bands[1].rate`; '' for the whole. */
  readonly where: string
}

/**
 * A scalar with the text as written. Only plain text of the canonical form is a number, a boolean or null; what
 * another reader might take for a number (`1e3`, `.5`, `0x10`, `1_000`, `007`) is text here.
 */
export interface SourceScalar extends Node {
  readonly kind: 'scalar'
  readonly text: string
  readonly type: 'text' | 'number' | 'boolean' | 'null'
}

export interface SourceEntry {
  readonly key: string
  readonly keyPlace: Place
  readonly value: SourceNode
}

export interface SourceMap extends Node {
  readonly kind: 'map'
  /** In file order, keys unique. */
  readonly entries: ReadonlyMap<string, SourceEntry>
}

export interface SourceList extends Node {
  readonly kind: 'list'
  readonly items: readonly SourceNode[]
}

/** One YAML or JSON document as an immutable tree that forgets nothing but layout and comments. */
export type SourceNode = SourceScalar | SourceMap | SourceList

/** Value under `key`; undefined when the node is no map or lacks the key. */
export function child(node: SourceNode | undefined, key: string): SourceNode | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined
}

/** Text of a scalar; undefined for a map or list. */
export function scalarText(node: SourceNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.type !== 'null' ? node.text : undefined
}

/** Entries of a map in file order; none for anything else. */
export function entriesOf(node: SourceNode | undefined): readonly SourceEntry[] {
  return node?.kind === 'map' ? [...node.entries.values()] : []
}

/** Items of a list; none for anything else. */
export function itemsOf(node: SourceNode | undefined): readonly SourceNode[] {
  return node?.kind === 'list' ? node.items : []
}

const PLAIN_SEGMENT = /^[\p{L}\p{N}_-]+$/u

/** Path of the member `key` of the map at `where`. */
export function memberPath(where: string, key: string): string {
  if (!PLAIN_SEGMENT.test(key)) return `${where}[${JSON.stringify(key)}]`
  return where === '' ? key : `${where}.${key}`
}

/** Path of item `index` of the list at `where`. */
export function itemPath(where: string, index: number): string {
  return `${where}[${index}]`
}

/**
 * The tree as plain data. `text`: every number as its source text (embedded cases); `typed`: numbers as numbers,
 * for the structure check alone, never for arithmetic.
 */
export function plainData(node: SourceNode, numbers: 'text' | 'typed'): unknown {
  switch (node.kind) {
    case 'scalar':
      return plainScalar(node, numbers)
    case 'list':
      return node.items.map((item) => plainData(item, numbers))
    case 'map':
      return Object.fromEntries(
        entriesOf(node).map(({ key, value }) => [key, plainData(value, numbers)]),
      )
  }
}

function plainScalar(node: SourceScalar, numbers: 'text' | 'typed'): unknown {
  if (node.type === 'null') return null
  if (node.type === 'boolean') return node.text === 'true'
  return node.type === 'number' && numbers === 'typed' ? Number(node.text) : node.text
}
