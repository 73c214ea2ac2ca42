import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parseEpochDay } from '../../src/catalog/epoch-day.ts'
import { registerPlainly } from '../../src/registry/plain-register.ts'
import { registerCarefully, type Registered } from '../../src/registry/with-register.ts'
import { Chance } from '../hostile/chance.ts'
import { mutated } from '../hostile/mutate.ts'
import { asTree, billTree, type Tree } from '../protocol/documents.ts'
import { hospital, person } from './builders.ts'

const REGISTERED: readonly Registered[] = [
  { person: person(), hospital: hospital() },
  { person: person({ familyId: 'F1', policies: [] }), hospital: hospital() },
  {
    person: person({ facts: { tags: ['a'], psnType: '1101' }, coverage: [{ from: '1990-01-01' }] }),
    hospital: hospital({ facts: {} }),
  },
  { person: person(), hospital: undefined },
  { person: undefined, hospital: hospital() },
]

/** Whether the plain way completes `bill`; where it does, the careful one gives the same, in the same order. */
function isPlain(bill: unknown, registered = REGISTERED[0], date = '2023-03-10'): boolean {
  const context = { day: parseEpochDay(date) ?? 0, requestHospital: 'H1' }
  if (registered === undefined) throw new TypeError('nobody is registered')
  const plain = registerPlainly(bill, registered, context)
  if (plain === undefined) return false
  const careful = registerCarefully(bill, registered, context)
  if (!careful.ok) throw new Error(JSON.stringify([careful.problems, bill]))
  expect(isDeepStrictEqual(plain, careful.value), JSON.stringify([plain, careful.value])).toBe(true)
  expect(JSON.stringify(plain)).toBe(JSON.stringify(careful.value))
  return true
}

const bare = (changes: Tree = {}) =>
  billTree({ person: { id: 'P1' }, hospital: undefined, ...changes })

describe('bills that must be completed plainly', () => {
  test.each<[string, Tree]>([
    ['only an id', bare()],
    ['facts of its own', bare({ person: { id: 'P1', student: true }, hospital: { level: '3' } })],
    ['a fact written as the register has it', bare({ person: { id: 'P1', insutype: '310' } })],
    ['its hospital', bare({ hospital: { id: 'H1', grade: '02' } })],
  ])('%s', (_, bill) => {
    expect(isPlain(bill)).toBe(true)
    expect(isPlain(bill, REGISTERED[1])).toBe(true)
  })
})

test.each<[string, Tree]>([
  ['another name', bare({ person: { psn_no: 'P1' } })],
  ['a flat fact', bare({ insutype: '310' })],
  ['what only the register states', bare({ familyId: 'F1' })],
  ['an identity', bare({ person: { id: 'P1', identities: [] } })],
  ['a difference', bare({ person: { id: 'P1', insutype: '390' } })],
  ['another spelling', bare({ person: { id: 'P1', age: '35' } })],
  ['another hospital', bare({ hospital: { id: 'H2' } })],
  ['no object', bare({ hospital: 'H1' })],
])('%s is left to the careful way', (_, bill) => {
  expect(isPlain(bill)).toBe(false)
})

test('mutants, on days in and outside of the coverage', () => {
  const chance = new Chance(9)
  const seeds = [
    bare(),
    bare({ person: { id: 'P1', age: '35', psnType: '1101' }, hospital: { id: 'H1', grade: '02' } }),
    bare({ person: { id: 'P1', tags: ['a'], disabled: false }, hospital: { tags: ['x'] } }),
  ]
  let plain = 0
  for (let made = 0; made < 20_000; made += 1) {
    const seed = asTree(chance.anyOf(seeds))
    const { person: own, hospital: ownHospital, ...rest } = seed
    // Most changes are to what the register looks at.
    const groups = mutated(
      { person: own, hospital: ownHospital, settlementDate: '2023-03-10' },
      chance,
    )
    const bill = chance.below(4) === 0 ? mutated(seed, chance) : { ...rest, ...asTreeOr(groups) }
    const date = chance.oneOf(['2023-03-10', '2022-06-01', '1980-01-01'])
    if (isPlain(bill, chance.anyOf(REGISTERED), date)) plain += 1
  }
  expect(plain).toBeGreaterThan(1_000)
})

function asTreeOr(value: unknown): Tree {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
