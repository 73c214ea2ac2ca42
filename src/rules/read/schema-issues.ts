import { problem, type Problem } from '../../errors/problem.ts'
import { PATTERN_FORMS } from '../schema/word-patterns.ts'
import { schemaBreaches, type SchemaBreach } from '../schema/validate.ts'
import type { Findings } from './findings.ts'
import { nearestWord } from './nearest.ts'
import {
  child,
  itemsOf,
  memberPath,
  plainData,
  scalarText,
  type Place,
  type SourceNode,
} from './source-node.ts'

const QUOTED_CHARACTERS_MAX = 60

/** Reports every breach of the published schema with its place in the file; false when there was any. */
export function checkStructure(
  tree: SourceNode,
  schema: 'pack' | 'profile',
  findings: Findings,
): boolean {
  const breaches = schemaBreaches(plainData(tree, 'typed'), schema)
  for (const breach of breaches) reportBreach(breach, tree, findings)
  return breaches.length === 0
}

type BreachReader = (breach: SchemaBreach, node: SourceNode) => readonly [Problem, Place]

const READERS: Readonly<Record<string, BreachReader>> = {
  additionalProperties: unknownKey,
  required: (breach, node) => missingKey(String(breach.params['missingProperty']), node),
  dependentRequired: (breach, node) => missingKey(String(breach.params['missingProperty']), node),
  type: wrongType,
  enum: notOneOf,
  pattern: malformedText,
  maxLength: tooLong,
  minItems: (_, node) => [problem('PACK_EMPTY', node.where), node],
  minProperties: (_, node) => [problem('PACK_EMPTY', node.where), node],
  maxItems: (breach, node) => [
    problem('PACK_TOO_MANY', node.where, {
      count: itemsOf(node).length,
      countMax: Number(breach.params['limit']),
    }),
    node,
  ],
  minimum: outsideRange,
  maximum: outsideRange,
  uniqueItems: repeatedItem,
}

/** `if` only repeats what its branch reports; `propertyNames` what the key's own pattern reports. */
const ECHOES: readonly string[] = ['if', 'propertyNames']

function reportBreach(breach: SchemaBreach, tree: SourceNode, findings: Findings): void {
  if (ECHOES.includes(breach.keyword)) return
  const node = nodeAt(breach.instancePath, tree)
  const reader = breach.propertyName === undefined ? READERS[breach.keyword] : malformedKey
  const [found, place] = (reader ?? wrongForm)(breach, node)
  findings.add(found, place)
}

/** The deepest node that the JSON pointer reaches. */
function nodeAt(pointer: string, tree: SourceNode): SourceNode {
  const segments = pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
  return segments.reduce<SourceNode>(
    (node, segment) => child(node, segment) ?? itemsOf(node)[Number(segment)] ?? node,
    tree,
  )
}

function unknownKey(breach: SchemaBreach, node: SourceNode): readonly [Problem, Place] {
  const schema: unknown = breach.parentSchema?.['properties']
  const known = typeof schema === 'object' && schema !== null ? Object.keys(schema) : []
  return unknownKeyProblem(String(breach.params['additionalProperty']), known, node)
}

/** `PACK_UNKNOWN_KEY` for `key` of the map `node`, with the nearest known key. */
export function unknownKeyProblem(
  key: string,
  known: readonly string[],
  node: SourceNode,
): readonly [Problem, Place] {
  const details = {
    key: quoted(key),
    nearest: nearestWord(key, known),
    known: known.join(', '),
  }
  return [problem('PACK_UNKNOWN_KEY', memberPath(node.where, key), details), keyPlace(node, key)]
}

function keyPlace(node: SourceNode, key: string): Place {
  return (node.kind === 'map' ? node.entries.get(key)?.keyPlace : undefined) ?? node
}

function missingKey(key: string, node: SourceNode): readonly [Problem, Place] {
  return [problem('PACK_MISSING_KEY', memberPath(node.where, key), { key }), node]
}

