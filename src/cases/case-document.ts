import type { RulePack } from '../rules/pack.ts'

type Tree = Readonly<Record<string, unknown>>

/** Ids an embedded case may leave out, and the national fields that state the same. */
const DEFAULT_IDS = [
  ['person', 'P', 'psn_no'],
  ['visit', 'V', 'mdtrt_id'],
  ['hospital', 'H', 'fixmedins_code'],
] as const

/**
 * The bill document of an embedded case with what its short form leaves out: ids P, V and H; settled on the last day
 * of the visit; for a pack held by policy, a policy of its product over the calendar year of the visit, changed by
 * the case's `policy`. Counters are left as written.
 */
export function caseDocument(given: unknown, pack: RulePack): Tree {
  const { policy, ...document } = treeOf(given)
  const groups = DEFAULT_IDS.map(([group, id, national]) => {
    const own = treeOf(document[group])
    const isStated = 'id' in own || national in own || national in document
    return [group, isStated ? own : { id, ...own }] as const
  })
  const visit = treeOf(document['visit'])
  const settled = visit['end'] ?? visit['start'] ?? document['endtime'] ?? document['begntime']
  const policies = policiesOf(document['policies'], treeOf(policy), pack, visit['start'])
  return {
    ...(settled === undefined ? {} : { settlementDate: settled }),
    ...document,
    ...Object.fromEntries(groups),
    ...(policies === undefined ? {} : { policies }),
  }
}

function policiesOf(stated: unknown, policy: Tree, pack: RulePack, start: unknown): unknown {
  const isWanted = pack.requiresPolicy || Object.keys(policy).length > 0
  if (stated === undefined && !isWanted) return undefined
  const year = typeof start === 'string' ? start.slice(0, 4) : ''
  const assumed = {
    id: 'POL',
    product: pack.product,
    ...(year === '' ? {} : { start: `${year}-01-01`, end: `${year}-12-31` }),
  }
  if (stated === undefined) return [{ ...assumed, ...policy }]
  if (!Array.isArray(stated)) return stated
  return stated.map((item: unknown) => {
    const own = treeOf(item)
    const isThis = own['product'] === undefined || own['product'] === pack.product
    return isThis ? { ...assumed, ...own, ...policy } : own
  })
}

function treeOf(value: unknown): Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
