import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { searchPacks } from '../../src/checking/search.ts'
import { defaultProfile } from '../../src/cases/default-profile.ts'
import { runPackCases } from '../../src/cases/pack-cases.ts'
import type { Problem } from '../../src/errors/problem.ts'
import { listPackFiles } from '../../src/files/pack-files.ts'
import { staticProblems } from '../../src/rules/check/static-problems.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import { assembleVersions } from '../../src/rules/read/assemble.ts'
import { readPacks, type PackFile } from '../../src/rules/read/read-packs.ts'
import { plainData } from '../../src/rules/read/source-node.ts'
import { readSourceTree } from '../../src/rules/read/source-tree.ts'
import { problemFaults, settlementFaults } from './answer-faults.ts'
import { attempt, type Attempt } from './bill-attack.ts'
import { sound } from './bill-seeds.ts'
import type { Chance } from './chance.ts'
import { mutated, mutatedText } from './mutate.ts'

/** A file of packs that reads, its text and its documents as data. */
export interface PackSeed {
  readonly folder: string
  readonly text: string
  readonly trees: readonly unknown[]
}

export function packSeeds(root: string): readonly PackSeed[] {
  const folders = ['rules', 'test/conformance/packs', 'test/conformance/hand/packs']
  return folders
    .flatMap((folder) => sound(listPackFiles(join(root, folder)), folder))
    .map((file) => {
      const text = readFileSync(file, 'utf8')
      const trees = sound(readSourceTree(text, file), file)
      return { folder: dirname(file), text, trees: trees.map((one) => plainData(one, 'typed')) }
    })
}

/** Reads, checks and tries one mutant of one of `seeds`. */
export function attackPack(seeds: readonly PackSeed[], chance: Chance): Attempt {
  const seed = chance.anyOf(seeds)
  if (seed === undefined) throw new Error('there are seeds')
  const text =
    chance.below(3) === 0
      ? mutatedText(seed.text, chance)
      : seed.trees.map((tree) => JSON.stringify(mutated(tree, chance)) ?? '').join('\n---\n')
  const isTried = chance.below(8) === 0
  return attempt(text, () => outcomeOf(text, seed.folder, isTried))
}

function outcomeOf(text: string, folder: string, isTried: boolean): Omit<Attempt, 'input'> {
  const read = readPacks(text, 'mutant.yaml', (list) => listText(join(folder, list)))
  if (!read.ok) return refused(read.problems, true)
  const versions = versionsOf(read.value)
  if (!versions.ok) return refused(versions.problems, true)
  const packs = versions.value
  const problems = packs.flatMap((pack) => staticProblems(pack, packs))
  const compiled = packs.flatMap((pack) => {
    const result = compilePack(pack)
    return result.ok ? [result.value] : []
  })
  const cases = compiled.flatMap((pack) => runPackCases(pack, defaultProfile()))
  const faults = cases.flatMap((item) => [
    ...(item.problems.length > 0 ? problemFaults(item.problems) : []),
    ...(item.settlement === undefined ? [] : settlementFaults(item.settlement)),
  ])
  if (problems.length > 0) {
    const { outcome, faults: more } = refused(problems, false)
    return { outcome, faults: [...faults, ...more] }
  }
  if (isTried) searchPacks({ profile: defaultProfile(), packs: compiled }, { settlements: 200 })
  return { outcome: 'read', faults }
}

function versionsOf({ amendments, packs }: PackFile): ReturnType<typeof assembleVersions> {
  // A notice alone in a mutant has nothing to change; that is refused too.
  return assembleVersions(packs, amendments)
}

function refused(problems: readonly Problem[], isPlaced: boolean): Omit<Attempt, 'input'> {
  const lost = problems.filter(
    ({ code, column, line }) =>
      isPlaced && code !== 'PACK_PROBLEMS_CUT' && !(Number(line) > 0 && Number(column) > 0),
  )
  const faults = lost.map(({ code }) => `${code} without a place`)
  return { outcome: problems[0]?.code ?? '', faults: [...problemFaults(problems), ...faults] }
}

function listText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
