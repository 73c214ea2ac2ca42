import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SplitJob } from '../../src/engine/evaluator-port.ts'
import { billOfJob } from '../../src/engine/job-bill.ts'
import type { EngineRequest } from '../../src/engine/request.ts'
import { takeLightly, takeSent, wholeRequest } from '../../src/engine/sent-request.ts'
import { takeRequest } from '../../src/engine/take-request.ts'
import { decodeForeign, encode } from '../../src/protocol/codec.ts'

function request(body: unknown, change: Partial<EngineRequest> = {}): EngineRequest {
  const message = encode({ id: 'R1', op: 'settle', body })
  const sent = { message, encoding: 'msgpack' } as const
  return { operation: 'settle', hospital: 'H1', requestId: 'R1', body, sent, ...change }
}

const BILL = { person: { id: 'P1' }, visit: { id: 'V1' }, lines: [{ id: '1', amount: '5.00' }] }

const values = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'x',
    '中文',
    '\ud800',
    '"\\',
    null,
    0,
    -0,
    1.5,
    2 ** 60,
    true,
    undefined,
  ),
  fc.string(),
  fc.integer(),
)
const names = fc.constantFrom(
  'id',
  'person',
  'visit',
  'notAfter',
  'without',
  'constructor',
  'é',
  '7',
)
const trees = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    values,
    fc.dictionary(names, tie('tree'), { noNullPrototype: true, maxKeys: 3 }),
    fc.array(tie('tree'), { maxLength: 3 }),
  ),
})).tree
const lists = fc.oneof(
  { weight: 8, arbitrary: fc.array(trees, { maxLength: 3 }) },
  { weight: 1, arbitrary: trees },
)
const bodies = fc
  .tuple(
    fc.dictionary(names, trees, { noNullPrototype: true, maxKeys: 3 }),
    fc.dictionary(names, trees, { noNullPrototype: true, maxKeys: 3 }),
    lists,
    fc.constantFrom('lines', 'feedetail'),
  )
  .map(([body, bill, lines, name]) => ({ ...body, bill: { ...bill, [name]: lines } }))

test('what is taken lightly and then whole is what would have been taken at once, or refused as it', () => {
  let light = 0
  fc.assert(
    fc.property(bodies, (body) => {
      // As a connection gives it: what its message says.
      const { message } = request(body).sent ?? {}
      const frame = message === undefined ? {} : (decodeForeign(message) as { body?: unknown })
      const asked = request(frame.body, {
        ...(message !== undefined && { sent: { message, encoding: 'msgpack' } }),
      })
      const lightly = takeLightly(asked)
      if (lightly === undefined) return
      light += 1
      const whole = wholeRequest(lightly)
      const atOnce = takeRequest(asked)
      // What no message can carry is a matter of the message.
      if (!whole.ok && whole.problems[0]?.code === 'FRAME_MALFORMED') return
      expect(whole.ok).toBe(atOnce.ok)
      if (!whole.ok || !atOnce.ok) return
      // As text: Vitest takes a member named `constructor` for the class.
      expect(JSON.stringify(whole.value)).toBe(JSON.stringify(atOnce.value))
      const { bill, ...rest } = atOnce.value.body
      const { lines: _, feedetail: __, ...kept } = bill as Record<string, unknown>
      const { bill: lightBill = {}, ...lightRest } = lightly.body
      expect(JSON.stringify([lightRest, lightBill])).toBe(JSON.stringify([rest, kept]))
    }),
    { numRuns: 800 },
  )
  expect(light).toBeGreaterThan(80)
})

test('only the usual is taken lightly', () => {
  expect(takeLightly(request({ bill: BILL }))?.body).toEqual({
    bill: { person: { id: 'P1' }, visit: { id: 'V1' } },
  })
  const { lines, ...without } = BILL
  const unusual: readonly EngineRequest[] = [
    request({ bill: without }),
    request({ bill: { ...BILL, feedetail: lines } }),
    request({ bill: { ...without, lines: 'x' } }),
    request({ bill: { ...BILL, staged: true } }),
    request({ bill: [BILL] }),
    request({}),
    request('x'),
    request(encode({ bill: BILL })),
    request({ bill: BILL }, { requestId: '' }),
    request({ bill: BILL }, { requestId: 'a b' }),
    request({ bill: BILL }, { hospital: 'H 1' }),
  ]
  for (const one of unusual) expect(takeLightly(one), JSON.stringify(one)).toBeUndefined()
  const { sent: _, ...noMessage } = request({ bill: BILL })
  expect(takeLightly(noMessage)).toBeUndefined()
})

test('a request that was taken whole stays as it is', () => {
  const taken = takeRequest(request({ bill: BILL }))
  if (!taken.ok) throw new Error('refused')
  const whole = wholeRequest(taken.value)
  expect(whole.ok && whole.value).toBe(taken.value)
})

test('the bill of a job is the one of the message, completed as the register has completed what the writer kept', () => {
  const bill = { ...BILL, hospital: { level: '3' }, without: 'inside' }
  const { message } = request({ bill, without: ['POL'] }).sent ?? {}
  if (message === undefined) throw new Error('no message')
  const sent = { message, encoding: 'msgpack', operation: 'settle', hospital: 'H1' } as const
  const taken = takeSent(sent)
  if (!taken.ok) throw new Error('refused')
  const document = {
    visit: { id: 'V1' },
    hospital: { level: '3', id: 'H1' },
    person: { id: 'P1', age: '7' },
    policies: [{ id: 'POL' }],
    familyId: 'F1',
  }
  const job: SplitJob = { ruleSet: '', suspended: [], day: 1, counters: [], document, sent }
  const opened = billOfJob(job)
  if (!opened.ok) throw new Error('refused')
  const { fingerprint, stated, document: whole } = opened.value
  expect(fingerprint).toBe(taken.value.fingerprint)
  expect(stated).toEqual({ ...bill, without: ['POL'] })
  expect(whole).toEqual({ ...document, lines: BILL.lines, without: ['POL'] })
  const inOrder = ['hospital', 'lines', 'person', 'visit', 'without', 'policies', 'familyId']
  expect(Object.keys(whole)).toEqual(inOrder)
})
