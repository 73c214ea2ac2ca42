import { afterAll, beforeAll, expect, test } from 'vitest'
import { PackCheckPool } from '../../../src/workers/pack-check-pool.ts'
import { acmeText } from './grants.ts'
import { readPacks } from '../../../src/rules/read/read-packs.ts'
import { PackTown, uploadOf } from './pack-town.ts'

let town: PackTown

beforeAll(async () => {
  town = await PackTown.open()
})

afterAll(async () => {
  await town.close()
})

const HASH = '0'.repeat(64)

/** A table with a row for each of `count` ages. */
function table(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => `${index}: 1%`).join(', ')
  return `{ by: [person.age], rows: { ${rows} } }`
}

function nested(depth: number, open: string, close: string, inner: string): string {
  return `${open.repeat(depth)}${inner}${close.repeat(depth)}`
}

const DOUBLING = Array.from(
  { length: 31 },
  (_, index) => `  p${index}: { add: [$p${index + 1}, $p${index + 1}] }`,
).join('\n')

const CASE = `
  - name: n
    given: { person: { age: 30 }, visit: { kind: inpatient, start: 2024-03-01, end: 2024-03-02 }, lines: [LINES] }
    expect: { payment: 1.00 }`

/** 900 cases of 200 lines each: right to the letter, and a long time to run. */
const CASES = Array.from({ length: 900 }, (_, index) =>
  CASE.replace('name: n', `name: n${index}`).replace(
    'LINES',
    Array(200).fill('{ inScope: 1.00 }').join(', '),
  ),
).join('')

/** A thread that was stopped begins anew for the next pack, which a busy machine takes its time for. */
const TIMEOUT = 60_000

const OUTSIDE = ['PACK_OUTSIDE_GRANT']

const HOSTILE: readonly (readonly [what: string, text: string, codes: readonly string[]])[] = [
  ['a giant table', acmeText({ rate: table(30_000) }), ['PACK_TOO_MANY', 'PACK_CHECK_TOO_COSTLY']],
  ['4 MiB and more of text', acmeText({ more: `# ${'x'.repeat(4_300_000)}` }), ['PACK_TOO_LARGE']],
  ['10 MB of text', acmeText({ more: `# ${'x'.repeat(10_000_000)}` }), ['PACK_TOO_LARGE']],
  ['10 MB of maps', `pack: ${nested(500_000, '{a: ', '}', '1')}`, ['PACK_TOO_DEEP']],
  [
    'a million words',
    acmeText({ more: `lists: { l: [${'a,'.repeat(1_100_000)}a] }` }),
    ['PACK_TOO_MANY', 'PACK_CHECK_TOO_COSTLY'],
  ],
  [
    'a pattern that grows without end',
    acmeText({ when: "person.rank.matches('((a{1,100}){1,100}){1,100}')" }),
    ['EXPRESSION_PATTERN'],
  ],
  [
    'a pattern that is none',
    acmeText({ when: "person.rank.matches('(a+)[1$')" }),
    ['EXPRESSION_PATTERN'],
  ],
  [
    'deep formulas',
    acmeText({ rate: nested(5_000, '{ add: [', ', 1] }', '1') }),
    ['PACK_TOO_DEEP'],
  ],
  [
    'formulas that double',
    acmeText({ more: `parameters:\n${DOUBLING}\n  p31: 1%`, rate: '$p0' }),
    ['PACK_FORMULA_TOO_LARGE'],
  ],
  [
    'nested comprehensions',
    acmeText({ when: nested(12, 'person.tags.exists(x, ', ')', "x == 'a'") }),
    ['EXPRESSION_COMPREHENSION'],
  ],
  [
    'a deep condition',
    acmeText({ when: nested(3_000, '(', ')', 'true') }),
    ['EXPRESSION_TOO_LARGE'],
  ],
  [
    'a long condition',
    acmeText({ when: Array(3_000).fill('person.age > 1').join(' && ') }),
    ['EXPRESSION_TOO_LARGE'],
  ],
  [
    'cyclic parameters',
    acmeText({ more: 'parameters: { a: { add: [$b, 1%] }, b: { add: [$a, 1%] } }', rate: '$a' }),
    ['PACK_PARAMETER_CYCLE'],
  ],
  ['an alias of itself', 'pack: &a { b: *a }', ['PACK_YAML_REFERENCE']],
  ['a list outside', acmeText({ more: 'lists: { l: { file: ../../list } }' }), ['PACK_LIST_PATH']],
  ['no YAML', '\u0000{{{', ['PACK_DOCUMENT_UNKNOWN']],
  [
    'cases without end',
    acmeText({ more: `cases:${CASES}` }),
    ['CLI_CASE_DIFFERS', 'PACK_CHECK_TOO_COSTLY'],
  ],
  ['another payer', acmeText({ payer: 'rival-insurer' }), OUTSIDE],
  [
    'the counters of another',
    acmeText({ more: 'counters: { rival-pool: { per: year, shared: true } }' }),
    OUTSIDE,
  ],
  ['the id of another', acmeText({ id: 'town/rival' }), OUTSIDE],
  ['the product of another', acmeText({ more: 'product: town/rival' }), OUTSIDE],
  ['a public kind', acmeText({ kind: 'basic' }), OUTSIDE],
  ['another jurisdiction', acmeText({ more: 'jurisdiction: city' }), OUTSIDE],
  ['facts outside the grant', acmeText({ when: "person.rank == 'x'" }), OUTSIDE],
]

