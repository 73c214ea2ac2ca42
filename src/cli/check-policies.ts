import { isInForce } from '../rules/effective.ts'
import type { Bill } from '../adjudication/bill.ts'
import type { InForce } from '../adjudication/in-force.ts'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import { problem, type Problem } from '../errors/problem.ts'
import type { BillDocument } from '../protocol/bill-document.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { DateBasis, RulePack } from '../rules/pack.ts'
import { nearestWord } from '../rules/read/nearest.ts'

/** Policies of the bill that pay nothing because no pack is there for them on the day that counts. */
export function idlePolicies(
  { bill, coverage }: Pick<BillDocument, 'bill' | 'coverage'>,
  { packs, profile }: InForce,
): readonly Problem[] {
  if (bill.supplement !== undefined) return []
  const rules = packs.map(({ pack }) => pack)
  return coverage.policies.flatMap((policy, index) => {
    const { id, product } = policy
    if (typeof id !== 'string' || typeof product !== 'string' || bill.without.includes(id))
      return []
    const where = `policies[${index}].product`
    const versions = rules.filter((pack) => pack.product === product)
    const [first] = versions
    if (first === undefined) {
      const nearest = nearestWord(product, [...new Set(rules.map((pack) => pack.product))])
      return [problem('CLI_POLICY_WITHOUT_PACK', where, { policy: id, product, nearest })]
    }
    const basis = (pack: RulePack) => pack.effective.by ?? profile.yearBy
    if (versions.some((pack) => isAtWork(pack, policy, daysOf(bill, basis(pack))))) return []
    const by = basis(first)
    const day = formatEpochDay(daysOf(bill, by)[0] ?? bill.settlementDay)
    return [problem('CLI_POLICY_NOT_IN_FORCE', where, { policy: id, product, day, by })]
  })
}

/** Days that may choose the version, by the date the pack goes by. */
function daysOf({ lines, settlementDay, visit }: Bill, by: DateBasis): readonly number[] {
  if (by === 'settlement') return [settlementDay]
  if (by === 'line') return [...new Set(lines.map(({ day }) => day))]
  const start = dayOf(visit, 'start')
  const day = by === 'discharge' ? (dayOf(visit, 'end') ?? start) : start
  return day === undefined ? [] : [day]
}

function isAtWork(pack: RulePack, policy: FactSheet, days: readonly number[]): boolean {
  const start = dayOf(policy, 'start') ?? -Infinity
  const end = dayOf(policy, 'end') ?? Infinity
  return days.some((day) => isInForce(pack, day) && start <= day && day <= end)
}

function dayOf(facts: FactSheet, name: string): number | undefined {
  const value = facts[name]
  return typeof value === 'number' ? value : undefined
}
