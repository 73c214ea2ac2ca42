import { describe, expect, test } from 'vitest'
import { factsRead } from '../../../src/rules/check/facts-read.ts'
import { grantProblems, isCounterGranted } from '../../../src/server/insurers/grant-problems.ts'
import { readGrant } from '../../../src/server/insurers/read-grant.ts'
import { acmeGrant, acmePack, TestSigner, type AcmePack } from './grants.ts'

const { key } = new TestSigner()
const GRANT = acmeGrant([key])

function outside(changed: AcmePack): readonly unknown[] {
  const pack = acmePack(changed)
  return grantProblems(GRANT, { pack, facts: factsRead(pack) }, 'town').map(({ details }) => [
    details['what'],
    details['value'],
  ])
}

describe('a pack leaves its grant', () => {
  test('in nothing, when it keeps to it', () => {
    expect(outside({ when: 'person.age >= 18 && visit.days > 2' })).toEqual([])
  })
  test('with another payer', () => {
    expect(outside({ payer: 'other-insurer' })).toEqual([['payer', 'other-insurer']])
  })
  test('with a public kind', () => {
    expect(outside({ kind: 'basic' })).toEqual([['kind', 'basic']])
  })
  test('with an id of somebody else, which its own counters begin with', () => {
    expect(outside({ id: 'town/acme2' })).toEqual([
      ['id', 'town/acme2'],
      ['product', 'town/acme2'],
    ])
  })
  test('with the product of somebody else', () => {
    expect(outside({ more: 'product: town/product' })).toEqual([['product', 'town/product']])
  })
  test('with a shared counter of somebody else', () => {
    const more = 'counters: { shared-annual: { per: year, shared: true } }'
    expect(outside({ more })).toEqual([['counter', 'shared-annual']])
  })
  test('with another jurisdiction', () => {
    expect(outside({ more: 'jurisdiction: city' })).toEqual([['jurisdiction', 'city']])
    const pack = acmePack()
    expect(grantProblems(GRANT, { pack, facts: [] }, 'city')).toHaveLength(1)
  })
  test('with every fact that no member of it grants, also inside other terms', () => {
    const when = "(person.sex == 'male' ? person.rank : hospital.kind) == 'x'"
    expect(outside({ when })).toEqual([
      ['fact', 'hospital.kind'],
      ['fact', 'person.rank'],
      ['fact', 'person.sex'],
    ])
  })
})

test('a name grants itself and its counters, a beginning everything that begins so', () => {
  const grant = acmeGrant([key], { counters: ['acme', 'pool-'] })
  expect(['acme', 'acme:a', 'pool-1'].every((id) => isCounterGranted(grant, id))).toBe(true)
  expect(['acme2', 'acme2:a', 'poo', 'b/acme'].some((id) => isCounterGranted(grant, id))).toBe(
    false,
  )
})

describe('a grant is read', () => {
  test('as it is written', () => {
    expect(readGrant('acme', GRANT)).toEqual({ ok: true, value: GRANT })
  })
  test.each([
    ['a list', []],
    ['another id', { ...GRANT, id: 'b' }],
    ['an unknown member', { ...GRANT, fact: [] }],
    ['a public kind', { ...GRANT, kinds: ['basic'] }],
    ['a fact that is none', { ...GRANT, facts: ['person.hair'] }],
    ['a missing member', { ...GRANT, payers: undefined }],
    ['the same twice', { ...GRANT, payers: ['a', 'a'] }],
    ['no text', { ...GRANT, counters: [1] }],
    ['a key without a curve', { ...GRANT, keys: [{ ...key, algorithm: 'rsa' }] }],
    ['a key that is too short', { ...GRANT, keys: [{ ...key, publicKey: 'AAAA' }] }],
    [
      'a point off its curve',
      {
        ...GRANT,
        keys: [{ id: 'k', algorithm: 'sm2', publicKey: Buffer.alloc(65, 4).toString('base64') }],
      },
    ],
    ['one key under two ids', { ...GRANT, keys: [key, { ...key, id: 'k2' }] }],
  ])('and refused: %s', (_, value) => {
    const read = readGrant('acme', value)
    expect(read.ok ? [] : [...new Set(read.problems.map(({ code }) => code))]).toEqual([
      'GRANT_WRONG',
    ])
  })
})
