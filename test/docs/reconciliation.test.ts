import { describe, expect, test } from 'vitest'
import { KINDS } from '../../src/reconciliation/kinds.ts'
import { READING_LIMITS } from '../../src/reconciliation/reading-limits.ts'
import { documentText, LANGUAGES } from './documents.ts'

describe.each(LANGUAGES)('reconciliation document, %s', (language) => {
  const text = documentText('reconciliation', language)
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))

  test('has a row for every kind of difference and for no other, in their words', () => {
    const expected = Object.entries(KINDS).map(([kind, trait]) => {
      const { causeEn, causeZh, doEn, doZh, en, zh } = trait
      const words = language === 'en' ? [en, causeEn, doEn] : [zh, causeZh, doZh]
      return ['', `\`${kind}\``, ...words, '']
    })
    expect(rows).toEqual(expected)
  })

  test('states the bounds that hold', () => {
    expect(text).toContain(READING_LIMITS.rows.toLocaleString('en-US'))
    expect(READING_LIMITS.bytes).toBe(2 ** 30)
  })
})
