import type { InForce } from '../adjudication/in-force.ts'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import { problem, type Problem } from '../errors/problem.ts'
import type { BillDocument } from '../protocol/bill-document.ts'
import { nearestWord } from '../rules/read/nearest.ts'

/** Policies of the bill for whose product no pack is loaded, or none that is in force: they pay nothing. */
export function policiesWithoutPack(
  { bill, coverage }: Pick<BillDocument, 'bill' | 'coverage'>,
  { packs }: Pick<InForce, 'packs'>,
): readonly Problem[] {
  const days = [bill.visit['start'], bill.visit['end'], bill.settlementDay].filter(
    (day) => typeof day === 'number',
  )
  return coverage.policies.flatMap((policy, index) => {
    const { id, product } = policy
    if (typeof id !== 'string' || typeof product !== 'string' || bill.without.includes(id))
      return []
    const versions = packs.filter(({ pack }) => pack.product === product)
    const isInForce = versions.some(({ pack: { effective } }) =>
      days.some((day) => effective.from <= day && (effective.to ?? day) >= day),
    )
    if (isInForce) return []
    const where = `policies[${index}].product`
    if (versions.length === 0) {
      const nearest = nearestWord(product, [...new Set(packs.map(({ pack }) => pack.product))])
      return [problem('CLI_POLICY_WITHOUT_PACK', where, { policy: id, product, nearest })]
    }
    const day = formatEpochDay(bill.settlementDay)
    return [problem('CLI_PACK_NOT_IN_FORCE', where, { policy: id, product, day })]
  })
}
