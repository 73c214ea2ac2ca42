import type { Count, CounterUnit, ItemLimit, Limit, LimitOn } from '../pack.ts'
import { present, readOptionalText, readWord, refuseRepeatedIds } from './read-basics.ts'
import { namedCounter, readCounterUse } from './read-counter.ts'
import { readOptionalExpression, readValue } from './read-value.ts'
import type { Scope } from './scope.ts'
import { child, itemsOf, memberPath, type SourceNode } from './source-node.ts'

const LIMIT_UNITS: Readonly<Record<LimitOn, CounterUnit>> = {
  payment: 'fen',
  base: 'fen',
  baseAfterDeductible: 'fen',
  deductible: 'fen',
  patientShare: 'fen',
  days: 'days',
  times: 'times',
  quantity: 'quantity',
}

const LIMITED = Object.keys(LIMIT_UNITS) as readonly LimitOn[]

export function readLimits(
  node: SourceNode | undefined,
  benefitId: string,
  scope: Scope,
): readonly Limit[] {
  const items = itemsOf(node)
  const suffixes = items.map((item, index) => readOptionalText(child(item, 'id')) ?? `${index + 1}`)
  refuseRepeatedIds(
    items.map((item, index) => [suffixes[index] ?? '', child(item, 'id') ?? item] as const),
    scope.findings,
  )
  return items.map((item, index) => readLimit(item, suffixes[index] ?? '', benefitId, scope))
}

function readLimit(node: SourceNode, suffix: string, benefitId: string, scope: Scope): Limit {
  const on = readWord(child(node, 'on'), LIMITED) ?? 'payment'
  const unit = LIMIT_UNITS[on]
  const overCap = child(node, 'overCap')
  if (overCap !== undefined && on !== 'payment') {
    scope.findings.at(overCap, 'PACK_OVER_CAP_MISPLACED', { on })
  }
  return {
    id: readOptionalText(child(node, 'id')) ?? `limit-${suffix}`,
    on,
    amount: readValue(child(node, 'amount'), unit === 'fen' ? 'money' : 'whole', scope),
    counter: readCounterUse(
      node,
      {
        name: `${benefitId}.limit-${suffix}`,
        unit,
        ...(on === 'quantity' ? { keyDefault: lineCode(node) } : {}),
      },
      scope,
    ),
    ...present('when', readOptionalExpression(child(node, 'when'), scope)),
    overCap: readWord(overCap, ['base', 'payment']) ?? 'base',
    ...present('clause', readOptionalText(child(node, 'clause'))),
  }
}

/** Quantities of different items are never added up unless a pack says so. */
function lineCode(node: SourceNode) {
  return { source: 'line.code', where: memberPath(node.where, 'key') }
}

export function readItemLimits(
  node: SourceNode | undefined,
  benefitId: string,
  scope: Scope,
): readonly ItemLimit[] {
  return itemsOf(node).map((item, index) =>
    readItemLimit(item, `${benefitId}.item-${index + 1}`, scope),
  )
}

/** `within` or `counter` make the cap run over a period; without them it looks at this bill alone. */
function readItemLimit(node: SourceNode, name: string, scope: Scope): ItemLimit {
  const per = readWord(child(node, 'per'), ['line', 'item', 'unit', 'day']) ?? 'line'
  const running = child(node, 'within') !== undefined || child(node, 'counter') !== undefined
  for (const key of running ? [] : ['owner', 'key']) {
    const stray = child(node, key)
    if (stray !== undefined) {
      scope.findings.at(stray, 'PACK_PERIOD_MISSING', { per: 'within', counter: 'counter' })
    }
  }
  const wanted = {
    name,
    unit: 'fen',
    keys: { per: 'within', counter: 'counter' },
    ...(per === 'item' ? { keyDefault: lineCode(node) } : {}),
  } as const
  return {
    per,
    amount: readValue(child(node, 'amount'), 'money', scope),
    ...present('lines', readOptionalExpression(child(node, 'lines'), scope)),
    ...present('counter', running ? readCounterUse(node, wanted, scope) : undefined),
  }
}

const COUNT_UNITS: Readonly<Record<Count['what'], CounterUnit>> = {
  base: 'fen',
  payment: 'fen',
  deductible: 'fen',
  patientShare: 'fen',
  times: 'times',
  days: 'days',
}

const COUNTED = Object.keys(COUNT_UNITS) as readonly Count['what'][]

export function readCounts(node: SourceNode | undefined, scope: Scope): readonly Count[] {
  return itemsOf(node).flatMap((item) => {
    const what = readWord(child(item, 'what'), COUNTED)
    const counter = child(item, 'counter')
    if (what === undefined || counter === undefined) return []
    return [{ counter: namedCounter(counter, COUNT_UNITS[what], scope), what }]
  })
}
