import type { RegistryEntry } from '../../src/ledger/record.ts'
import type { HospitalEntry, PersonEntry } from '../../src/registry/entries.ts'

/*
 * Who is insured and where: two persons of one family who share a policy and a group's budget, one in the strict jurisdiction,
 * one whose coverage ends with the year, one of a place without rules.
 */

const YEAR = { start: '2025-03-01', end: '2026-02-28' }
const NEW_YEAR = { start: '2026-01-01', end: '2026-12-31' }

export const P1: PersonEntry = {
  id: 'P1',
  jurisdiction: 'keep',
  familyId: 'F1',
  facts: { age: 40, sex: 'male', insutype: '310' },
  identities: [{ word: '低保', from: '2025-01-01', to: '2025-12-31' }],
  coverage: [
    { from: '2025-01-01', to: '2025-12-31', facts: { tier: 1 } },
    { from: '2026-01-01', facts: { tier: 2 } },
  ],
  policies: [
    { id: 'C1', product: 'keep/citizen', ...YEAR, preExisting: false },
    { id: 'D1', product: 'keep/daily', ...YEAR },
    { id: 'F1', product: 'keep/family', ...NEW_YEAR },
    { id: 'G1', product: 'keep/group', ...YEAR, groupId: 'G' },
    { id: 'SH', product: 'keep/citizen', ...YEAR, priority: 2, preExisting: false, shared: true },
  ],
}

const P2: PersonEntry = {
  id: 'P2',
  jurisdiction: 'keep',
  familyId: 'F1',
  facts: { age: 38, sex: 'female', insutype: '310', tier: 2 },
  identities: [{ word: '低保', from: '2025-12-01' }],
  coverage: [{ from: '2025-01-01', facts: {} }],
  policies: [
    { id: 'F2', product: 'keep/family', ...YEAR },
    { id: 'G2', product: 'keep/group', ...YEAR, groupId: 'G' },
    { id: 'SH', product: 'keep/citizen', ...YEAR, priority: 2, preExisting: true, shared: true },
  ],
}

const P3: PersonEntry = {
  id: 'P3',
  jurisdiction: 'strict',
  facts: { age: 61, sex: 'female', insutype: '310' },
  identities: [],
  coverage: [{ from: '2025-01-01', facts: { civilServant: true } }],
  policies: [{ id: 'S3', product: 'strict/citizen', ...YEAR }],
}

const P4: PersonEntry = {
  id: 'P4',
  jurisdiction: 'strict',
  facts: { age: 19, sex: 'male', insutype: '390', civilServant: false },
  identities: [],
  coverage: [{ from: '2025-06-01', to: '2025-12-31', facts: {} }],
  policies: [],
}

const P5: PersonEntry = {
  id: 'P5',
  jurisdiction: 'nowhere',
  facts: {},
  identities: [],
  coverage: [{ from: '2025-01-01', facts: {} }],
  policies: [],
}

const H1: HospitalEntry = { id: 'H1', facts: { level: 2, region: '310000' } }
const H2: HospitalEntry = { id: 'H2', facts: { level: 3 } }

/** The register before a history begins. */
export const REGISTER: readonly RegistryEntry[] = [
  ...[P1, P2, P3, P4, P5].map(person),
  ...[H1, H2].map(hospital),
  { kind: 'supplier', id: 'SUP', entry: { id: 'SUP', name: '药厂' } },
]

/** What a history may change in it. */
export const CHANGES: readonly RegistryEntry[] = [
  person({ ...P1, identities: [{ word: '低保', from: '2025-01-01' }] }),
  person({ ...P1, coverage: [{ from: '2025-01-01', facts: { tier: 1 } }] }),
  person({ ...P1, policies: P1.policies.slice(2) }),
  person({ ...P1, familyId: 'F9' }),
  person({ ...P2, facts: { ...P2.facts, tier: 1 } }),
  person({
    ...P2,
    policies: P2.policies.slice(0, 2),
    coverage: [{ from: '2026-01-02', facts: {} }],
  }),
  { kind: 'person', id: 'P2', entry: undefined },
  person(P2),
  person({ ...P3, coverage: [{ from: '2025-01-01', facts: { civilServant: false } }] }),
  person({ ...P4, coverage: [{ from: '2025-06-01', facts: {} }] }),
  person({ ...P3, jurisdiction: 'keep', facts: { ...P3.facts, tier: 2 }, policies: [] }),
  hospital({ ...H1, facts: { level: 1 } }),
  { kind: 'hospital', id: 'H2', entry: undefined },
  hospital(H2),
]

function person(entry: PersonEntry): RegistryEntry {
  return { kind: 'person', id: entry.id, entry }
}

function hospital(entry: HospitalEntry): RegistryEntry {
  return { kind: 'hospital', id: entry.id, entry }
}
