import { listJurisdictions } from '../engine/list-jurisdictions.ts'
import type { Engine } from '../engine/open-engine.ts'
import type { Store } from '../engine/ports.ts'

export interface ActivePack {
  readonly jurisdiction: string
  readonly hash: string
}

/** Versions in force, of all jurisdictions. */
export function activePacks(
  store: Pick<Store, 'range'>,
  engine: Pick<Engine, 'rulesState'>,
): readonly ActivePack[] {
  return listJurisdictions(store).flatMap((jurisdiction) => {
    const packs = engine.rulesState(jurisdiction)?.packs ?? []
    return packs
      .filter(({ state }) => state === 'active')
      .map(({ hash }) => ({ jurisdiction, hash }))
  })
}
