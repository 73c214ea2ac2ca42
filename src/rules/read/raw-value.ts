import { problem } from '../../errors/problem.ts'
import { PACK_LIMITS } from '../limits.ts'
import { VALUE_FORMS, VALUE_KEYS } from '../schema/value-schema.ts'
import type { Findings } from './findings.ts'
import { unknownKeyProblem, wrongTypeProblem } from './schema-issues.ts'
import {
  child,
  entriesOf,
  itemsOf,
  memberPath,
  scalarText,
  type Place,
  type SourceNode,
} from './source-node.ts'

export type FormulaOperator = 'add' | 'subtract' | 'multiply' | 'divide' | 'min' | 'max'

/** Key of a table row with its place. */
export interface RawMatch extends Place {
  readonly where: string
  readonly text: string
}

export interface RawRow {
  readonly matches: readonly RawMatch[]
  readonly value: RawValue
}

/** A value as written, before it is known whether its bare numbers are money, rates or plain numbers. */
export type RawValue =
  | {
      readonly form: 'literal'
      readonly node: SourceNode
      readonly text: string
      readonly yuan: boolean
    }
  | { readonly form: 'parameter'; readonly node: SourceNode; readonly name: string }
  | { readonly form: 'fact'; readonly node: SourceNode }
  | { readonly form: 'counter'; readonly node: SourceNode; readonly name: string }
  | {
      readonly form: 'table'
      readonly node: SourceNode
      readonly by: readonly SourceNode[]
      readonly rows: readonly RawRow[]
      readonly otherwise?: RawValue
    }
  | {
      readonly form: 'formula'
      readonly node: SourceNode
      readonly op: FormulaOperator
      readonly args: readonly RawValue[]
    }

type ValueForm = (typeof VALUE_FORMS)[number]

/** The form of the value `node`; undefined after reporting what is wrong with it. */
export function rawValue(node: SourceNode, findings: Findings): RawValue | undefined {
  if (node.kind === 'map') return rawMap(node, findings)
  const text = scalarText(node)
  if (node.kind === 'scalar' && node.type !== 'boolean' && text !== undefined && text !== '') {
    if (text.startsWith('$')) return { form: 'parameter', node, name: text.slice(1) }
    return { form: 'literal', node, text, yuan: false }
  }
  findings.add(...wrongTypeProblem(['number', 'string', 'object'], node))
  return undefined
}

function rawMap(node: SourceNode, findings: Findings): RawValue | undefined {
  const keys = entriesOf(node).map(({ key }) => key)
  const unknown = keys.filter((key) => !VALUE_KEYS.includes(key))
  for (const key of unknown) findings.add(...unknownKeyProblem(key, VALUE_KEYS, node))
  const forms = VALUE_FORMS.filter((form) => keys.includes(form))
  const [form, second] = forms
  if (form === undefined || second !== undefined) {
    const details = { forms: VALUE_FORMS.join(', '), found: keys.join(', ') }
    if (unknown.length === 0) findings.at(node, 'PACK_VALUE_FORM', details)
    return undefined
  }
  return rawForm(form, node, child(node, form) ?? node, findings)
}

function rawForm(
  form: ValueForm,
  node: SourceNode,
  inner: SourceNode,
  findings: Findings,
): RawValue | undefined {
  switch (form) {
    case 'by':
      return rawTable(node, inner, findings)
    case 'yuan':
      return rawScalar(inner, ['string', 'number'], findings, (text) => ({
        form: 'literal',
        node: inner,
        text,
        yuan: true,
      }))
    case 'counter':
      return rawScalar(inner, ['string'], findings, (name) => ({ form, node: inner, name }))
    case 'fact':
      return rawScalar(inner, ['string'], findings, () => ({ form, node: inner }))
    case 'percent':
      return rawFormula('multiply', node, inner, 2, findings)
    case 'subtract':
    case 'divide':
      return rawFormula(form, node, inner, 2, findings)
    case 'add':
    case 'multiply':
    case 'min':
    case 'max':
      return rawFormula(form, node, inner, undefined, findings)
  }
}

