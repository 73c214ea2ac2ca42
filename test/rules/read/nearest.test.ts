import { expect, test } from 'vitest'
import { nearestWord } from '../../../src/rules/read/nearest.ts'

test('of long words the beginning counts, of the known ones too', () => {
  const long = `inpatient${'x'.repeat(1_000)}`
  expect(nearestWord('inpatiens', ['emergency', long])).toBe('emergency')
  expect(nearestWord(`${long}y`, ['emergency', long])).toBe(long)
  expect(nearestWord(`${'x'.repeat(64)}a`, [`${'x'.repeat(64)}${'b'.repeat(100)}`])).toContain('b')
})
