import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { xxHash32 } from '../../src/catalog/checksum.ts'
import { compileCatalog } from '../../src/catalog/compile.ts'
import { openCatalog } from '../../src/catalog/open.ts'
import { aRow, problemsOf, valueOf } from './builders.ts'

const rows = ['X1', 'X2', 'X3'].map((code) => aRow({ code, name: `药 ${code}` }))
const sound = new Uint8Array(valueOf(compileCatalog(rows)))

/** A copy of `bytes` in shared memory. */
function shared(bytes: Uint8Array): SharedArrayBuffer {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy.buffer
}

function refusalOf(bytes: Uint8Array): string | undefined {
  return problemsOf(openCatalog(shared(bytes)))[0]?.code
}

function changed(index: number, byte: number): Uint8Array {
  const copy = sound.slice()
  copy[index] = byte
  return copy
}

describe('a damaged binary is refused', () => {
  test.each([
    ['an empty file', sound.subarray(0, 0), 'CATALOG_BINARY_FOREIGN'],
    [
      'another kind of file',
      new TextEncoder().encode('med_list_codg,…\n'),
      'CATALOG_BINARY_FOREIGN',
    ],
    ['a later format', changed(8, 2), 'CATALOG_BINARY_VERSION'],
    ['the magic alone', sound.subarray(0, 8), 'CATALOG_BINARY_VERSION'],
    ['half a header', sound.subarray(0, 40), 'CATALOG_BINARY_TRUNCATED'],
    ['a missing last byte', sound.subarray(0, -1), 'CATALOG_BINARY_TRUNCATED'],
    ['a byte too many', Uint8Array.of(...sound, 0), 'CATALOG_BINARY_TRUNCATED'],
    ['another checksum', changed(12, (sound[12] ?? 0) ^ 1), 'CATALOG_BINARY_CORRUPT'],
  ])('%s', (_, bytes, code) => {
    expect(refusalOf(bytes)).toBe(code)
  })

  test('every single flipped byte is refused', () => {
    for (const [index, byte] of sound.entries()) {
      expect(openCatalog(shared(changed(index, byte ^ 0x10))).ok).toBe(false)
    }
  })

  test('any handful of changed bytes is refused, unless they change nothing', () => {
    const change = fc.record({ index: fc.nat(sound.length - 1), byte: fc.nat(255) })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const damaged = sound.slice()
        for (const { index, byte } of changes) damaged[index] = byte
        const identical = Buffer.from(damaged).equals(Buffer.from(sound))
        expect(openCatalog(shared(damaged)).ok).toBe(identical)
      }),
    )
  })

  test('any cut is refused', () => {
    fc.assert(
      fc.property(fc.nat(sound.length - 1), (length) => {
        expect(openCatalog(shared(sound.subarray(0, length))).ok).toBe(false)
      }),
    )
  })
})

test.each([
  ['', 0x02cc5d05],
  ['abcd', 0xa3643705],
  ['Nobody inspects the spammish repetit', 0xa8ca276e],
])('the checksum of "%s" is that of other xxHash32 programs', (text, expected) => {
  const bytes = new TextEncoder().encode(text)
  const words = new Uint32Array(bytes.slice().buffer)
  expect(xxHash32(words, 0)).toBe(expected)
})
