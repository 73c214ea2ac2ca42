import { readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { failure, problem, success, type Problem, type Result } from '../errors/problem.ts'
import type { Profile } from '../rules/profile.ts'
import type { Amendment } from '../rules/read/amend.ts'
import { assembleVersions } from '../rules/read/assemble.ts'
import type { ReadPack } from '../rules/read/read-pack.ts'
import { readPacks } from '../rules/read/read-packs.ts'
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
  if (problems.length > 0) return failure(...problems)
  const versions = assembleVersions(packs, amendments)
  return versions.ok ? success({ packs: versions.value, profiles, origins }) : versions
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

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return filesBelow(path)
      const isPack = PACK_FILE.test(entry.name) && entry.name !== CATALOG_MANIFEST
      return entry.isFile() && isPack ? [path] : []
    })
}

function readPackFile(path: string, name: string): ReturnType<typeof readPacks> {
  try {
    const bytes = statSync(path).size
    const bytesMax = PACK_LIMITS.textBytesMax
    if (bytes > bytesMax) {
      return failure({ ...problem('PACK_TOO_LARGE', '', { bytes, bytesMax }), file: name })
    }
    const text = decodeUtf8(readFileSync(path))
    if (text === undefined) return failure({ ...problem('PACK_NOT_UTF8', ''), file: name })
    return readPacks(text, name, (list) => readListFile(dirname(path), list))
  } catch (error) {
    if (!isFileError(error)) throw error
    return failure(unreadable(name, error))
  }
}

/** A list file below the pack's folder; undefined when there is none or it is not text. */
function readListFile(folder: string, list: string): string | undefined {
  const path = resolve(folder, list)
  try {
    return statSync(path).isFile() ? decodeUtf8(readFileSync(path)) : undefined
  } catch (error) {
    if (!isFileError(error)) throw error
    return undefined
  }
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error
}

function unreadable(file: string, error: unknown): Problem {
  if (!isFileError(error)) throw error
  return problem('PACK_FILE_UNREADABLE', '', { file, why: error.code ?? error.message })
}
