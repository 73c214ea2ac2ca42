import { problem, type Problem } from '../../errors/problem.ts'
import { fen } from '../../money/fen.ts'
import type { PackKind } from '../kind.ts'
import type { RulePack } from '../pack.ts'
import type { Profile } from '../profile.ts'
import { benefitViews, sampleOf } from './benefit-view.ts'

/** Benefits that require a kind of layer which the profile lets settle only after them. */
export function orderProblems(pack: RulePack, profile: Profile): readonly Problem[] {
  const own = rankOf(profile, pack.kind, pack.product)
  return benefitViews(pack).flatMap((view) =>
    view.benefit.requiresSettled.flatMap((required, index) => {
      if (rankOf(profile, required) <= own) return []
      const where = `${view.where}.requiresSettled[${index}]`
      const { kind } = pack
      const sample = sampleOf(view, new Map(), fen(12_000_000))
      const details = { benefit: view.benefit.id, required, profile: profile.id, kind, sample }
      return [problem('CHECK_ORDER_IMPOSSIBLE', where, details)]
    }),
  )
}

/** Kinds that the profile does not name come last. */
function rankOf({ order }: Profile, kind: PackKind, product?: string): number {
  const rank = order.findIndex(
    ({ kinds, products }) =>
      kinds.includes(kind) &&
      (products === undefined || product === undefined || products.includes(product)),
  )
  return rank < 0 ? order.length : rank
}
