import { ERROR_TRAITS } from '../../errors/codes.ts'
import { parseYuan } from '../../money/fen.ts'
import type { PackCase, PackExpectation } from '../pack.ts'
import type { Findings } from './findings.ts'
import { present, readOptionalText, readText, refuseRepeatedIds } from './read-basics.ts'
import { child, entriesOf, itemsOf, plainData, scalarText, type SourceNode } from './source-node.ts'

/** Embedded cases; amounts expected are in fen, `given` is plain data with numbers as their source text. */
export function readCases(
  node: SourceNode | undefined,
  benefitIds: readonly string[],
  findings: Findings,
): readonly PackCase[] {
  const items = itemsOf(node)
  refuseRepeatedIds(
    items.map((item) => [readText(child(item, 'name')), child(item, 'name') ?? item] as const),
    findings,
  )
  return items.map((item) => {
    return {
      name: readText(child(item, 'name')),
      given: readGiven(item, findings),
      expect: readExpectation(child(item, 'expect'), benefitIds, findings),
      where: item.where,
    }
  })
}

/** The bill with the case's own `policy`, which may stand beside the bill or inside it. */
function readGiven(item: SourceNode, findings: Findings): unknown {
  const [given, policy] = [child(item, 'given'), child(item, 'policy')]
  const bill = Object.fromEntries(
    entriesOf(given).map(({ key, value }) => [key, plainData(value, 'text')]),
  )
  if (policy === undefined) return bill
  if (child(given, 'policy') !== undefined) {
    findings.at(policy, 'PACK_EITHER_OR', { keys: 'policy, given.policy' })
  }
  return { ...bill, policy: plainData(policy, 'text') }
}

function readExpectation(
  node: SourceNode | undefined,
  benefitIds: readonly string[],
  findings: Findings,
): PackExpectation {
  const benefits = child(node, 'benefits')
  const refused = child(node, 'refused')
  for (const { key, value } of entriesOf(benefits)) {
    if (benefitIds.includes(key)) continue
    const nearest = findings.nearest(key, benefitIds)
    findings.at(value, 'PACK_CASE_BENEFIT_UNKNOWN', { benefit: key, nearest })
  }
  const code = readOptionalText(refused)
  if (refused !== undefined && code !== undefined && !Object.hasOwn(ERROR_TRAITS, code)) {
    const nearest = findings.nearest(code, Object.keys(ERROR_TRAITS))
    findings.at(refused, 'PACK_CASE_CODE_UNKNOWN', { refused: code, nearest })
  }
  const amounts = entriesOf(benefits).map(
    ({ key, value }) => [key, readFen(value, findings) ?? 0] as const,
  )
  return {
    ...present('payment', readFen(child(node, 'payment'), findings)),
    ...present('patient', readFen(child(node, 'patient'), findings)),
    ...present('fixed', readFen(child(node, 'fixed'), findings)),
    ...present('benefits', benefits && Object.fromEntries(amounts)),
    ...present('refused', code),
  }
}

function readFen(node: SourceNode | undefined, findings: Findings): number | undefined {
  const text = scalarText(node)
  if (node === undefined || text === undefined) return undefined
  const amount = parseYuan(text)
  if (!amount.ok) findings.adopt(amount.problems, node)
  return amount.ok ? amount.value : undefined
}
