import { readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import type { Profile } from '../rules/profile.ts'
import type { Amendment } from '../rules/read/amend.ts'
import { assembleVersions } from '../rules/read/assemble.ts'
import type { ReadPack } from '../rules/read/read-pack.ts'
import type { ListReader } from '../rules/read/read-list.ts'
import { readPacks } from '../rules/read/read-packs.ts'
import { decodeUtf8, readBounded } from './read-bounded.ts'
import { PACK_LIMITS } from '../rules/limits.ts'

/** Every version of every pack below a path, those made by notices included, and every profile. */
export interface PackFiles {
  readonly packs: readonly ReadPack[]
  readonly profiles: readonly Profile[]
  /** Where each pack and profile was read; a version that a notice made has no place of its own. */
  readonly origins: Origins
}

export type Origins = ReadonlyMap<ReadPack | Profile, Origin>

export interface Origin {
  /** As it can be opened. */
  readonly file: string
  /** Which of the packs, or of the profiles, of its file; 0-based. */
  readonly index: number
}

const PACK_FILE = /(?<!\.schema)\.(?:yaml|yml|json)$/

/** The manifest of a catalogue, which stands beside packs and is loaded in another way. */
const CATALOG_MANIFEST = 'catalog.json'

/**
 * Reads a file, or every `.yaml`, `.yml` and `.json` file below a folder in order of their names (hidden ones,
 * `*.schema.json` and the manifests of catalogues, `catalog.json`, left out), and applies the notices among them. Problems name files relative to `path`.
 */
export function readPackFiles(path: string): Result<PackFiles> {
  const files = listPackFiles(path)
  if (!files.ok) return files
  const origins = new Map<ReadPack | Profile, Origin>()
  const packs: ReadPack[] = []
  const amendments: Amendment[] = []
  const profiles: Profile[] = []
  const problems: Problem[] = []
  for (const file of files.value) {
    const read = readPackFile(file, relative(path, file) || path)
    if (!read.ok) {
      problems.push(...read.problems)
      continue
    }
    for (const list of [read.value.packs, read.value.profiles]) {
      for (const [index, item] of list.entries()) origins.set(item, { file, index })
    }
    packs.push(...read.value.packs)
    amendments.push(...read.value.amendments)
    profiles.push(...read.value.profiles)
  }
  if (problems.length > 0) return failureOf(listed(problems))
  const versions = assembleVersions(packs, amendments)
  return versions.ok ? success({ packs: versions.value, profiles, origins }) : versions
}

/** What one can read of a folder in which every file is wrong. */
const PROBLEMS_LISTED_MAX = 5_000

function listed(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= PROBLEMS_LISTED_MAX) return problems
  const details = { problems: problems.length, listed: PROBLEMS_LISTED_MAX }
  return [...problems.slice(0, PROBLEMS_LISTED_MAX), problem('PACK_PROBLEMS_CUT', '', details)]
}

/** The files that `readPackFiles` reads below `path`. */
export function listPackFiles(path: string): Result<readonly string[]> {
  try {
    if (!statSync(path).isDirectory()) return success([path])
    const files = filesBelow(path)
    return files.length > 0
      ? success(files)
      : failure(problem('PACK_FOLDER_EMPTY', '', { file: path }))
  } catch (error) {
    return failure(unreadable(path, error))
  }
}

/** Links are followed, as a mounted configuration needs it; each folder is read once, so that circles end. */
function filesBelow(folder: string, seen: Set<string> = new Set()): readonly string[] {
  const real = realpathSync(folder)
  if (seen.has(real)) return []
  seen.add(real)
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && name !== 'node_modules')
    .toSorted()
    .flatMap((name) => {
      const path = join(folder, name)
      const found = statSync(path)
      if (found.isDirectory()) return filesBelow(path, seen)
      return found.isFile() && PACK_FILE.test(name) && name !== CATALOG_MANIFEST ? [path] : []
    })
}

function readPackFile(path: string, name: string): ReturnType<typeof readPacks> {
  try {
    const bytesMax = PACK_LIMITS.textBytesMax
    const read = readBounded(path, bytesMax)
    if ('size' in read) {
      const details = { bytes: read.size, bytesMax }
      return failure({ ...problem('PACK_TOO_LARGE', '', details), file: name })
    }
    const text = decodeUtf8(read.bytes)
    if (text === undefined) return failure({ ...problem('PACK_NOT_UTF8', ''), file: name })
    return readPacks(text, name, (list) => readListFile(dirname(path), list))
  } catch (error) {
    if (!isFileError(error)) throw error
    return failure(unreadable(name, error))
  }
}

/**
 * A list file below the pack's folder; undefined when there is none or it is not text. A link that leads out of the
 * folder would let a pack read any file of the machine into what is shown of it.
 */
function readListFile(folder: string, list: string): ReturnType<ListReader> {
  try {
    const path = realpathSync(resolve(folder, list))
    if (!path.startsWith(join(realpathSync(folder), sep))) return { refused: 'outside' }
    if (!statSync(path).isFile()) return undefined
    const read = readBounded(path, PACK_LIMITS.listBytesMax)
    return 'size' in read ? { refused: 'tooLarge', bytes: read.size } : decodeUtf8(read.bytes)
  } catch (error) {
    if (!isFileError(error)) throw error
    return undefined
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error
}

function unreadable(file: string, error: unknown): Problem {
  if (!isFileError(error)) throw error
  // The error names the file itself, where a link below a folder leads nowhere.
  return problem('PACK_FILE_UNREADABLE', '', {
    file: error.path ?? file,
    why: error.code ?? error.message,
  })
}
