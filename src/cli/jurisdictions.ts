import { dirname, relative, sep } from 'node:path'
import type { Origins, PackFiles } from '../files/pack-files.ts'
import type { Profile } from '../rules/profile.ts'
import type { ReadPack } from '../rules/read/read-pack.ts'
import { defaultProfile } from '../cases/default-profile.ts'

/** Packs that can pay one bill together, and the profile that orders them. */
export interface Jurisdiction {
  /** Folder or file they share, as it can be opened. */
  readonly place: string
  readonly profile: Profile
  /** The profile was found, not put in its place. */
  readonly hasProfile: boolean
  readonly packs: readonly ReadPack[]
}

/**
 * The jurisdictions below `path`. With one profile or none everything belongs together; with several each profile
 * takes the packs of the nearest folder around it that holds any, and what no profile takes goes folder by folder.
 */
export function jurisdictionsOf(path: string, files: PackFiles): readonly Jurisdiction[] {
  const { origins, packs, profiles } = files
  const [only, another] = profiles
  if (another === undefined) {
    const profile = only ?? defaultProfile()
    return packs.length === 0
      ? []
      : [{ place: path, profile, hasProfile: only !== undefined, packs }]
  }
  const places = new Map(packs.map((pack) => [pack, fileOf(pack, packs, origins)]))
  const within = (folder: string) =>
    packs.filter((pack) => isBelow(places.get(pack) ?? path, folder))
  const profiled = profiles.map((profile): Jurisdiction => {
    const place = folderAround(origins.get(profile)?.file ?? path, path, within)
    return { place, profile, hasProfile: true, packs: within(place) }
  })
  const taken = new Set(profiled.flatMap((one) => one.packs))
  const folders = packs
    .filter((pack) => !taken.has(pack))
    .map((pack) => firstFolder(places.get(pack) ?? path, path))
  const others = [...new Set(folders)].map((place): Jurisdiction => {
    return { place, profile: defaultProfile(), hasProfile: false, packs: within(place) }
  })
  return [...profiled, ...others].filter((one) => one.packs.length > 0)
}

/** File of a pack; a version that a notice made counts as where its pack was read. */
function fileOf(pack: ReadPack, packs: readonly ReadPack[], origins: Origins): string | undefined {
  const read = packs.find((other) => other.id === pack.id && origins.has(other))
  return (origins.get(pack) ?? (read && origins.get(read)))?.file
}

function isBelow(file: string, place: string): boolean {
  return file === place || !relative(place, file).startsWith('..')
}

/** The nearest folder around `file`, not above `top`, in which `within` finds packs; the file itself if it holds any. */
function folderAround(
  file: string,
  top: string,
  within: (place: string) => readonly ReadPack[],
): string {
  let place = file
  while (within(place).length === 0 && place !== top && place !== dirname(place)) {
    place = dirname(place)
  }
  return place
}

/** The folder directly below `top` that holds `file`, or the file. */
function firstFolder(file: string, top: string): string {
  const [first = ''] = relative(top, file).split(sep)
  return first === '' ? file : `${top}${top.endsWith(sep) ? '' : sep}${first}`
}
