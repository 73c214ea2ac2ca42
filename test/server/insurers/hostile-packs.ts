import { acmeText } from './grants.ts'

/** A table with a row for each of `count` ages. */
export function table(count: number): string {
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

/** A pack of so many benefits, each with `parts` in its map. */
function benefits(count: number, parts: (index: number) => string, more = ''): string {
  const list = Array.from(
    { length: count },
    (_, index) => `  - { id: b${index}, clause: c, base: [inScope], ${parts(index)} }\n`,
  )
  const [head = ''] = acmeText({ more }).split('benefits:')
  return `${head}benefits:\n${list.join('')}`
}

/** Conditions that are right, and long. */
const LONG = Array.from({ length: 30 }, (_, index) => `person.age != ${index}`).join(' && ')

/** Nothing is paid of a bill that is larger. */
const SMALL = 'bill.inScope < yuan("1000.00")'

/** Rows of three dimensions, which take a cell for each combination of theirs. */
const CUBE = Array.from(
  { length: 60 },
  (_, index) => `{ match: [${index}, ${index}, w${index}], value: 1% }`,
).join(', ')

function wrongCases(count: number, lines: number): string {
  const text = CASE.replace('LINES', Array(lines).fill('{ inScope: 1.00 }').join(', '))
  const cases = Array.from({ length: count }, (_, at) => text.replace('name: n', `name: n${at}`))
  return `cases:${cases.join('')}`
}

/** A list that is named as often as a pack may have lists; the file with its codes lies beside the pack. */
const NAMED_OFTEN = Array.from({ length: 300 }, (_, at) => `  l${at}: { file: list.txt }\n`).join(
  '',
)

/** Seven bytes for each code. */
export function codes(count: number): string {
  return Array.from({ length: count }, (_, index) => `${100_000 + index}\n`).join('')
}

/** `count` notices of the pack of the insurer, one a day, each of few words. */
export function notices(count: number): string {
  const from = (day: number) => new Date(Date.UTC(2023, 1, 1 + day)).toISOString().slice(0, 10)
  const texts = Array.from(
    { length: count },
    (_, day) =>
      `---\namends: town/acme\neffective: { from: ${from(day)} }\nsource: s\nparameters: { p: 1% }\n`,
  )
  return texts.join('')
}

/** Names as long as few are, and others that are not among them. */
const LONG_NAMES = Array.from({ length: 500 }, (_, at) => `  ${'x'.repeat(990)}${at}: 1%\n`).join(
  '',
)
const UNKNOWN = Array.from({ length: 40 }, (_, at) => `$${'x'.repeat(990)}y${at}`).join(', ')

const P = 'parameters: { p: 1% }'

const OUTSIDE = ['PACK_OUTSIDE_GRANT']

/** What is wrong with it, its text, the code it is refused with, and the files beside it. */
export type HostilePack = readonly [
  what: string,
  text: string,
  codes: readonly string[],
  lists?: Readonly<Record<string, string>>,
]

export const HOSTILE: readonly HostilePack[] = [
  ['a giant table', acmeText({ rate: table(30_000) }), ['PACK_UPLOAD_TOO_LARGE']],
  ['4 MiB and more of text', acmeText({ more: `# ${'x'.repeat(4_300_000)}` }), ['PACK_TOO_LARGE']],
  ['10 MB of text', acmeText({ more: `# ${'x'.repeat(10_000_000)}` }), ['PACK_TOO_LARGE']],
  ['10 MB of maps', `pack: ${nested(500_000, '{a: ', '}', '1')}`, ['PACK_UPLOAD_TOO_LARGE']],
  [
    'a million words',
    acmeText({ more: `lists: { l: [${'a,'.repeat(1_100_000)}a] }` }),
    ['PACK_UPLOAD_TOO_LARGE'],
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
    acmeText({ rate: nested(2_000, '{ add: [', ', 1] }', '1') }),
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
  ['cases without end', acmeText({ more: `cases:${CASES}` }), ['PACK_UPLOAD_TOO_LARGE']],
  ['250 wrong cases', acmeText({ more: wrongCases(250, 1) }), ['CLI_CASE_DIFFERS']],
  [
    'cases of many lines under many benefits',
    benefits(40, () => 'rate: 1%', wrongCases(20, 80)),
    ['PACK_UPLOAD_TOO_LARGE'],
  ],
  ['200 benefits', benefits(200, () => 'rate: 1%'), ['PACK_TOO_COSTLY']],
  [
    '200 long conditions',
    benefits(200, () => `rate: 1%, when: "${LONG}"`),
    ['PACK_UPLOAD_TOO_LARGE'],
  ],
  [
    'patterns that are right, and many',
    benefits(50, () => `rate: 1%, when: "visit.ward.matches('(a{1,20}){1,20}')"`),
    ['PACK_UPLOAD_TOO_LARGE'],
  ],
  [
    'a table that is named 80 times',
    benefits(80, () => 'rate: $t', `parameters: { t: ${table(1_000)} }`),
    ['PACK_UPLOAD_TOO_LARGE'],
  ],
  [
    'a table of many cells',
    acmeText({
      rate: `{ by: [person.age, visit.days, visit.ward], rows: [${CUBE}], otherwise: 1% }`,
    }),
    ['PACK_UPLOAD_TOO_LARGE'],
  ],
  [
    'a list file that is named 300 times',
    acmeText({ more: `lists:\n${NAMED_OFTEN}` }),
    ['PACK_UPLOAD_TOO_LARGE'],
    { 'list.txt': codes(36_000) },
  ],
  [
    'unknown names that are like long ones',
    acmeText({ more: `parameters:\n${LONG_NAMES}`, rate: `{ add: [${UNKNOWN}] }` }),
    ['PACK_PARAMETER_UNKNOWN'],
  ],
  [
    'a clause of millions of letters',
    acmeText({ more: P, rate: '$p' }).replace('clause: 一', `clause: ${'x'.repeat(3_900_000)}`) +
      notices(98),
    ['TEXT_TOO_LONG'],
  ],
  [
    'a name of millions of letters in 98 notices',
    acmeText({ more: P, rate: '$p' }).replace('id: rest', `id: ${'x'.repeat(3_900_000)}`) +
      notices(98),
    ['PACK_UPLOAD_TOO_LARGE'],
  ],
  [
    'a list of many codes in 98 notices',
    acmeText({ more: `${P}\nlists: { l: { file: list.txt } }`, rate: '$p' }) + notices(98),
    ['PACK_UPLOAD_TOO_LARGE'],
    { 'list.txt': codes(190_000) },
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

/** Refused by the search for trial bills, the last and dearest of the checks; outside the grant of the tests. */
export const SEARCHED: HostilePack = [
  '40 benefits, one of which falls when the bill grows',
  benefits(40, (index) => `rate: 10%, when: '${index === 0 ? SMALL : 'person.age >= 0'}'`),
  ['CHECK_PAYS_LESS_WHEN_MORE'],
]
