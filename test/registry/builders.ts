import type { Problem, Result } from '../../src/errors/problem.ts'
import type { HospitalEntry, PersonEntry, RegistryKind } from '../../src/registry/entries.ts'
import { readRegistryEntry } from '../../src/registry/read-registry-entry.ts'
import type { Tree } from '../protocol/documents.ts'

/** A person with two coverage periods, an identity that ended and two policies; `changes` replace whole members. */
export function personTree(changes: Tree = {}): Tree {
  return {
    id: 'P1',
    jurisdiction: 'demo',
    facts: { sex: '2', age: '35.0' },
    identities: [{ word: '低保', from: '2022-01-01', to: '2022-12-31' }],
    coverage: [
      { from: '2023-01-01', facts: { insutype: '310', psn_type: '1101' } },
      { from: '2022-01-01', to: '2022-12-31', facts: { insutype: '390', tier: 2 } },
    ],
    policies: [
      { id: 'X2', product: 'demo/plan', start: '2023-01-01', end: '2023-12-31', shared: true },
      { id: 'X1', product: 'demo/other', start: '2023-01-01', end: '2023-12-31', priority: '2' },
    ],
    ...changes,
  }
}

export function person(changes: Tree = {}): PersonEntry {
  const read = valueOf(readRegistryEntry('person', personTree(changes)))
  if (read.kind !== 'person') throw new TypeError('not a person')
  return read.entry
}

export function hospital(changes: Tree = {}): HospitalEntry {
  const read = valueOf(
    readRegistryEntry('hospital', { id: 'H1', facts: { hosp_lv: '02' }, ...changes }),
  )
  if (read.kind !== 'hospital') throw new TypeError('not a hospital')
  return read.entry
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new TypeError(JSON.stringify(result.problems))
  return result.value
}

export function problemsOf(result: Result<unknown>): readonly Problem[] {
  return result.ok ? [] : result.problems
}

/** `CODE place` of every problem, in order. */
export function refusals(result: Result<unknown>): readonly string[] {
  return problemsOf(result).map(({ code, where }) => `${code} ${where}`)
}

export function entryRefusals(kind: RegistryKind, tree: unknown): readonly string[] {
  return refusals(readRegistryEntry(kind, tree))
}
