import { failureOf, success, type Problem, type Result } from '../errors/problem.ts'
import type { Engine } from '../engine/open-engine.ts'
import type { RegistryEntry } from '../ledger/record.ts'
import { isObject } from '../protocol/section.ts'
import { readRegistryEntry } from '../registry/read-registry-entry.ts'
import type { RegistryKind } from '../registry/entries.ts'

export type Tree = Readonly<Record<string, unknown>>

/** The day before which everybody of the demonstration was insured. */
const ALWAYS = '2000-01-01'

/** A bill as a terminal sends it, and what has to be in the register before. */
export interface SplitDocument {
  readonly bill: Tree
  readonly register: readonly (readonly [RegistryKind, Tree])[]
}

/**
 * Takes apart a bill document that states person, policies and hospital, as a terminal may not. `suffix` tells persons and stays of
 * one bill apart.
 */
export function splitDocument(
  document: unknown,
  jurisdiction: string,
  { suffix, withPolicies }: { readonly suffix: string; readonly withPolicies: boolean },
): SplitDocument {
  const { person, visit, hospital, policies, ...rest } = tree(document)
  const { id: person0, identities, ...facts } = tree(person)
  const { id: hospitalId, ...hospitalFacts } = tree(hospital)
  const id = `${String(person0)}${suffix}`
  const words: readonly unknown[] = Array.isArray(identities) ? identities : []
  const held: readonly unknown[] = withPolicies && Array.isArray(policies) ? policies : []
  const personEntry = {
    id,
    jurisdiction,
    facts,
    identities: words.map((word) => ({ word, from: ALWAYS })),
    coverage: [{ from: ALWAYS }],
    policies: held,
  }
  const stay = `${String(tree(visit)['id'])}${suffix}`
  return {
    bill: { ...rest, person: { id }, visit: { ...tree(visit), id: stay } },
    register: [
      ['person', personEntry],
      ['hospital', { id: hospitalId, facts: hospitalFacts }],
    ],
  }
}

/** Writes the entries that are not there yet, in one batch. */
export async function registerMissing(
  engine: Engine,
  trees: SplitDocument['register'],
): Promise<Result<undefined>> {
  const entries: RegistryEntry[] = []
  const problems: Problem[] = []
  for (const [kind, entryTree] of trees) {
    const read = readRegistryEntry(kind, entryTree)
    if (!read.ok) problems.push(...read.problems)
    else if (engine.registered(kind, read.value.id) === undefined) entries.push(read.value)
  }
  if (problems.length > 0) return failureOf(problems)
  if (entries.length === 0) return success(undefined)
  const written = await engine.registry('demo', entries)
  return written.ok ? success(undefined) : written
}

function tree(value: unknown): Tree {
  return isObject(value) ? value : {}
}
