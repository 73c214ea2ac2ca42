import { expect, test } from 'vitest'
import { assembleVersions } from '../../../src/rules/read/assemble.ts'
import { readPacks } from '../../../src/rules/read/read-packs.ts'
import { packText } from './one-pack.ts'

const PACK = packText(
  'base: [inScope]\nrate: $rate\ndeductible: { per: year, amount: $deductible }\nlimits: [{ on: payment, per: year, amount: { multiply: [6, $wage] } }]',
  'parameters: { rate: 80%, deductible: { by: [hospital.level], rows: { 1: 1.00, 2: 2.00, 3: 3.00 } }, wage: 50000.00 }',
).replace('from: 2023-01-01', 'from: 2023-01-01, to: 2023-12-31, by: discharge')

function notice(year: number, parameters: string, amends = 'demo/one'): string {
  return `---
amends: ${amends}
effective: { from: ${year}-01-01, to: ${year}-12-31 }
source: ${year} 年通知
parameters: { ${parameters} }
`
}

function assemble(text: string) {
  const read = readPacks(text, 'x.yaml', () => undefined)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return assembleVersions(read.value.packs, read.value.amendments)
}

test('a notice makes a version with its parameters, dates and source; a later one builds on it', () => {
  const versions = assemble(
    PACK + notice(2025, 'wage: 70000.00') + notice(2024, 'rate: 85%, wage: 60000'),
  )
  expect(versions.ok && versions.value).toMatchObject([
    { effective: { from: 19358, to: 19722, by: 'discharge' }, source: '示例' },
    {
      effective: { from: 19723, to: 20088, by: 'discharge' },
      source: '2024 年通知',
      parameters: {
        rate: { type: 'literal', num: 17, den: 20 },
        wage: { type: 'literal', num: 6000000, den: 1 },
        deductible: { type: 'table' },
      },
    },
    {
      source: '2025 年通知',
      parameters: {
        rate: { type: 'literal', num: 17, den: 20 },
        wage: { type: 'literal', num: 7000000, den: 1 },
      },
    },
  ])
  const hashes = versions.ok ? versions.value.map((version) => version.hash) : []
  expect(new Set(hashes).size).toBe(3)
})

test.each([
  [
    'a parameter the pack has not',
    notice(2024, 'wages: 1.00'),
    'PACK_PARAMETER_UNKNOWN',
    'parameters.wages',
  ],
  ['a rate above 1', notice(2024, 'rate: 85'), 'PACK_RATE_OUTSIDE', 'parameters.rate'],
  ['a rate for money', notice(2024, 'wage: 85%'), 'AMOUNT_MALFORMED', 'parameters.wage'],
  [
    'a circle',
    notice(2024, 'wage: { add: [$wage, 1.00] }'),
    'PACK_PARAMETER_CYCLE',
    'parameters.wage',
  ],
  ['another pack', notice(2024, 'wage: 1.00', 'demo/two'), 'PACK_AMENDS_UNKNOWN', 'amends'],
  ['the past', notice(2022, 'wage: 1.00'), 'PACK_AMENDS_UNKNOWN', 'amends'],
])('a notice with %s is refused', (_, text, code, where) => {
  const versions = assemble(PACK + text)
  const problems = versions.ok ? [] : versions.problems
  expect(problems.map((found) => [found.code, found.where, found.file])).toEqual([
    [code, where, 'x.yaml'],
  ])
})
