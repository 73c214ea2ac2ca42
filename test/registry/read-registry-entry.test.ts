import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRegistryEntry } from '../../src/registry/read-registry-entry.ts'
import { REGISTRY_KINDS } from '../../src/registry/entries.ts'
import type { Tree } from '../protocol/documents.ts'
import { entryRefusals, person, personTree, valueOf } from './builders.ts'

describe('readRegistryEntry', () => {
  it('brings a person into the normal form', () => {
    expect(JSON.stringify(person())).toBe(
      JSON.stringify({
        id: 'P1',
        jurisdiction: 'demo',
        facts: { age: 35, sex: 'female' },
        identities: [{ word: '低保', from: '2022-01-01', to: '2022-12-31' }],
        coverage: [
          { from: '2022-01-01', to: '2022-12-31', facts: { insutype: '390', tier: 2 } },
          { from: '2023-01-01', facts: { insutype: '310', psnType: '1101' } },
        ],
        policies: [
          { id: 'X1', product: 'demo/other', start: '2023-01-01', end: '2023-12-31', priority: 2 },
          { id: 'X2', product: 'demo/plan', start: '2023-01-01', end: '2023-12-31', shared: true },
        ],
      }),
    )
  })

  it('leaves out what is not stated', () => {
    const bare = { psn_no: 7, jurisdiction: 'demo', coverage: [], familyId: '', facts: null }
    expect(valueOf(readRegistryEntry('person', bare)).entry).toEqual({
      id: '7',
      jurisdiction: 'demo',
      facts: {},
      identities: [],
      coverage: [],
      policies: [],
    })
  })

  it('reads hospitals, suppliers and holders of policies', () => {
    const read = (kind: 'hospital' | 'supplier' | 'policy', tree: object) =>
      valueOf(readRegistryEntry(kind, tree))
    expect(
      read('hospital', { fixmedins_code: 'H1', facts: { hosp_lv: '02', level: '3' } }),
    ).toEqual({
      kind: 'hospital',
      id: 'H1',
      entry: { id: 'H1', facts: { level: 3, grade: '02' } },
    })
    expect(read('supplier', { id: 'S', name: 'Ａ\u200B公司' }).entry).toEqual({
      id: 'S',
      name: 'Ａ公司',
    })
    expect(read('policy', { id: 'X', holder: 'P1' }).entry).toEqual({ id: 'X', holder: 'P1' })
    expect(read('policy', { id: 'X', shared: true }).entry).toEqual({ id: 'X', shared: true })
  })
})

describe('readRegistryEntry refuses', () => {
  const period = (from: string, to?: string) => ({ from, to, facts: {} })
  const cases: readonly (readonly [string, Tree, readonly string[]])[] = [
    ['a member it does not know', { age: 3 }, ['FIELD_UNKNOWN age']],
    ['a fact it does not know', { facts: { agee: 3 } }, ['FIELD_UNKNOWN facts.agee']],
    ['a fact of another type', { facts: { age: true } }, ['FACT_NOT_INTEGER facts.age']],
    ['a fact outside its values', { facts: { sex: '3' } }, ['FACT_NOT_ALLOWED facts.sex']],
    ['money below zero', { facts: { income: '-1' } }, ['FACT_NEGATIVE facts.income']],
    ['the id among the facts', { facts: { psn_no: 'P1' } }, ['REGISTER_FACT_APART facts.psn_no']],
    [
      'identities without a period',
      { facts: { identities: ['低保'], psn_idet_type: '23' } },
      ['REGISTER_FACT_APART facts.identities', 'REGISTER_FACT_APART facts.psn_idet_type'],
    ],
    [
      'no id, jurisdiction or coverage',
      { id: '', jurisdiction: null, coverage: undefined },
      ['FIELD_MISSING id', 'FIELD_MISSING jurisdiction', 'FIELD_MISSING coverage'],
    ],
    ['two names of the id', { psn_no: 'P1' }, ['FIELD_STATED_TWICE psn_no']],
    ['an id with |', { id: 'a|b' }, ['TEXT_CHARACTER_FORBIDDEN id']],
    [
      'a period that ends before it begins',
      { coverage: [period('2023-01-02', '2023-01-01')] },
      ['END_BEFORE_START coverage[0].to'],
    ],
    [
      'a period without a beginning',
      { coverage: [{ to: '2023-01-01' }] },
      ['FIELD_MISSING coverage[0].from'],
    ],
    [
      'a date that is none',
      { coverage: [period('2023-02-29')] },
      ['FACT_NOT_DATE coverage[0].from'],
    ],
    [
      'coverage periods that share a day',
      { coverage: [period('2023-01-31', '2023-02-28'), period('2023-01-01', '2023-01-31')] },
      ['REGISTER_PERIODS_OVERLAP coverage[0].from'],
    ],
    [
      'a coverage period after one without an end',
      { coverage: [period('2023-01-01'), period('2024-01-01', '2024-12-31')] },
      ['REGISTER_PERIODS_OVERLAP coverage[1].from'],
    ],
    [
      'one identity twice on a day',
      {
        identities: [
          { word: '低保', from: '2023-01-01' },
          { word: '特困', from: '2023-01-01' },
          { psn_idet_type: '低保', from: '2022-01-01', to: '2023-01-01' },
        ],
      },
      ['REGISTER_PERIODS_OVERLAP identities[0].from'],
    ],
    [
      'a fact of the person and of a period',
      { facts: { tier: 1 }, coverage: [{ from: '2023-01-01', facts: { tier: 1 } }] },
      ['REGISTER_FACT_TWICE coverage[0].facts'],
    ],
    [
      'a policy twice',
      {
        policies: [
          { id: 'X', product: 'p' },
          { id: 'X', product: 'q' },
        ],
      },
      ['POLICY_REPEATED policies[1].id'],
    ],
    [
      'a policy without a product, ending before it begins',
      { policies: [{ id: 'X', start: '2023-02-01', end: '2023-01-01', shared: 'yes' }] },
      [
        'FIELD_MISSING policies[0].product',
        'END_BEFORE_START policies[0].end',
        'FACT_NOT_BOOLEAN policies[0].shared',
      ],
    ],
    [
      'a list that is none',
      { policies: {}, coverage: 1 },
      ['FIELD_NOT_LIST coverage', 'FIELD_NOT_LIST policies'],
    ],
  ]
  it.each(cases)('%s', (_, changes, expected) => {
    expect(entryRefusals('person', personTree(changes))).toEqual(expected)
  })

  it('a policy with and without a holder', () => {
    const unclear = ['POLICY_HOLDER_UNCLEAR holder']
    expect(entryRefusals('policy', { id: 'X' })).toEqual(unclear)
    expect(entryRefusals('policy', { id: 'X', shared: false })).toEqual(unclear)
    expect(entryRefusals('policy', { id: 'X', holder: 'P', shared: true })).toEqual(unclear)
  })

  it.each(REGISTRY_KINDS)('what is no object as %s', (kind) => {
    expect(entryRefusals(kind, [])).toContain('FIELD_NOT_OBJECT ')
  })
})

