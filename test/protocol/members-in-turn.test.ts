import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MembersInTurn } from '../../src/protocol/members-in-turn.ts'

test('gives what the table has, whatever was asked for before', () => {
  const known = ['a', 'b', 'c', 'd', 'e']
  const table = new Map(known.map((name, index) => [name, index]))
  const names = fc.array(fc.constantFrom(...known, 'x', 'constructor'), { maxLength: 8 })
  fc.assert(
    fc.property(fc.array(names, { maxLength: 6 }), (objects) => {
      const members = new MembersInTurn(table)
      for (const object of objects) {
        object.forEach((name, place) => {
          expect(members.at(place, name)).toBe(table.get(name))
        })
      }
    }),
    { numRuns: 2_000 },
  )
})
