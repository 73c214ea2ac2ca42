import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WaitingLine } from '../../src/engine/waiting-line.ts'

/** How many come, and how many then go. */
const turns = fc.array(fc.tuple(fc.nat({ max: 1_500 }), fc.nat({ max: 1_500 })), { maxLength: 8 })

test('who came first goes first, however many wait', () => {
  fc.assert(
    fc.property(turns, (list) => {
      const line = new WaitingLine<{ readonly number: number }>()
      let [come, gone] = [0, 0]
      for (const [more, fewer] of list) {
        for (let count = 0; count < more; count += 1) line.push({ number: come++ })
        for (let count = 0; count < fewer; count += 1) {
          expect(line.first?.number).toBe(gone < come ? gone : undefined)
          line.drop()
          gone = Math.min(gone + 1, come)
        }
        expect(line.length).toBe(come - gone)
      }
      const rest = line.takeAll().map(({ number }) => number)
      expect(rest).toEqual(Array.from({ length: come - gone }, (_, index) => gone + index))
      expect([line.length, line.first]).toEqual([0, undefined])
    }),
    { numRuns: 200 },
  )
})