/** The hash that an upload of the text has to name, if it can be read at all. */
function hashOf(text: string): string {
  if (text.length > 100_000) return HASH
  const read = readPacks(text, 'pack.yaml', () => undefined)
  return (read.ok ? read.value.packs[0]?.hash : undefined) ?? HASH
}

test.each(HOSTILE)(
  '%s is refused, and settling goes on',
  async (_, text, codes) => {
    const command = town.acme.sign(uploadOf(hashOf(text)))
    const upload = town.upload(command, text)
    let refused: readonly string[] | undefined
    void upload.then((answer) => {
      refused = answer.codes
    })
    let settled = 0
    while (refused === undefined) {
      expect(await town.settle(`A${settled % 20}`)).toEqual([])
      settled += 1
      await nextTurn()
    }
    expect(settled).toBeGreaterThan(0)
    // Where two codes may be, the machine decides which bound is reached first.
    expect(codes).toEqual(expect.arrayContaining(refused.slice(0, 1)))
    expect(refused).not.toEqual([])
    expect(town.engine.rulesState('town')?.packs).toHaveLength(1)
  },
  TIMEOUT,
)

async function nextTurn(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
}

const TEXTS = { 'pack.yaml': acmeText() }

test(
  'what takes too long is stopped, and the next pack is looked at',
  async () => {
    const checks = new PackCheckPool({ readMs: 300 })
    const slow = {
      'pack.yaml': acmeText({ rate: table(19_000) }),
      'more.yaml': acmeText({ rate: table(19_000) }),
    }
    const [stopped, read] = await Promise.all([checks.read(slow), checks.read(TEXTS)])
    expect(stopped.ok ? '' : stopped.problems[0]?.code).toBe('PACK_CHECK_TOO_COSTLY')
    expect(read.ok).toBe(true)
    await checks.close()
  },
  TIMEOUT,
)

test(
  'no more packs wait than may',
  async () => {
    const checks = new PackCheckPool({ waitingMax: 2 })
    const all = await Promise.all([1, 2, 3].map(async () => checks.read(TEXTS)))
    expect(all.map((one) => (one.ok ? '' : one.problems[0]?.code))).toEqual([
      '',
      '',
      'PACK_CHECK_BUSY',
    ])
    await checks.close()
  },
  TIMEOUT,
)

test(
  'what is looked at when the server stops is refused, and later packs are looked at',
  async () => {
    const checks = new PackCheckPool()
    const reading = [checks.read(TEXTS), checks.read(TEXTS)]
    await nextTurn()
    await checks.close()
    const stopped = await Promise.all(reading)
    expect(stopped.map((one) => (one.ok ? '' : one.problems[0]?.code))).toEqual([
      'ENGINE_STOPPING',
      'ENGINE_STOPPING',
    ])
    expect((await checks.read(TEXTS)).ok).toBe(true)
    await checks.close()
  },
  TIMEOUT,
)
