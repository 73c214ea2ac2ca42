import { unreachable } from '../../assert.ts'
import { parseYuan } from '../../money/fen.ts'
import { parseRate } from '../../money/rate.ts'
import { EXPRESSION_LIMITS } from '../cel/limits.ts'
import { PACK_LIMITS } from '../limits.ts'
import type { Expression, Value } from '../pack.ts'
import { argumentSlots } from './dimension.ts'
import { listsNamed, visibleType } from './expression-type.ts'
import { rawValue, type RawValue } from './raw-value.ts'
import { readMatch } from './read-match.ts'
import { wrongTypeProblem } from './schema-issues.ts'
import type { Scope } from './scope.ts'
import { dimensionOfSlot, type Slot } from './slot.ts'
import { scalarText, type SourceNode } from './source-node.ts'

/** Stands in for a value whose problem is already listed; the pack is refused anyway. */
const NO_VALUE: Value = { type: 'literal', num: 0, den: 1 }

/** A value read into `slot`, its literals exact: fen for money, the fraction for rates and numbers. */
export function readValue(node: SourceNode | undefined, slot: Slot, scope: Scope): Value {
  const raw = node === undefined ? undefined : rawValue(node, scope.findings)
  if (raw === undefined) return scope.findings.orStandIn<Value>(undefined, NO_VALUE)
  if (!scope.sizes.accepts(raw)) {
    refuseLarge(raw, scope)
    return NO_VALUE
  }
  scope.uses.push({ raw, slot })
  return typedValue(raw, slot, scope)
}

/** Says that `raw` would be too much work. */
export function refuseLarge(raw: RawValue, { findings, sizes }: Scope): void {
  const { formulaStepsMax: stepsMax, parameterChainMax: chainMax } = PACK_LIMITS
  const { chain, steps } = sizes.of(raw)
  findings.at(raw.node, 'PACK_FORMULA_TOO_LARGE', { steps, stepsMax, chain, chainMax })
}

/** A CEL expression as written; its lists must exist. */
export function readExpression(node: SourceNode | undefined, scope: Scope): Expression {
  const source = scalarText(node)?.trim()
  if (node === undefined || source === undefined) {
    // The structure check says it of most places; what it does not look into, such as nested tables, is said here.
    if (node !== undefined) scope.findings.add(...wrongTypeProblem(['string'], node))
    return scope.findings.orStandIn<Expression>(undefined, { source: 'false', where: '' })
  }
  if (source === '') scope.findings.at(node, 'PACK_EXPRESSION_EMPTY')
  // What is longer is refused before it is parsed; of several at one place the first is listed.
  const named = listsNamed(source.slice(0, EXPRESSION_LIMITS.characters))
  const list = named.find((name) => !scope.listNames.includes(name))
  if (list !== undefined) {
    const nearest = scope.findings.nearest(list, scope.listNames)
    scope.findings.at(node, 'PACK_LIST_UNKNOWN', { list, nearest })
  }
  return { source, where: node.where }
}

/** An optional condition: absent stays absent. */
export function readOptionalExpression(
  node: SourceNode | undefined,
  scope: Scope,
): Expression | undefined {
  return node === undefined ? undefined : readExpression(node, scope)
}

/** As `readValue` for a value already taken apart. */
export function typedValue(raw: RawValue, slot: Slot, scope: Scope): Value {
  switch (raw.form) {
    case 'literal':
      return literal(raw, slot, scope)
    case 'parameter':
      return parameter(raw, slot, scope)
    case 'fact':
      return fact(raw.node, slot, scope)
    case 'counter':
      return counter(raw, slot, scope)
    case 'table':
      return table(raw, slot, scope)
    case 'formula':
      return formula(raw, slot, scope)
    default:
      return unreachable(raw)
  }
}

function literal(
  raw: Extract<RawValue, { form: 'literal' }>,
  slot: Slot,
  { findings }: Scope,
): Value {
  if (raw.yuan && slot !== 'money') return mismatch(raw.node, 'money', slot, findings)
  if (slot === 'money') {
    const amount = parseYuan(raw.text)
    if (!amount.ok) findings.adopt(amount.problems, raw.node)
    else if (amount.value < 0) findings.at(raw.node, 'PACK_AMOUNT_NEGATIVE', { text: raw.text })
    return amount.ok ? { type: 'literal', num: amount.value, den: 1 } : NO_VALUE
  }
  const rate = parseRate(raw.text)
  if (!rate.ok) {
    findings.adopt(rate.problems, raw.node)
    return NO_VALUE
  }
  const { num, den } = rate.value
  if (slot === 'rate' && num > den) findings.at(raw.node, 'PACK_RATE_OUTSIDE', { text: raw.text })
  if (slot === 'whole' && den !== 1) {
    findings.at(raw.node, 'PACK_NUMBER_NOT_WHOLE', { text: raw.text })
  }
  return { type: 'literal', num, den }
}

