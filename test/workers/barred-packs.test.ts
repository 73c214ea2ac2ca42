import { expect, test } from 'vitest'
import { BarredPacks } from '../../src/workers/barred-packs.ts'

test('a barred pack stays so until no job is left that came before it was held back', () => {
  const barred = new BarredPacks()
  expect(barred.list(1)).toEqual([])
  barred.bar('p', 'hung')
  expect(barred.list(5)).toEqual([['p', 'hung']])
  barred.heldBack(['q', 'p'], 9)
  barred.heldBack(['p'], 12)
  expect(barred.list(8)).toEqual([['p', 'hung']])
  expect(barred.has('p')).toBe(true)
  expect(barred.list(9)).toEqual([])
  expect(barred.has('p')).toBe(false)
})

test('it may be barred anew', () => {
  const barred = new BarredPacks()
  barred.bar('p', 'hung')
  barred.heldBack(['p'], 2)
  expect(barred.list(2)).toEqual([])
  barred.bar('p', 'died')
  expect(barred.list(3)).toEqual([['p', 'died']])
})
