import type { Catalog } from '../catalog/catalog.ts'
import type { CompiledPack } from '../rules/compiled.ts'
import type { Profile } from '../rules/profile.ts'

/** The rules that may apply: every version whose dates the bill can touch; `settle` chooses among them. */
export interface InForce {
  readonly profile: Profile
  readonly packs: readonly CompiledPack[]
  /** Absent when every bill brings its own classification. */
  readonly catalog?: Catalog
  /** Hashes of packs that are held back: a bill for which one would run is refused. */
  readonly suspended?: ReadonlySet<string>
}