function parameter(raw: Extract<RawValue, { form: 'parameter' }>, slot: Slot, scope: Scope): Value {
  const { name, node } = raw
  if (!scope.parameters.has(name)) {
    const nearest = scope.findings.nearest(name, scope.parameters.keys())
    scope.findings.at(node, 'PACK_PARAMETER_UNKNOWN', { name, nearest })
    return NO_VALUE
  }
  const known = scope.slots.get(name)
  if (known !== undefined && dimensionOfSlot(known) !== dimensionOfSlot(slot)) {
    return mismatch(node, dimensionOfSlot(known), slot, scope.findings)
  }
  return { type: 'parameter', name }
}

const NUMERIC_TYPES: readonly unknown[] = ['int', 'money', undefined]

function fact(node: SourceNode, slot: Slot, scope: Scope): Value {
  const expression = readExpression(node, scope)
  const type = visibleType(expression.source)
  if (!NUMERIC_TYPES.includes(type)) {
    scope.findings.at(node, 'PACK_FACT_NOT_NUMBER', { fact: expression.source })
  } else if (type !== undefined && (type === 'money') !== (slot === 'money')) {
    return mismatch(node, type === 'money' ? 'money' : 'pure', slot, scope.findings)
  }
  return { type: 'fact', expression }
}

function counter(raw: Extract<RawValue, { form: 'counter' }>, slot: Slot, scope: Scope): Value {
  const unit = scope.counterUnits.get(raw.name)
  if (unit === undefined) {
    const nearest = scope.findings.nearest(raw.name, scope.counterUnits.keys())
    scope.findings.at(raw.node, 'PACK_COUNTER_UNKNOWN', { counter: raw.name, nearest })
  } else if ((unit === 'fen') !== (slot === 'money')) {
    return mismatch(raw.node, unit === 'fen' ? 'money' : 'pure', slot, scope.findings)
  }
  return { type: 'counter', counter: raw.name }
}

function table(raw: Extract<RawValue, { form: 'table' }>, slot: Slot, scope: Scope): Value {
  const by = raw.by.map((node) => readExpression(node, scope))
  for (const [index, node] of raw.by.entries()) {
    const type = visibleType(by[index]?.source ?? '')
    if (type !== 'date' && type !== 'strings') continue
    scope.findings.at(node, 'PACK_TABLE_DIMENSION', { by: by[index]?.source ?? '' })
  }
  const rows = raw.rows.map((row) => ({
    matches: row.matches.flatMap((key, index) => {
      const match = readMatch(key, by[index]?.source ?? '', scope.findings)
      return match === undefined ? [] : [match]
    }),
    value: typedValue(row.value, slot, scope),
  }))
  const otherwise = raw.otherwise && typedValue(raw.otherwise, slot, scope)
  const optional = otherwise === undefined ? {} : { otherwise }
  return { type: 'table', table: { by, rows, ...optional, where: raw.node.where } }
}

function formula(raw: Extract<RawValue, { form: 'formula' }>, slot: Slot, scope: Scope): Value {
  const slots = argumentSlots(raw, slot, scope)
  if (slots === undefined && slot === 'money') {
    scope.findings.at(raw.node, 'PACK_FORMULA_NOT_MONEY', { op: raw.op })
  }
  const divisor = raw.op === 'divide' ? raw.args[1] : undefined
  if (divisor?.form === 'literal' && /^0*(?:\.0*)?%?$/.test(divisor.text)) {
    scope.findings.at(divisor.node, 'DIVISION_BY_ZERO')
  }
  const args = raw.args.map((arg, index) => typedValue(arg, slots?.[index] ?? 'factor', scope))
  return { type: 'formula', op: raw.op, args }
}

const DIMENSION_WORDS = {
  money: ['金额', 'money'],
  pure: ['纯数或比例', 'a plain number or rate'],
} as const

function mismatch(
  node: SourceNode,
  found: 'money' | 'pure',
  slot: Slot,
  findings: Scope['findings'],
): Value {
  const wanted = DIMENSION_WORDS[dimensionOfSlot(slot)]
  findings.at(node, 'PACK_UNIT_MISMATCH', {
    foundZh: DIMENSION_WORDS[found][0],
    foundEn: DIMENSION_WORDS[found][1],
    wantedZh: wanted[0],
    wantedEn: wanted[1],
  })
  return NO_VALUE
}
