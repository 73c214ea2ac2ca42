import type { CompiledPack } from '../rules/compiled.ts'
import { PACK_KINDS } from '../rules/kind.ts'
import type { Profile } from '../rules/profile.ts'

/** A pack with its place in the profile's order, worked out once for all bills. */
export interface LayerPlan {
  readonly compiled: CompiledPack
  /** Place in the profile's order; kinds it does not name come last. */
  readonly rank: number
  readonly kindOrder: number
  /** Layers of this rank share equally. */
  readonly equal: boolean
}

/**
 * The plans of all packs in the order in which they pay, but for what policies say: what is answered does not depend on the
 * order of `packs`.
 */
export function layerPlans(
  { order }: Profile,
  packs: readonly CompiledPack[],
): readonly LayerPlan[] {
  const plans = packs.map((compiled): LayerPlan => {
    const { kind, product } = compiled.pack
    const found = order.findIndex(
      ({ kinds, products }) =>
        kinds.includes(kind) && (products === undefined || products.includes(product)),
    )
    return {
      compiled,
      rank: found < 0 ? order.length : found,
      kindOrder: PACK_KINDS.indexOf(kind),
      equal: order[found]?.sharing === 'equal',
    }
  })
  return plans.sort(
    (one, other) =>
      one.rank - other.rank ||
      one.kindOrder - other.kindOrder ||
      compareTexts(one.compiled.pack.id, other.compiled.pack.id) ||
      compareTexts(one.compiled.pack.hash, other.compiled.pack.hash),
  )
}

export function compareTexts(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
