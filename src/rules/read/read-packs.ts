import type { Result } from '../../errors/problem.ts'
import { PACK_LIMITS } from '../limits.ts'
import type { Profile } from '../profile.ts'
import { readAmendment, type Amendment } from './amend.ts'
import { refuseOversized } from './bounds.ts'
import { Findings } from './findings.ts'
import type { ListReader } from './read-list.ts'
import { readPack, type ReadPack } from './read-pack.ts'
import { readProfile } from './read-profile.ts'
import { checkStructure } from './schema-issues.ts'
import { child, entriesOf, type SourceNode } from './source-node.ts'
import { readSourceTree } from './source-tree.ts'

/** What one file holds, in file order. */
export interface PackFile {
  readonly packs: readonly ReadPack[]
  readonly amendments: readonly Amendment[]
  readonly profiles: readonly Profile[]
}

/**
 * Reads a YAML or JSON file of packs (`pack:`), notices (`amends:`) and profiles (`profile:`), several separated by
 * `---`. `file` is only what problems call it; `readFile` gives list files by their path beside it. Wrong input is
 * refused with every problem found, each with its path, line and column; nothing is guessed and nothing thrown.
 */
export function readPacks(text: string, file: string, readFile: ListReader): Result<PackFile> {
  const trees = readSourceTree(text, file)
  if (!trees.ok) return trees
  const findings = new Findings(file)
  const [packs, amendments, profiles]: [ReadPack[], Amendment[], Profile[]] = [[], [], []]
  if (trees.value.length === 0) {
    findings.at({ kind: 'list', items: [], where: '', line: 1, column: 1 }, 'PACK_FILE_EMPTY')
  }
  const [count, countMax] = [trees.value.length, PACK_LIMITS.documentsMax]
  const excess = trees.value[countMax]
  if (excess !== undefined) findings.at(excess, 'PACK_TOO_MANY', { count, countMax })
  for (const tree of trees.value.slice(0, countMax)) {
    const heading = headingOf(tree)
    if (heading === undefined) {
      const keys = entriesOf(tree).map(({ key }) => key)
      findings.at(tree, 'PACK_DOCUMENT_UNKNOWN', { keys: keys.slice(0, 10).join(', ') || '–' })
      continue
    }
    if (refuseOversized(tree, findings)) continue
    checkStructure(tree, heading === 'profile' ? 'profile' : 'pack', findings)
    if (heading === 'pack') packs.push(readPack(tree, readFile, findings))
    else if (heading === 'amends') amendments.push(readAmendment(tree, findings))
    else profiles.push(readProfile(tree, findings))
  }
  return findings.result(() => ({ packs, amendments, profiles }))
}

const HEADINGS = ['pack', 'amends', 'profile'] as const

/** Which kind of document it is, by the key that names it. */
function headingOf(tree: SourceNode): (typeof HEADINGS)[number] | undefined {
  return HEADINGS.find((key) => child(tree, key) !== undefined)
}
