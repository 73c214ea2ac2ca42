import {
  Composer,
  Lexer,
  LineCounter,
  Parser,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type CST,
  type Document,
} from 'yaml'
import { problem, type Problem, type Result } from '../../errors/problem.ts'
import { PACK_LIMITS } from '../limits.ts'
import { Findings } from './findings.ts'
import {
  itemPath,
  memberPath,
  type Place,
  type SourceEntry,
  type SourceNode,
  type SourceScalar,
} from './source-node.ts'

const PLAIN_TYPES: readonly (readonly [RegExp, SourceScalar['type']])[] = [
  [/^(?:~|null)?$/, 'null'],
  [/^(?:true|false)$/, 'boolean'],
  [/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/, 'number'],
]

/**
 * Reads YAML 1.2 or JSON into one tree for each document that is not empty. Refuses broken syntax, files past the
 * limits, repeated keys, anchors, aliases, merge keys, tags and keys that are not text. Never throws.
 */
export function readSourceTree(text: string, file: string): Result<readonly SourceNode[]> {
  const findings = new Findings(file)
  const bytes = utf8Length(text)
  const bytesMax = PACK_LIMITS.textBytesMax
  if (bytes > bytesMax) {
    findings.add(problem('PACK_TOO_LARGE', '', { bytes, bytesMax }), { line: 1, column: 1 })
    return findings.result(() => [])
  }
  const lines = new LineCounter()
  const tokens = parseTokens(text, lines, findings)
  if (tokens === undefined) return findings.result(() => [])
  const documents = compose(tokens)
  for (const error of documents.flatMap((document) => document.errors)) {
    if (findings.isFull) break
    const why = error.message.slice(0, 200)
    findings.add(problem('PACK_NOT_YAML', '', { why }), placeAt(error.pos[0], lines))
  }
  if (findings.count > 0) return findings.result(() => [])
  const conversion = new Conversion(lines, findings)
  const trees = documents.flatMap((document) => conversion.document(document))
  return findings.result(() => trees)
}

/** The library makes an error for each thing wrong, up to a million; recording where each was made takes far longest. */
function compose(tokens: readonly CST.Token[]): readonly Document.Parsed[] {
  const recorded = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return [...new Composer({ schema: 'failsafe', uniqueKeys: false }).compose(tokens)]
  } finally {
    Error.stackTraceLimit = recorded
  }
}

function placeAt(offset: number, lines: LineCounter): Place {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

/** Tokens of the whole file; undefined once it nests too deep or grows too long, seen before anything recursive walks it. */
function parseTokens(
  text: string,
  lines: LineCounter,
  findings: Findings,
): readonly CST.Token[] | undefined {
  const parser = new Parser(lines.addNewLine)
  const tokens: CST.Token[] = []
  lines.addNewLine(0)
  let lexemes = 0
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme))
    lexemes += 1
    const refusal = refusalOfSize(parser, lexemes)
    if (refusal !== undefined) {
      findings.add(refusal, placeAt(parser.offset - lexeme.length, lines))
      return undefined
    }
  }
  tokens.push(...parser.end())
  return tokens
}

function refusalOfSize(parser: Parser, lexemes: number): Problem | undefined {
  const { lexemesMax, nestingMax } = PACK_LIMITS
  if (lexemes > lexemesMax) {
    return problem('PACK_TOO_MANY', '', { count: lexemes, countMax: lexemesMax })
  }
  return collectionsOpen(parser) > nestingMax
    ? problem('PACK_TOO_DEEP', '', { nestingMax })
    : undefined
}

const COLLECTIONS: readonly CST.Token['type'][] = ['block-map', 'block-seq', 'flow-collection']

function collectionsOpen(parser: Parser): number {
  return parser.stack.filter((token) => COLLECTIONS.includes(token.type)).length
}

function utf8Length(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit >= 0x80) bytes += 1
    // A surrogate pair is four bytes: two units with one byte more each.
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) bytes += 1
  }
  return bytes
}

class Conversion {
  readonly #lines: LineCounter
  readonly #findings: Findings

  constructor(lines: LineCounter, findings: Findings) {
    this.#lines = lines
    this.#findings = findings
  }

  document(document: Document.Parsed): readonly SourceNode[] {
    const tree = this.#node(document.contents, '', { line: 1, column: 1 })
    return tree.kind === 'scalar' && tree.type === 'null' ? [] : [tree]
  }

  #node(node: unknown, where: string, fallback: Place): SourceNode {
    const place = this.#placeOf(node, fallback)
    if (isNode(node)) this.#refuseReferences(node, where, place)
    if (isMap(node))
      return { kind: 'map', entries: this.#entries(node.items, where), where, ...place }
    if (isSeq(node)) {
      const items = node.items.map((item, index) => this.#node(item, itemPath(where, index), place))
      return { kind: 'list', items, where, ...place }
    }
    return { ...scalarOf(node), where, ...place }
  }

  #entries(
    pairs: readonly { readonly key: unknown; readonly value: unknown }[],
    where: string,
  ): ReadonlyMap<string, SourceEntry> {
    const entries = new Map<string, SourceEntry>()
    for (const { key: keyNode, value } of pairs) {
      const keyPlace = this.#placeOf(keyNode, { line: 1, column: 1 })
      const key = this.#key(keyNode, where, keyPlace)
      if (key === undefined) continue
      const path = memberPath(where, key)
      const first = entries.get(key)
      if (first === undefined) {
        entries.set(key, { key, keyPlace, value: this.#node(value, path, keyPlace) })
      } else {
        const details = { key, firstLine: first.keyPlace.line }
        this.#findings.add(problem('PACK_KEY_REPEATED', path, details), keyPlace)
      }
    }
    return entries
  }

  #key(node: unknown, where: string, place: Place): string | undefined {
    if (isNode(node)) this.#refuseReferences(node, where, place)
    const text = isScalar(node) && typeof node.value === 'string' ? node.value : ''
    if (isScalar(node) && text !== '' && !(text === '<<' && node.type === 'PLAIN')) return text
    const refusal: Problem =
      text === '<<'
        ? problem('PACK_YAML_REFERENCE', where, { what: '<<' })
        : problem('PACK_KEY_NOT_TEXT', where)
    if (!isAlias(node)) this.#findings.add(refusal, place)
    return undefined
  }

  #refuseReferences(node: unknown, where: string, place: Place): void {
    if (isAlias(node)) {
      this.#findings.add(problem('PACK_YAML_REFERENCE', where, { what: `*${node.source}` }), place)
      return
    }
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return
    if (node.anchor !== undefined) {
      this.#findings.add(problem('PACK_YAML_REFERENCE', where, { what: `&${node.anchor}` }), place)
    }
    if (node.tag !== undefined) {
      this.#findings.add(problem('PACK_YAML_TAG', where, { tag: node.tag }), place)
    }
  }

  #placeOf(node: unknown, fallback: Place): Place {
    const start = isNode(node) ? node.range?.[0] : undefined
    return start === undefined ? fallback : placeAt(start, this.#lines)
  }
}

function scalarOf(node: unknown): Pick<SourceScalar, 'kind' | 'text' | 'type'> {
  if (!isScalar(node) || typeof node.value !== 'string') {
    return { kind: 'scalar', text: '', type: 'null' }
  }
  const text = node.value
  if (node.type !== 'PLAIN') return { kind: 'scalar', text, type: 'text' }
  const known = PLAIN_TYPES.find(([pattern]) => pattern.test(text))
  return { kind: 'scalar', text, type: known?.[1] ?? 'text' }
}
