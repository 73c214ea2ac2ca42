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
  return [...store.range('rules')].flatMap(({ key }) => {
    const jurisdiction = String(key)
    const packs = engine.rulesState(jurisdiction)?.packs ?? []
    return packs
      .filter(({ state }) => state === 'active')
      .map(({ hash }) => ({ jurisdiction, hash }))
  })
}
