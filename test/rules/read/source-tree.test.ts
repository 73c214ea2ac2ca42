import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PACK_LIMITS } from '../../../src/rules/limits.ts'
import { readSourceTree } from '../../../src/rules/read/source-tree.ts'
import { child } from '../../../src/rules/read/source-node.ts'
import { readPacks } from '../../../src/rules/read/read-packs.ts'
import { codesOf, packText } from './one-pack.ts'

describe('scalars keep their text', () => {
  test.each([
    ['0.1', 'number'],
    ['-3', 'number'],
    ['99999999999999.99', 'number'],
    ['100.00', 'number'],
    ['1e3', 'text'],
    ['.5', 'text'],
    ['5.', 'text'],
    ['0x10', 'text'],
    ['0o17', 'text'],
    ['1_000', 'text'],
    ['007', 'text'],
    ['+5', 'text'],
    ['.inf', 'text'],
    ['80%', 'text'],
    ['2023-01-01', 'text'],
    ['True', 'text'],
    ['yes', 'text'],
    ['"1"', 'text'],
    ['true', 'boolean'],
    ['null', 'null'],
    ['~', 'null'],
  ])('%s is %s', (written, type) => {
    const tree = readSourceTree(`a: ${written}\n`, 'x.yaml')
    expect(tree.ok && child(tree.value[0], 'a')).toMatchObject({
      kind: 'scalar',
      text: written.replaceAll('"', ''),
      type,
      where: 'a',
      line: 1,
      column: 4,
    })
  })

  test('keys that look like numbers or flags keep their text too', () => {
    const tree = readSourceTree('{ 1: a, true: b, 01: c, 1.0: d }', 'x.yaml')
    const [map] = tree.ok ? tree.value : []
    expect(map?.kind === 'map' ? [...map.entries.keys()] : []).toEqual(['1', 'true', '01', '1.0'])
  })
})

describe('what YAML offers and a pack must not use', () => {
  test.each([
    ['a repeated key', 'a: 1\nb: 2\na: 3\n', ['PACK_KEY_REPEATED 3:1']],
    ['a repeated key in another spelling', '{ "1": a, 1: b }', ['PACK_KEY_REPEATED 1:11']],
    [
      'an anchor and its alias',
      'a: &x 1\nb: *x\n',
      ['PACK_YAML_REFERENCE 1:7', 'PACK_YAML_REFERENCE 2:4'],
    ],
    ['a merge key', 'a: 1\n<<: { b: 2 }\n', ['PACK_YAML_REFERENCE 2:1']],
    ['a tag', 'a: !!str 1\n', ['PACK_YAML_TAG 1:10']],
    ['a tag on a map', 'a: !thing { b: 1 }\n', ['PACK_YAML_TAG 1:11']],
    ['a list as key', '{ [1, 2]: a }', ['PACK_KEY_NOT_TEXT 1:3']],
    ['an empty key', '{ : a }', ['PACK_KEY_NOT_TEXT 1:2']],
    ['broken syntax', 'a: [1, 2\nb: 3\n', ['PACK_NOT_YAML 2:1']],
    ['nothing', '# only a comment\n', ['PACK_FILE_EMPTY 1:1']],
    ['another document', 'a: 1\n', ['PACK_DOCUMENT_UNKNOWN 1:1']],
    ['a list', '- 1\n', ['PACK_DOCUMENT_UNKNOWN 1:1']],
  ])('%s', (_, text, codes) => {
    expect(codesOf(text)).toEqual(codes)
  })

  test('nesting is refused before anything walks it', () => {
    expect(codesOf('['.repeat(100_000))).toEqual(['PACK_TOO_DEEP 1:33'])
    expect(codesOf(`${'- '.repeat(40)}x`)[0]).toMatch(/^PACK_TOO_DEEP/)
  })

  test('very many problems are cut off, and the rest counted', () => {
    const codes = codesOf(`pack: a\n${'x: 1\n'.repeat(2_000)}`)
    expect(codes).toHaveLength(PACK_LIMITS.problemsMax + 1)
    expect(codes.at(-1)).toMatch(/^PACK_PROBLEMS_CUT/)
  })

  test('the size is counted in bytes', () => {
    const text = `# ${'字'.repeat(PACK_LIMITS.textBytesMax / 3)}`
    expect(codesOf(text)).toEqual(['PACK_TOO_LARGE 1:1'])
  })
})

describe('no input makes the reader throw', () => {
  const sample = packText('base: [inScope]\nrate: { by: [hospital.level], rows: { 1: 80%, 2: 7 } }')

  test('any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        readPacks(text, 'x.yaml', () => undefined)
      }),
      { numRuns: 300 },
    )
  })

  test('a pack cut off or with characters replaced', () => {
    const place = fc.nat({ max: sample.length })
    const piece = fc.constantFrom(
      '',
      '[',
      '{',
      '}',
      ':',
      '- ',
      '"',
      '&a',
      '*a',
      '!',
      '\t',
      '\n',
      '$',
      '%',
      '|',
    )
    fc.assert(
      fc.property(place, place, piece, (start, length, put) => {
        const text = sample.slice(0, start) + put + sample.slice(start + (length % 9))
        readPacks(text, 'x.yaml', () => undefined)
        readPacks(sample.slice(0, start) + put, 'x.yaml', () => undefined)
      }),
      { numRuns: 300 },
    )
  })

  test('any JSON in the place of any part', () => {
    const parts = [
      'parameters',
      'lists',
      'counters',
      'packages',
      'benefits',
      'cases',
      'payer',
      'effective',
      'title',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.jsonValue(), (part, value) => {
        const pack = { pack: 'a', kind: 'basic', source: 's', benefits: [], [part]: value }
        readPacks(JSON.stringify(pack), 'x.json', () => undefined)
      }),
      { numRuns: 300 },
    )
  })

  test('any JSON in the place of any part of a benefit', () => {
    const parts = [
      'base',
      'rate',
      'bands',
      'deductible',
      'limits',
      'adjust',
      'fixed',
      'floor',
      'firstShare',
      'counts',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.jsonValue(), (part, value) => {
        const benefit = { id: 'a', clause: 'b', base: ['inScope'], [part]: value }
        const text = JSON.stringify({ pack: 'a', kind: 'basic', source: 's', benefits: [benefit] })
        readPacks(text, 'x.json', () => undefined)
      }),
      { numRuns: 300 },
    )
  })
})

test('more entries than any pack needs are counted and refused', () => {
  const names = Array.from({ length: PACK_LIMITS.entriesMax + 1 }, (_, index) => `  p${index}: 1`)
  const wide = packText('rate: 50%', `parameters:\n${names.join('\n')}`)
  expect(codesOf(wide)).toEqual(['PACK_TOO_MANY 8:3'])
})
