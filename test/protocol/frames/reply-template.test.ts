import fc from 'fast-check'
import { expect, test } from 'vitest'
import { settlementId } from '../../../src/ledger/settlement-id.ts'
import { answerFrame } from '../../../src/protocol/frames/reply-frame.ts'
import { filledTemplate, replyTemplate } from '../../../src/protocol/frames/reply-template.ts'
import { writeFrame, type ReplyEncoding } from '../../../src/protocol/frames/write-frame.ts'

const ENCODINGS: readonly ReplyEncoding[] = ['json', 'msgpack', 'records']
const AT = Date.UTC(2026, 10, 26, 4)
const STAND_IN = { settlement: settlementId(1), at: AT, day: 20_783 }

function answerOf(late: typeof STAND_IN, rest: Readonly<Record<string, unknown>>) {
  const { settlement, at, day } = late
  return { settlement, state: 'settled', at, day, ...rest }
}

/** Printable, as ids are; some of them say what stands in the gaps, or name the members. */
const ids = fc.oneof(
  fc.string({
    unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength: 64,
  }),
  fc.constantFrom(
    STAND_IN.settlement,
    `x${STAND_IN.settlement}`,
    `"settlement":"${STAND_IN.settlement}"`,
    String(AT),
    String(STAND_IN.day),
    'ok',
    'id',
    'answer',
    'x'.repeat(64),
  ),
)
const rests = fc.record(
  {
    total: fc.nat(),
    name: fc.oneof(fc.string(), fc.constantFrom(STAND_IN.settlement, String(AT), '中文')),
    lines: fc.array(fc.tuple(fc.string(), fc.nat(), fc.array(fc.nat()))),
    other: fc.constantFrom(STAND_IN.settlement, STAND_IN.at, STAND_IN.day),
  },
  { noNullPrototype: true },
)

test('a filled template is the frame of the answer, whatever the id and the rest say', () => {
  fc.assert(
    fc.property(
      ids,
      rests,
      fc.constantFrom(...ENCODINGS),
      fc.integer({ min: 1, max: 999_999_999_999 }),
      fc.integer({ min: AT, max: AT + 1e11 }),
      fc.integer({ min: 20_000, max: 40_000 }),
      (id, rest, encoding, seq, at, day) => {
        const template = replyTemplate(id, answerOf(STAND_IN, rest), encoding)
        if (template === undefined) throw new Error('no template')
        const late = { settlement: settlementId(seq), at, day }
        const filled = filledTemplate(template, late)
        const written = writeFrame(answerFrame(id, false, answerOf(late, rest)), encoding)
        expect(Buffer.from(filled ?? []).toString('hex')).toBe(Buffer.from(written).toString('hex'))
      },
    ),
    { numRuns: 3_000 },
  )
})

test('a value that is longer or shorter than its gap is not put into it', () => {
  for (const encoding of ENCODINGS) {
    const template = replyTemplate('R1', answerOf(STAND_IN, { total: 1 }), encoding)
    if (template === undefined) throw new Error('no template')
    expect(filledTemplate(template, { ...STAND_IN, day: 7 }), encoding).toBeUndefined()
    expect(filledTemplate(template, { ...STAND_IN, settlement: 'S1' }), encoding).toBeUndefined()
  }
})

test('an answer without a late member has no template', () => {
  for (const encoding of ENCODINGS) {
    expect(replyTemplate('R1', { state: 'quote', total: 5 }, encoding), encoding).toBeUndefined()
  }
})
