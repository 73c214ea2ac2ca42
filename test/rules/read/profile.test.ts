import { expect, test } from 'vitest'
import { PACK_KINDS } from '../../../src/rules/kind.ts'
import { readPacks } from '../../../src/rules/read/read-packs.ts'

function readOneProfile(text: string) {
  const read = readPacks(text, 'profile.yaml', () => undefined)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const [profile] = read.value.profiles
  if (profile === undefined) throw new Error('no profile was read')
  return profile
}

const HEAD = 'profile: cq\nsource: 示例\neffective: { from: 2023-01-01 }\n'

test('what a profile does not say has its default', () => {
  const { hash, ...profile } = readOneProfile(HEAD)
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(profile).toEqual({
    id: 'cq',
    title: { zh: 'cq', en: 'cq' },
    source: '示例',
    effective: { from: 19358 },
    timeZone: 'Asia/Shanghai',
    yearBy: 'settlement',
    yearStart: { month: 1, day: 1 },
    order: PACK_KINDS.map((kind) => ({ kinds: [kind], sharing: 'listed' })),
    given: {
      basic: ['inScope'],
      funds: ['coinsurance', 'deductible', 'overCap', 'inScope', 'preSelfPay'],
      hospital: [
        'overLimit',
        'preSelfPay',
        'ownPay',
        'inScope',
        'coinsurance',
        'deductible',
        'overCap',
      ],
    },
    hospitalLevels: profile.priceLevels,
    priceLevels: {
      '01': 3,
      '02': 3,
      '03': 3,
      '04': 3,
      '05': 2,
      '06': 2,
      '07': 2,
      '08': 1,
      '09': 1,
      '10': 1,
      '11': 1,
    },
    identities: {},
    retiredPersonTypes: ['12', '13'],
    reversal: { mode: 'keep', days: 365 },
    unmatchedLines: 'refuse',
  })
})

test('ranks are kept as written and the kinds left out follow', () => {
  const { order } = readOneProfile(
    `${HEAD}order:\n  - basic\n  - [major-illness, large-amount]\n  - { kinds: [commercial], sharing: equal, products: [a/b] }\n  - medical-aid\n`,
  )
  expect(order.slice(0, 4)).toEqual([
    { kinds: ['basic'], sharing: 'listed' },
    { kinds: ['major-illness', 'large-amount'], sharing: 'listed' },
    { kinds: ['commercial'], sharing: 'equal', products: ['a/b'] },
    { kinds: ['medical-aid'], sharing: 'listed' },
  ])
  expect(order.slice(4).flatMap(({ kinds }) => kinds)).toEqual([
    'civil-servant',
    'enterprise-supplement',
    'tilt-aid',
    'mutual-aid',
    'long-term-care',
    'hospital',
    'commercial',
    'charity',
  ])
})

test('codes keep their leading zeros and levels their numbers', () => {
  const profile = readOneProfile(
    `${HEAD}hospitalLevels: { 01: 2, "05": 1 }\nidentities: { "23": 低保, 01: 优抚 }\nretiredPersonTypes: [12, "013"]\nreopenStayEveryDays: 180\nyearStart: 07-01\n`,
  )
  expect(profile).toMatchObject({
    hospitalLevels: { '01': 2, '05': 1 },
    priceLevels: { '01': 2, '05': 1 },
    identities: { '23': '低保', '01': '优抚' },
    retiredPersonTypes: ['12', '013'],
    reopenStayEveryDays: 180,
    yearStart: { month: 7, day: 1 },
  })
})