const day = fc.integer({ min: 1, max: 28 }).map((of) => `2023-01-${String(of).padStart(2, '0')}`)
const facts = fc.record(
  {
    gend: fc.constantFrom('1', 'female', '9', 2),
    age: fc.oneof(
      fc.nat(120),
      fc.nat(120).map((age) => `${age}.0`),
    ),
    income: fc.integer({ min: 0, max: 9_999_999 }).map((amount) => amount / 100),
    retired: fc.boolean(),
    tags: fc.array(fc.constantFrom('a', 'b', '丙'), { maxLength: 3 }),
  },
  { requiredKeys: [] },
)
const personArbitrary = fc.record(
  {
    id: fc.constantFrom('P1', 17),
    jurisdiction: fc.constant('demo'),
    familyId: fc.constantFrom('F1', '', null),
    facts,
    coverage: fc.array(
      fc.record({
        from: day,
        to: fc.oneof(day, fc.constant('')),
        facts: fc.constant({ tier: '2' }),
      }),
      { maxLength: 3 },
    ),
    identities: fc.array(
      fc.record({ word: fc.constantFrom('低保', '特困', '23'), from: day, to: day }),
    ),
    policies: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('X1', 'X2', 'X3', 'X10'),
        product: fc.constant('p'),
        start: day,
        shared: fc.boolean(),
        insuredAge: fc.constantFrom('3', 4, null),
      }),
      { selector: ({ id }) => id },
    ),
  },
  { requiredKeys: ['id', 'jurisdiction', 'coverage'] },
)

describe('the normal form', () => {
  it('is its own normal form, whatever order and spelling it was made from', () => {
    let accepted = 0
    fc.assert(
      fc.property(personArbitrary, (tree) => {
        const read = readRegistryEntry('person', tree)
        const backwards = readRegistryEntry('person', reversed(tree))
        expect(backwards.ok).toBe(read.ok)
        if (!read.ok || !backwards.ok) return
        accepted += 1
        const bytes = JSON.stringify(read.value.entry)
        expect(JSON.stringify(backwards.value.entry)).toBe(bytes)
        const again = valueOf(readRegistryEntry('person', JSON.parse(bytes)))
        expect(JSON.stringify(again.entry)).toBe(bytes)
      }),
      { numRuns: 2_000 },
    )
    expect(accepted).toBeGreaterThan(200)
  })
})

/** The same content, members of objects and lists of objects the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value
    return list.every((one) => typeof one === 'string') ? list : list.map(reversed).toReversed()
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]): [string, unknown] => [key, reversed(member)])
      .toReversed(),
  )
}
