import { expect, test } from 'vitest'
import { SharedContents } from '../../src/workers/shared-contents.ts'

const CATALOG = 'catalog'

/** Rule sets `r0`, `r1` … with one pack of their own and one catalogue for all; `reads`: what was read. */
function contents() {
  const reads: string[] = []
  const shared = new SharedContents((hash) => {
    reads.push(hash)
    if (!hash.startsWith('r')) return Buffer.from(`bytes of ${hash}`)
    const packs = [{ id: 'p', hash: `p${hash}` }]
    return Buffer.from(JSON.stringify({ profile: 'profile', catalog: CATALOG, packs }))
  })
  return { shared, reads }
}

test('everything a rule set names is read once', () => {
  const { shared, reads } = contents()
  const first = shared.of('r0')
  expect(first.packs).toEqual(['pr0'])
  expect(first.contents.map(([hash]) => hash)).toEqual(['r0', 'profile', 'pr0', CATALOG])
  shared.of('r1')
  shared.of('r0')
  expect(reads).toEqual(['r0', 'profile', 'pr0', CATALOG, 'r1', 'pr1'])
  const bytes = new Map(shared.of('r1').contents).get(CATALOG)
  expect(Buffer.from(new Uint8Array(bytes ?? new SharedArrayBuffer(0))).toString()).toBe(
    'bytes of catalog',
  )
})

test('what no kept rule set names is forgotten', () => {
  const { shared, reads } = contents()
  for (let index = 0; index < 200; index += 1) shared.of(`r${index}`)
  expect(reads.filter((hash) => hash === CATALOG)).toHaveLength(1)
  const before = reads.length
  shared.of('r199')
  expect(reads).toHaveLength(before)
  shared.of('r0')
  expect(reads.slice(before)).toEqual(['r0', 'pr0'])
})

test('a read that fails leaves nothing half open', () => {
  let isBroken = true
  const shared = new SharedContents((hash) => {
    if (hash === 'profile' && isBroken) throw new Error('the disk')
    if (hash !== 'r') return Buffer.from('x')
    return Buffer.from(JSON.stringify({ profile: 'profile', packs: [] }))
  })
  expect(() => shared.of('r')).toThrow('the disk')
  isBroken = false
  expect(shared.of('r').contents).toHaveLength(2)
})
