import type { Adjustment, Band, Bands, Value } from '../pack.ts'
import { present, readOptionalText, readWord } from './read-basics.ts'
import { readCounterUse } from './read-counter.ts'
import { readOptionalExpression, readValue } from './read-value.ts'
import type { Scope } from './scope.ts'
import { child, itemsOf, type SourceNode } from './source-node.ts'

/** `bands`, or `rate` as their short form; undefined when the benefit has neither. */
export function readBands(benefit: SourceNode, benefitId: string, scope: Scope): Bands | undefined {
  const [rate, bands] = [child(benefit, 'rate'), child(benefit, 'bands')]
  if (rate === undefined && bands === undefined) return undefined
  if (rate !== undefined && bands !== undefined) {
    scope.findings.at(rate, 'PACK_EITHER_OR', { keys: 'rate, bands' })
  }
  return {
    axis:
      readWord(child(benefit, 'axis'), ['includingDeductible', 'aboveDeductible']) ??
      'includingDeductible',
    counter: bandsCounter(benefit, benefitId, scope),
    rows:
      bands === undefined
        ? [{ rate: readValue(rate, 'rate', scope) }]
        : readBandRows(itemsOf(bands), scope),
    rounding: readWord(child(benefit, 'rounding'), ['band', 'benefit']) ?? 'band',
  }
}

function bandsCounter(benefit: SourceNode, benefitId: string, scope: Scope): Bands['counter'] {
  const wanted = {
    name: `${benefitId}.bands`,
    unit: 'fen',
    keys: { per: 'bandsPer', counter: 'bandsCounter' },
    perDefault: { type: 'visit' },
  } as const
  return readCounterUse(benefit, wanted, scope)
}

/** Only the last band may lack an edge; edges that are plain amounts must rise. */
function readBandRows(nodes: readonly SourceNode[], scope: Scope): readonly Band[] {
  const rows = nodes.map((node) => {
    const upTo = child(node, 'upTo')
    return {
      ...present('upTo', upTo && readValue(upTo, 'money', scope)),
      rate: readValue(child(node, 'rate'), 'rate', scope),
    }
  })
  let below = 0
  for (const [index, row] of rows.entries()) {
    const node = nodes[index]
    if (node === undefined) continue
    if (row.upTo === undefined) {
      if (index < rows.length - 1) scope.findings.at(node, 'PACK_BAND_OPEN', {})
      continue
    }
    const edge = literalFen(row.upTo)
    if (edge !== undefined && edge <= below) {
      scope.findings.at(child(node, 'upTo') ?? node, 'PACK_BANDS_NOT_RISING', {})
    }
    below = edge ?? below
  }
  return rows
}

function literalFen(value: Value): number | undefined {
  return value.type === 'literal' ? value.num : undefined
}

const ADJUSTMENTS = ['add', 'subtract', 'multiply', 'set'] as const

/** `[{ when, subtract: 15%, clause }, { add: 5% }, { multiply: 80% }, { set: 60% }]`. */
export function readAdjustments(node: SourceNode | undefined, scope: Scope): readonly Adjustment[] {
  return itemsOf(node).flatMap((item) => {
    const [op, second] = ADJUSTMENTS.filter((name) => child(item, name) !== undefined)
    if (op === undefined || second !== undefined) {
      scope.findings.at(item, 'PACK_EITHER_OR', { keys: ADJUSTMENTS.join(', ') })
      return []
    }
    return [
      {
        ...present('when', readOptionalExpression(child(item, 'when'), scope)),
        op,
        rate: readValue(child(item, op), op === 'multiply' ? 'factor' : 'rate', scope),
        ...present('clause', readOptionalText(child(item, 'clause'))),
      },
    ]
  })
}
