import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lengthOf, partOf, unitAt } from '../src/text-units.ts'

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  // A concatenation, a slice of one, and a name of a member, which V8 keeps in other forms.
  fc.tuple(fc.string(), fc.string()).map(([left, right]) => `${left}: 项目 ${right}`),
  fc.string({ minLength: 20 }).map((text) => `${text}${text}`.slice(1)),
  fc.string().map((text) => Object.keys({ [text]: 1 })[0] ?? ''),
)

test('a text has the units, the length and the parts that its own methods say', () => {
  fc.assert(
    fc.property(texts, fc.nat(60), fc.nat(60), (text, from, to) => {
      expect(lengthOf(text)).toBe(text.length)
      expect(partOf(text, from, to)).toBe(text.slice(from, to))
      for (let index = 0; index < text.length; index += 1) {
        expect(unitAt(text, index)).toBe(text.charCodeAt(index))
      }
    }),
    { numRuns: 1_000 },
  )
})
