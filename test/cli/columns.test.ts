import { expect, test } from 'vitest'
import { fit, widthOf, wrap } from '../../src/cli/render/columns.ts'

test('a Chinese character takes two columns, cut or padded', () => {
  expect(fit('统筹基金', 10)).toBe('统筹基金  ')
  expect(fit('统筹基金', 10, 'right')).toBe('  统筹基金')
  expect(fit('统筹基金', 7)).toBe('统筹基…')
  expect(fit('统筹基金', 6)).toBe('统筹… ')
})

test('wrapping keeps every character, within the width, with no mark at a beginning', () => {
  const text = '基本医保支付 6,162.15 元，其余 2,464.22 元由个人承担；individual words stay whole.'
  const lines = wrap(text, 20)
  expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
  for (const line of lines) {
    expect(widthOf(line)).toBeLessThanOrEqual(20)
    expect(line).not.toMatch(/^[，。；]/)
  }
  expect(lines.some((line) => line.includes('individual'))).toBe(true)
})

test('marks stay with what they open and close', () => {
  for (let width = 12; width < 40; width += 1) {
    for (const line of wrap(
      '救助“住院”（低保等）给付最多（7.42 元），按它 (见条款)：“甲”《乙》。',
      width,
    )) {
      expect(widthOf(line)).toBeLessThanOrEqual(width)
      expect(line).not.toMatch(/[“（《(]$|^[”）》)，：。]/)
    }
  }
})
