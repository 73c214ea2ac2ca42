import { expect, test } from 'vitest'
import { Seen } from '../../src/registry/seen.ts'

test('every text has the number that was set last, through all growth', () => {
  const seen = new Seen()
  const texts = Array.from({ length: 50_000 }, (_, index) => `${index % 2 ? '人' : 'P'}${index}`)
  for (const [index, text] of texts.entries()) {
    expect(seen.get(text)).toBe(0)
    seen.set(text, index + 1)
  }
  seen.set('P0', 2 ** 32 - 1)
  const wrong = texts.filter((text, index) => index > 0 && seen.get(text) !== index + 1)
  expect(wrong).toEqual([])
  expect(seen.get('P0')).toBe(2 ** 32 - 1)
  expect(['', 'p0', 'P00', '0P', 'P0 '].map((text) => seen.get(text))).toEqual([0, 0, 0, 0, 0])
})
