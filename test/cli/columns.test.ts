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
    expect(widthOf(line)).toBeLessThanOrEqual(22)
    expect(line).not.toMatch(/^[，。；]/)
  }
  expect(lines.some((line) => line.includes('individual'))).toBe(true)
})
