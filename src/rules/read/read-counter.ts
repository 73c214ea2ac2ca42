import type { CounterDefinition, CounterUnit, Expression, Owner, Period } from '../pack.ts'
import { COUNTER_UNITS, OWNERS, PERIOD_WORDS } from '../schema/counter-schema.ts'
import { present, readWholeNumber, readWord } from './read-basics.ts'
import { readOptionalExpression } from './read-value.ts'
import type { Scope } from './scope.ts'
import { child, entriesOf, scalarText, type SourceNode } from './source-node.ts'

/** Keys under which a part of a pack says which counter it uses. */
export interface CounterKeys {
  readonly per: string
  readonly counter: string
}

const DEFAULT_KEYS: CounterKeys = { per: 'per', counter: 'counter' }

/** A counter that a part of a benefit uses: its implicit name, its unit and a key it has by default. */
export interface CounterWanted {
  /** Name after the pack's id, e.g. `inpatient.deductible`. */
  readonly name: string
  readonly unit: CounterUnit
  readonly keys?: CounterKeys
  readonly keyDefault?: Expression
  /** Period of a part that may name none; absent: it must name one. */
  readonly perDefault?: Period
}

/** Every counter the pack declares, by name. */
export function readCounters(
  node: SourceNode | undefined,
  scope: Scope,
): ReadonlyMap<string, CounterDefinition> {
  return new Map(
    entriesOf(node).map(({ key, value }) => [key, declaredCounter(key, value, scope)] as const),
  )
}

/** Units of the declared counters, before anything else is read. */
export function readCounterUnits(node: SourceNode | undefined): ReadonlyMap<string, CounterUnit> {
  return new Map(entriesOf(node).map(({ key, value }) => [key, declaredUnit(value)] as const))
}

function declaredUnit(node: SourceNode): CounterUnit {
  return readWord(child(node, 'unit'), COUNTER_UNITS) ?? 'fen'
}

function declaredCounter(name: string, node: SourceNode, scope: Scope): CounterDefinition {
  const shared = scalarText(child(node, 'shared')) === 'true'
  const id = scalarText(child(node, 'continues')) ?? (shared ? name : `${scope.packId}:${name}`)
  const perNode = child(node, 'per')
  return {
    id,
    ...ownerAndPeriod(perNode, child(node, 'owner'), scope),
    unit: declaredUnit(node),
    ...present('key', readOptionalExpression(child(node, 'key'), scope)),
  }
}

/** The counter that `node` names, or an implicit one with the period that `node` states. */
export function readCounterUse(
  node: SourceNode,
  wanted: CounterWanted,
  scope: Scope,
): CounterDefinition {
  const keys = wanted.keys ?? DEFAULT_KEYS
  const counterNode = child(node, keys.counter)
  const perNode = child(node, keys.per)
  if (counterNode !== undefined) {
    for (const key of [keys.per, 'owner', 'key']) {
      const stated = child(node, key)
      if (stated !== undefined) scope.findings.at(stated, 'PACK_COUNTER_STATES_IT', { key })
    }
    return withKey(namedCounter(counterNode, wanted.unit, scope), wanted.keyDefault)
  }
  const key = readOptionalExpression(child(node, 'key'), scope) ?? wanted.keyDefault
  if (perNode === undefined && wanted.perDefault === undefined) {
    scope.findings.at(node, 'PACK_PERIOD_MISSING', { per: keys.per, counter: keys.counter })
  }
  return {
    id: `${scope.packId}:${wanted.name}`,
    ...ownerAndPeriod(perNode, child(node, 'owner'), scope, wanted.perDefault),
    unit: wanted.unit,
    ...present('key', key),
  }
}

function withKey(counter: CounterDefinition, key: Expression | undefined): CounterDefinition {
  return counter.key !== undefined || key === undefined ? counter : { ...counter, key }
}

/** A declared counter by name, which must have this unit. */
export function namedCounter(node: SourceNode, unit: CounterUnit, scope: Scope): CounterDefinition {
  const name = scalarText(node) ?? ''
  const declared = scope.counters.get(name)
  if (declared === undefined) {
    const nearest = scope.findings.nearest(name, scope.counters.keys())
    scope.findings.at(node, 'PACK_COUNTER_UNKNOWN', { counter: name, nearest })
  } else if (declared.unit !== unit) {
    const details = { counter: name, found: declared.unit, wanted: unit }
    scope.findings.at(node, 'PACK_COUNTER_UNIT', details)
  }
  return declared ?? { id: name, owner: 'person', period: { type: 'claim' }, unit }
}

/** The implicit counter of a part written short, without a map of its own. */
export function implicitCounter(
  wanted: CounterWanted & { readonly perDefault: Period },
  scope: Scope,
): CounterDefinition {
  return {
    id: `${scope.packId}:${wanted.name}`,
    owner: ownerOfPeriod(wanted.perDefault) ?? scope.ownerDefault,
    period: wanted.perDefault,
    unit: wanted.unit,
  }
}

function ownerAndPeriod(
  perNode: SourceNode | undefined,
  ownerNode: SourceNode | undefined,
  scope: Scope,
  perDefault: Period = { type: 'claim' },
): Pick<CounterDefinition, 'owner' | 'period'> {
  const { period, owner: set } = readPeriod(perNode) ?? { period: perDefault }
  const fixed = set ?? ownerOfPeriod(period)
  const stated = readWord(ownerNode, OWNERS)
  if (ownerNode !== undefined && stated !== undefined && fixed !== undefined && stated !== fixed) {
    scope.findings.at(ownerNode, 'PACK_OWNER_CONTRADICTS', { owner: stated, fixed })
  }
  const owner = fixed ?? stated ?? scope.ownerDefault
  refuseWithoutPolicy(perNode, ownerNode, period, owner, scope)
  return { owner, period }
}

/** Policy years begin with a policy, and a policy or group owns counters only where there is one. */
function refuseWithoutPolicy(
  perNode: SourceNode | undefined,
  ownerNode: SourceNode | undefined,
  period: Period,
  owner: Owner,
  scope: Scope,
): void {
  if (scope.requiresPolicy) return
  const byPolicyYear = period.type === 'policyYear' || period.type === 'policyYears'
  if (perNode !== undefined && byPolicyYear) {
    scope.findings.at(perNode, 'PACK_POLICY_NEEDED', { what: period.type })
  }
  if (ownerNode !== undefined && (owner === 'policy' || owner === 'group')) {
    scope.findings.at(ownerNode, 'PACK_POLICY_NEEDED', { what: `owner: ${owner}` })
  }
}

function readPeriod(
  node: SourceNode | undefined,
): { readonly period: Period; readonly owner?: Owner } | undefined {
  if (node?.kind === 'map') {
    const years = readWholeNumber(child(node, 'policyYears'))
    return years === undefined ? undefined : { period: { type: 'policyYears', years } }
  }
  const word = readWord(node, PERIOD_WORDS)
  if (word === undefined) return undefined
  if (word === 'accident' || word === 'transferChain') {
    return { period: { type: 'lifetime' }, owner: word }
  }
  return { period: { type: word } }
}

/** What happens within one stay belongs to the stay, whoever else is named. */
function ownerOfPeriod(period: Period): Owner | undefined {
  return ['visit', 'admission', 'claim'].includes(period.type) ? 'stay' : undefined
}
