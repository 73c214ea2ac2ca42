import { encode, encodePlain } from '../../src/protocol/codec.ts'
import { billOf } from '../workers/town.ts'

/** A message as it goes over the wire. */
export interface Message {
  readonly bytes: Uint8Array
  readonly isBinary: boolean
}

const UTF8 = new TextEncoder()

/** A good frame to spoil. */
const GOOD = { id: 'good', op: 'settle', body: { bill: billOf('A1', 'hostile', 100) } }

/** The same numbers in every run (a linear congruential generator). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}

const WRONG_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e300,
  '',
  ' ',
  'x'.repeat(65),
  '编号',
  '\u0000',
  [],
  [[]],
  {},
  { id: 'x' },
  Number.NaN,
]

/** Frames that are data, but not a request. */
export function wrongTrees(): readonly unknown[] {
  const members = ['id', 'op', 'body'] as const
  const changed = members.flatMap((member) =>
    WRONG_VALUES.map((value) => ({ ...GOOD, [member]: value })),
  )
  const without = members.map((member) => {
    const { [member]: _, ...rest } = GOOD
    return rest
  })
  const prototypes = [
    'constructor',
    'toString',
    'hasOwnProperty',
    'prototype',
    '__proto__',
  ].flatMap((key) => [
    { ...GOOD, op: key },
    { ...GOOD, [`${key}`]: 1 },
    { ...GOOD, body: { [key]: {} } },
  ])
  const bodies = ['hello', 'ping', 'subscribe', 'explain', 'quote', 'find', 'dayTotals'].flatMap(
    (op) =>
      WRONG_VALUES.map((value) => ({ id: 'body', op, body: { settlement: value, bill: value } })),
  )
  return [...WRONG_VALUES, ...changed, ...without, ...prototypes, ...bodies]
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

/** JSON texts that are no frame. */
export function wrongTexts(count: number): readonly Message[] {
  const good = JSON.stringify(GOOD)
  const fixed = [
    '',
    '{',
    'null',
    nested(10),
    nested(100_000),
    `{"id":"deep","op":"quote","body":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
    '{"id":"p","op":"quote","body":{"__proto__":{"hospital":"K"}}}',
    '{"id":"p","op":"quote","body":{"constructor":{"prototype":{"hospital":"K"}}}}',
    '{"id":"a","id":"b","op":"ping","body":{}}',
    '{"id":"n","op":"quote","body":{"bill":1e999999}}',
    '{"id":"n","op":"quote","body":{"bill":-0,"bill2":1E+400}}',
    `{"id":"long","op":"quote","body":{"bill":${'9'.repeat(100_000)}}}`,
    '{"id":"surrogate","op":"quote","body":{"bill":"\\ud800"}}',
    '{"id":"\\u0000","op":"ping","body":{}}',
    good.replace('settle', 'SETTLE'),
    `${good}${good}`,
    `${good},`,
  ].map(text)
  const next = numbersFrom(7)
  const spoilt = Array.from({ length: count }, (_, index) => {
    const at = next(good.length)
    const letter = String.fromCharCode(33 + next(90))
    const kinds = [good.slice(0, at), good.slice(0, at) + letter + good.slice(at + 1)]
    return text(kinds[index % kinds.length] ?? '')
  })
  return [...wrongTrees().map((tree) => text(JSON.stringify(tree))), ...fixed, ...spoilt]
}

/** MessagePack messages that are no frame. */
export function wrongBinaries(count: number): readonly Message[] {
  const plain = encodePlain(GOOD)
  const records = encode(GOOD)
  const head = [0x83, 0xa2, 0x69, 0x64, 0xa1, 0x78, 0xa2, 0x6f, 0x70]
  const fixed = [
    [],
    [0xc1],
    // Lengths that are declared and not there.
    [0xdd, 0xff, 0xff, 0xff, 0xff],
    [0xdf, 0xff, 0xff, 0xff, 0xff],
    [0xdb, 0xff, 0xff, 0xff, 0xff],
    [0xc6, 0xff, 0xff, 0xff, 0xff],
    [0xc9, 0xff, 0xff, 0xff, 0xff, 0x01],
    [...head, 0xdd, 0x7f, 0xff, 0xff, 0xff, 0xc0],
    [...head, 0xdf, 0x00, 0xff, 0xff, 0xff, 0xc0, 0xc0],
    // A record that nobody has defined in this message, a definition without an end, dates and other extensions.
    [0x40, 0xa1, 0x78, 0xa1, 0x79],
    [0xd4, 0x72, 0x40],
    [0xd4, 0x72, 0x40, 0xdd, 0xff, 0xff, 0xff, 0xff],
    [0xd6, 0xff, 0x5a, 0x4a, 0xf6, 0xa5],
    [0xd4, 0x01, 0x02],
    [0xc7, 0x04, 0x70, 0, 0, 0, 0],
    ...[1_000, 100_000, 900_000].map((depth) => Array.from({ length: depth }, () => 0x91)),
    Array.from({ length: 900_000 }, () => 0x81),
  ].map((bytes) => binary(Uint8Array.from(bytes)))
  const next = numbersFrom(11)
  const spoilt = Array.from({ length: count }, (_, index) => {
    const good = index % 2 === 0 ? plain : records
    const at = next(good.length)
    if (index % 3 === 0) return binary(good.slice(0, at))
    const copy = good.slice()
    copy[at] = next(256)
    if (index % 3 === 2) copy[next(copy.length)] = next(256)
    return binary(copy)
  })
  return [...wrongTrees().map((tree) => binary(encodePlain(tree))), ...fixed, ...spoilt]
}

function text(frame: string): Message {
  return { bytes: UTF8.encode(frame), isBinary: false }
}

function binary(bytes: Uint8Array): Message {
  return { bytes, isBinary: true }
}
