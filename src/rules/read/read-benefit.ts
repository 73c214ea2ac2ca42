import { PACK_KINDS } from '../kind.ts'
import type { Benefit, FixedBenefit, PackagePrice } from '../pack.ts'
import { readAdjustments, readBands } from './read-bands.ts'
import { readBase, readFirstShares, readFloor } from './read-base.ts'
import {
  bothLanguages,
  present,
  readOptionalText,
  readText,
  readTitle,
  readWord,
  readWords,
} from './read-basics.ts'
import { readDeductible } from './read-deductible.ts'
import { readCounts, readItemLimits, readLimits } from './read-limits.ts'
import { readExpression, readOptionalExpression, readValue } from './read-value.ts'
import type { Scope } from './scope.ts'
import { child, itemsOf, memberPath, scalarText, type SourceNode } from './source-node.ts'

const SETTLED_BY = ['direct', 'supplement'] as const

export function readBenefit(node: SourceNode, scope: Scope): Benefit {
  const id = readText(child(node, 'id'))
  refuseMixedForms(node, scope)
  const deductible = readDeductible(child(node, 'deductible'), id, scope)
  return {
    id,
    title: readTitle(child(node, 'title'), bothLanguages(id)),
    clause: readText(child(node, 'clause')),
    ...present('when', readOptionalExpression(child(node, 'when'), scope)),
    ...present('lines', readOptionalExpression(child(node, 'lines'), scope)),
    ...readWaiting(child(node, 'waiting'), scope),
    ...present('settledBy', readWord(child(node, 'settledBy'), SETTLED_BY)),
    requiresSettled: readWords(child(node, 'requiresSettled'), PACK_KINDS),
    base: readBase(child(node, 'base'), scope),
    of: readWord(child(node, 'of'), ['residual', 'cost']) ?? 'residual',
    firstShares: readFirstShares(child(node, 'firstShare'), scope),
    itemLimits: readItemLimits(child(node, 'itemLimits'), id, scope),
    ...present('deductible', deductible),
    ...present('bands', readBands(node, id, scope)),
    adjustments: readAdjustments(child(node, 'adjust'), scope),
    ...present('floor', readFloor(child(node, 'floor'), scope)),
    limits: readLimits(child(node, 'limits'), id, scope),
    ...present('fixed', readFixed(child(node, 'fixed'), scope)),
    counts: readCounts(child(node, 'counts'), scope),
    ...present('bestOf', readOptionalText(child(node, 'bestOf'))),
  }
}

/** Keys that mean nothing beside `fixed`, which is not a share of any base. */
const SPLIT_KEYS = [
  'lines',
  'base',
  'of',
  'firstShare',
  'itemLimits',
  'deductible',
  'rate',
  'bands',
  'axis',
  'bandsPer',
  'bandsCounter',
  'rounding',
  'adjust',
  'floor',
  'bestOf',
] as const

/** A benefit is a share of a base or a fixed amount, one of the two and complete. */
function refuseMixedForms(node: SourceNode, scope: Scope): void {
  const stated = SPLIT_KEYS.filter((key) => child(node, key) !== undefined)
  if (child(node, 'fixed') !== undefined) {
    const keys = stated.join(', ')
    if (stated.length > 0) scope.findings.at(node, 'PACK_FIXED_WITH_SPLIT', { keys })
    refuseMeasuresOfSplit(node, scope)
    return
  }
  const rated = stated.includes('rate') || stated.includes('bands')
  if (!stated.includes('base') || !rated) {
    scope.findings.at(node, 'PACK_BENEFIT_INCOMPLETE', { keys: stated.join(', ') || '–' })
  }
}

/** What a fixed benefit is measured by: it has no base, no deductible and no share of the patient. */
const FIXED_MEASURES: readonly (string | undefined)[] = ['payment', 'days', 'times']

/** Limits and counters of a fixed benefit on what it does not have would stand there without effect. */
function refuseMeasuresOfSplit(node: SourceNode, scope: Scope): void {
  const once = scalarText(child(child(node, 'fixed'), 'per')) !== 'day'
  for (const [list, key] of [
    ['limits', 'on'],
    ['counts', 'what'],
  ] as const) {
    for (const item of itemsOf(child(node, list))) {
      const stated = child(item, key)
      const measure = scalarText(stated)
      if (stated === undefined || measure === undefined) continue
      if (!FIXED_MEASURES.includes(measure)) {
        const keys = `${list}: ${key}: ${measure}`
        scope.findings.at(stated, 'PACK_FIXED_WITH_SPLIT', { keys })
      } else if (measure === 'days' && once) {
        scope.findings.at(stated, 'PACK_DAYS_WITHOUT_PER_DAY', {})
      }
    }
  }
}

function readWaiting(
  node: SourceNode | undefined,
  scope: Scope,
): Pick<Benefit, 'waitingDays' | 'waitingExcept'> {
  if (node === undefined) return {}
  if (!scope.requiresPolicy) scope.findings.at(node, 'PACK_POLICY_NEEDED', { what: 'waiting' })
  return {
    waitingDays: readValue(child(node, 'days'), 'whole', scope),
    ...present('waitingExcept', readOptionalExpression(child(node, 'except'), scope)),
  }
}

/** `per: day` counts `visit.days` unless it says which days. */
function readFixed(node: SourceNode | undefined, scope: Scope): FixedBenefit | undefined {
  if (node === undefined) return undefined
  const per = readWord(child(node, 'per'), ['day', 'once']) ?? 'once'
  const [days, waitingDays] = [child(node, 'days'), child(node, 'waitingDays')]
  for (const stray of per === 'once' ? [days, waitingDays] : []) {
    if (stray !== undefined) scope.findings.at(stray, 'PACK_DAYS_WITHOUT_PER_DAY', {})
  }
  const stayDays = {
    type: 'fact',
    expression: { source: 'visit.days', where: memberPath(node.where, 'days') },
  } as const
  const counted = days === undefined ? stayDays : readValue(days, 'whole', scope)
  return {
    per,
    amount: readValue(child(node, 'amount'), 'money', scope),
    ...present('days', per === 'day' ? counted : undefined),
    ...present('waitingDays', waitingDays && readValue(waitingDays, 'whole', scope)),
  }
}

export function readPackage(node: SourceNode, scope: Scope): PackagePrice {
  const id = readText(child(node, 'id'))
  return {
    id,
    title: readTitle(child(node, 'title'), bothLanguages(id)),
    clause: readText(child(node, 'clause')),
    when: readExpression(child(node, 'when'), scope),
    standard: readValue(child(node, 'standard'), 'money', scope),
  }
}