function rawScalar(
  node: SourceNode,
  types: readonly string[],
  findings: Findings,
  make: (text: string) => RawValue,
): RawValue | undefined {
  const text = scalarText(node)
  if (text !== undefined) return make(text)
  findings.add(...wrongTypeProblem(types, node))
  return undefined
}

function rawFormula(
  op: FormulaOperator,
  node: SourceNode,
  inner: SourceNode,
  arity: number | undefined,
  findings: Findings,
): RawValue | undefined {
  if (inner.kind !== 'list') {
    findings.add(...wrongTypeProblem(['array'], inner))
    return undefined
  }
  const count = inner.items.length
  if (count === 0 || (arity !== undefined && count !== arity)) {
    findings.at(inner, 'PACK_FORMULA_ARGUMENTS', { op, count, wanted: arity ?? 1 })
    return undefined
  }
  const args = inner.items.map((item) => rawValue(item, findings))
  const whole = args.filter((arg) => arg !== undefined)
  return whole.length === args.length ? { form: 'formula', node, op, args: whole } : undefined
}

function rawTable(node: SourceNode, byNode: SourceNode, findings: Findings): RawValue | undefined {
  const by = itemsOf(byNode)
  const rowsNode = child(node, 'rows')
  if (by.length === 0 || rowsNode === undefined) {
    const [found, place] =
      rowsNode === undefined && by.length > 0
        ? [problem('PACK_MISSING_KEY', memberPath(node.where, 'rows'), { key: 'rows' }), node]
        : wrongTypeProblem(['array'], byNode)
    findings.add(found, place)
    return undefined
  }
  const rows =
    rowsNode.kind === 'list'
      ? rowsNode.items.flatMap((row) => listedRow(row, by.length, findings))
      : nestedRows(rowsNode, [], by.length, findings)
  if (rows.length > PACK_LIMITS.tableRowsMax) {
    const details = { count: rows.length, countMax: PACK_LIMITS.tableRowsMax }
    findings.at(rowsNode, 'PACK_TOO_MANY', details)
    return undefined
  }
  const otherwiseNode = child(node, 'otherwise')
  const otherwise = otherwiseNode === undefined ? undefined : rawValue(otherwiseNode, findings)
  return { form: 'table', node, by, rows, ...(otherwise === undefined ? {} : { otherwise }) }
}

/** `{ match: [1, true], value: 90% }`; with one dimension `match` may be the key itself. */
function listedRow(row: SourceNode, dimensions: number, findings: Findings): readonly RawRow[] {
  const [matchNode, valueNode] = [child(row, 'match'), child(row, 'value')]
  if (matchNode === undefined || valueNode === undefined) {
    findings.at(row, 'PACK_TABLE_SHAPE', { dimensions, found: 0 })
    return []
  }
  const keys = matchNode.kind === 'list' ? matchNode.items : [matchNode]
  const matches = keys.flatMap((key) => {
    const text = scalarText(key)
    return text === undefined
      ? []
      : [{ text, where: key.where, line: key.line, column: key.column }]
  })
  if (matches.length !== dimensions || keys.length !== dimensions) {
    findings.at(matchNode, 'PACK_TABLE_SHAPE', { dimensions, found: keys.length })
    return []
  }
  const value = rawValue(valueNode, findings)
  return value === undefined ? [] : [{ matches, value }]
}

/** Maps inside maps, one level for each dimension. */
function nestedRows(
  node: SourceNode,
  above: readonly RawMatch[],
  dimensions: number,
  findings: Findings,
): readonly RawRow[] {
  if (above.length === dimensions) {
    const value = rawValue(node, findings)
    return value === undefined ? [] : [{ matches: above, value }]
  }
  if (node.kind !== 'map') {
    findings.at(node, 'PACK_TABLE_SHAPE', { dimensions, found: above.length })
    return []
  }
  return entriesOf(node).flatMap(({ key, keyPlace, value }) => {
    const match = { text: key, where: value.where, ...keyPlace }
    return nestedRows(value, [...above, match], dimensions, findings)
  })
}
