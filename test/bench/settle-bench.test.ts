import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { cityCatalog } from '../../bench/micro/settle/city-catalog.ts'
import { cityRules } from '../../bench/micro/settle/city-rules.ts'
import { packLengths, sameWork, sevenLayers } from '../../bench/micro/settle/comparisons.ts'

const city = cityCatalog()
const packs = fileURLToPath(new URL('../../bench/micro/packs', import.meta.url))
const rules = cityRules(packs, city.catalog)

// Building a comparison checks it: conservation, the verifier, the recorder, the peers. These see that it measures
// something.
test('every layer pays and every part of a bill occurs in the workload', () => {
  const { contenders, coverage } = sevenLayers(city, rules, 48, 20)
  expect(Object.keys(coverage?.payers ?? {})).toHaveLength(7)
  for (const share of Object.values(coverage?.payers ?? {})) expect(share).toBeGreaterThan(0.02)
  // The basic layer gives every in-scope part a name of its own, so none is left as plain in scope.
  const { 'left inScope': unnamed, ...parts } = coverage?.parts ?? {}
  expect(unnamed).toBe(0)
  for (const share of Object.values(parts)) expect(share).toBeGreaterThan(0.02)
  const sums = contenders.map(({ pass }) => pass())
  expect(sums[0]).toBeGreaterThan(0)
  expect(new Set(sums).size).toBe(1)
})

test('the peers pay what the basic layer pays', async () => {
  const { contenders } = await sameWork(city, rules, 10)
  const funds: number[] = []
  for (const { pass } of contenders.slice(2)) funds.push(await Promise.resolve(pass()))
  expect(funds[0]).toBeGreaterThan(0)
  expect(funds).toEqual([funds[0], funds[0], funds[0]])
})

test('a long pack pays what a short one pays', () => {
  const { contenders } = packLengths(city, rules, 10)
  const sums = contenders.map(({ pass }) => pass())
  expect(sums[0]).toBeGreaterThan(0)
  expect(sums[1]).toBe(sums[0])
})
