import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatEpochDay, LAST_EPOCH_DAY, parseEpochDay } from '../../src/catalog/epoch-day.ts'

test.each([
  '2023-02-29',
  '2024-13-01',
  '2024-00-10',
  '2024-1-1',
  '20240101',
  '2024-06-31',
  '1899-12-31',
  '',
])('"%s" is not a date', (text) => {
  expect(parseEpochDay(text)).toBeUndefined()
})

test('the last day of the calendar is an entry without an end', () => {
  expect(parseEpochDay('9999-12-31')).toBe(LAST_EPOCH_DAY)
})

test('day numbers agree with the platform calendar, both ways', () => {
  fc.assert(
    fc.property(fc.integer({ min: -25_567, max: LAST_EPOCH_DAY }), (day) => {
      const text = new Date(day * 86_400_000).toISOString().slice(0, 10)
      expect(formatEpochDay(day)).toBe(text)
      expect(parseEpochDay(text)).toBe(day)
    }),
  )
})