const TYPE_WORDS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  object: ['映射（键: 值）', 'a map (key: value)'],
  array: ['列表', 'a list'],
  string: ['文字', 'text'],
  text: ['文字', 'text'],
  number: ['数', 'a number'],
  integer: ['整数', 'a whole number'],
  boolean: ['true 或 false', 'true or false'],
  null: ['空', 'nothing'],
  map: ['映射（键: 值）', 'a map (key: value)'],
  list: ['列表', 'a list'],
}

function wrongType(breach: SchemaBreach, node: SourceNode): readonly [Problem, Place] {
  const expected: unknown = breach.params['type']
  const types = (Array.isArray(expected) ? expected : [expected]).map(String)
  return wrongTypeProblem(types, node)
}

/** `PACK_WRONG_TYPE` of `node`, which should be one of the JSON `types`. */
export function wrongTypeProblem(
  types: readonly string[],
  node: SourceNode,
): readonly [Problem, Place] {
  const found = node.kind === 'scalar' ? node.type : node.kind
  const words = (names: readonly string[], language: 0 | 1): string =>
    names.map((name) => TYPE_WORDS[name]?.[language] ?? name).join(language === 0 ? '或' : ' or ')
  return [
    problem('PACK_WRONG_TYPE', node.where, {
      expectedZh: words(types, 0),
      expectedEn: words(types, 1),
      foundZh: words([found], 0),
      foundEn: words([found], 1),
    }),
    node,
  ]
}

function notOneOf(breach: SchemaBreach, node: SourceNode): readonly [Problem, Place] {
  const allowed: unknown = breach.params['allowedValues']
  const words = (Array.isArray(allowed) ? allowed : []).map(String)
  if (node.kind !== 'scalar') return wrongTypeProblem(['string'], node)
  return notOneOfProblem(words, node)
}

/** `PACK_NOT_ONE_OF` of `node`, which should be one of `words`. */
function notOneOfProblem(words: readonly string[], node: SourceNode): readonly [Problem, Place] {
  const value = scalarText(node) ?? ''
  const details = {
    value: quoted(value),
    nearest: nearestWord(value, words),
    allowed: words.join(', '),
  }
  return [problem('PACK_NOT_ONE_OF', node.where, details), node]
}

function malformedText(breach: SchemaBreach, node: SourceNode): readonly [Problem, Place] {
  return [malformed(breach, scalarText(node) ?? '', node.where), node]
}

function tooLong(breach: SchemaBreach, node: SourceNode): readonly [Problem, Place] {
  const [count, max] = [scalarText(node)?.length ?? 0, Number(breach.params['limit'])]
  return [problem('TEXT_TOO_LONG', node.where, { count, max }), node]
}

function malformedKey(breach: SchemaBreach, node: SourceNode): readonly [Problem, Place] {
  const key = breach.propertyName ?? ''
  return [malformed(breach, key, memberPath(node.where, key)), keyPlace(node, key)]
}

function malformed(breach: SchemaBreach, value: string, where: string): Problem {
  const form = PATTERN_FORMS[String(breach.params['pattern'])]
  return problem('PACK_TEXT_MALFORMED', where, {
    value: quoted(value),
    formZh: form?.zh ?? '',
    formEn: form?.en ?? '',
  })
}

function outsideRange(breach: SchemaBreach, node: SourceNode): readonly [Problem, Place] {
  const value = scalarText(node) ?? ''
  return [
    problem('PACK_NUMBER_OUTSIDE', node.where, {
      value,
      limit: `${String(breach.params['comparison'])} ${String(breach.params['limit'])}`,
    }),
    node,
  ]
}

function repeatedItem(breach: SchemaBreach, node: SourceNode): readonly [Problem, Place] {
  const item = itemsOf(node)[Number(breach.params['i'])] ?? node
  const later = itemsOf(node)[Math.max(Number(breach.params['i']), Number(breach.params['j']))]
  const value = quoted(scalarText(item) ?? '')
  return [problem('PACK_ITEM_REPEATED', (later ?? item).where, { value }), later ?? item]
}

function wrongForm(_: SchemaBreach, node: SourceNode): readonly [Problem, Place] {
  return wrongTypeProblem(['object'], node)
}

function quoted(text: string): string {
  return text.slice(0, QUOTED_CHARACTERS_MAX)
}
