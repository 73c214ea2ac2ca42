import { failure, failureOf, problem, type Problem, type Result } from '../../errors/problem.ts'
import { PACK_LIMITS } from '../limits.ts'
import type { Profile } from '../profile.ts'
import type { Amendment } from './amend.ts'
import { assembleVersions } from './assemble.ts'
import type { ListReader } from './read-list.ts'
import type { ReadPack } from './read-pack.ts'
import { readPacks } from './read-packs.ts'
import type { UploadBudget } from './upload-budget.ts'

/** Texts by relative path: YAML or JSON of packs, notices and profiles, and the lists that they name. */
export type PackTexts = Readonly<Record<string, string>>

export interface PacksOfTexts {
  readonly packs: readonly ReadPack[]
  readonly profiles: readonly Profile[]
}

const FILES_MAX = 200
export const PACK_FILE = /\.(?:yaml|yml|json)$/
/** Below where it begins, without hidden parts. */
const PATH = /^(?:[\p{L}\p{N}_-][\p{L}\p{N}_.-]*\/)*[\p{L}\p{N}_-][\p{L}\p{N}_.-]*$/u

/** What `readPackFiles` makes of a folder, of texts that come without one. Problems name the paths; of an upload that passes its `budget` nothing else is said. */
export function readPackTexts(texts: PackTexts, budget?: UploadBudget): Result<PacksOfTexts> {
  const paths = Object.keys(texts).toSorted()
  const wrong = paths.find((path) => path.length > 200 || !PATH.test(path))
  if (wrong !== undefined) return filesWrong(wrong.slice(0, 100))
  if (paths.length > FILES_MAX) return filesWrong(`> ${FILES_MAX}`)
  const files = paths.filter((path) => PACK_FILE.test(path))
  if (files.length === 0) return filesWrong('*.yaml?')
  const [packs, amendments, profiles]: [ReadPack[], Amendment[], Profile[]] = [[], [], []]
  const problems: Problem[] = []
  for (const path of files) {
    const text = texts[path] ?? ''
    const read = readText(text, path, listsBeside(path, texts, budget))
    if (budget?.exceeded !== undefined) return failure(budget.exceeded)
    if (!read.ok) {
      problems.push(...read.problems)
      continue
    }
    packs.push(...read.value.packs)
    amendments.push(...read.value.amendments)
    profiles.push(...read.value.profiles)
  }
  if (problems.length > 0) return failureOf(problems)
  const versions = assembleVersions(packs, amendments, budget)
  if (budget?.exceeded !== undefined) return failure(budget.exceeded)
  return versions.ok ? { ok: true, value: { packs: versions.value, profiles } } : versions
}

function readText(text: string, path: string, readFile: ListReader): ReturnType<typeof readPacks> {
  const [bytes, bytesMax] = [Buffer.byteLength(text), PACK_LIMITS.textBytesMax]
  if (bytes > bytesMax) {
    return failure({ ...problem('PACK_TOO_LARGE', '', { bytes, bytesMax }), file: path })
  }
  return readPacks(text, path, readFile)
}

function listsBeside(path: string, texts: PackTexts, budget?: UploadBudget): ListReader {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  return (list) => {
    const name = `${folder}${list.replaceAll(/(^|\/)(?:\.\/)+/g, '$1')}`
    if (!Object.hasOwn(texts, name)) return undefined
    const text = texts[name] ?? ''
    const bytes = Buffer.byteLength(text)
    const isTaken = bytes <= PACK_LIMITS.listBytesMax && (budget?.takesList(bytes) ?? true)
    return isTaken ? text : { refused: 'tooLarge', bytes }
  }
}

function filesWrong<T>(why: string): Result<T> {
  return failure(problem('PACK_FILES_WRONG', 'files', { why }))
}
