import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJsonExact } from '../../src/protocol/json-exact.ts'
import { parseJsonLine } from '../../src/registry/parse-json-line.ts'

const key = fc.constantFrom('a', 'b', '":', 'a":1', '__proto__', '人')
const SCALARS = [
  '1 0 -0 35.0 0.10 1e2 123456789012345 1234567890123456789 true null "x" "\\u0061" "a:1" 01 x',
  '": 1"|"[-1"|',
]
const scalar = fc.constantFrom(
  ...SCALARS.flatMap((text, index) => text.split(index === 0 ? ' ' : '|')),
)
const space = fc.constantFrom('', ' ')
const { text } = fc.letrec<{ text: string; list: string; object: string }>((tie) => ({
  text: fc.oneof({ weight: 3, arbitrary: scalar }, tie('list'), tie('object')),
  list: fc.array(tie('text'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
  object: fc.array(fc.tuple(key, space, space, tie('text')), { maxLength: 3 }).map((members) => {
    const texts = members.map(([name, before, after, value]) => {
      return `${JSON.stringify(name)}${before}:${after}${value}`
    })
    return `{${texts.join(', ')}}`
  }),
}))

test('gives the tree or the refusals that the exact reading gives', () => {
  let accepted = 0
  fc.assert(
    fc.property(text, (line) => {
      const read = parseJsonLine(line)
      expect(read).toEqual(parseJsonExact(line))
      if (read.ok) accepted += 1
    }),
    { numRuns: 5_000 },
  )
  expect(accepted).toBeGreaterThan(500)
})

test.each([
  `${'['.repeat(16)}${']'.repeat(16)}`,
  `${'['.repeat(17)}${']'.repeat(17)}`,
  '{"a":1,"a":2}',
  '{"a":{"b":1},"b":"\\":"}',
  '{"\\u0061":1,"a":2}',
  '\uFEFF{"a":1}',
])('%s', (line) => {
  expect(parseJsonLine(line)).toEqual(parseJsonExact(line))
})
