interface Parts {
  readonly more?: string
  readonly rate?: string
  readonly benefit?: string
}

/** A small sound pack with something put in. */
export function packText({ benefit = '', more = '', rate = '80%' }: Parts): string {
  return [
    'pack: x/y',
    'kind: basic',
    'title: 甲',
    'payer: { id: x-fund }',
    'effective: { from: 2023-01-01, to: 2023-12-31 }',
    'source: 某',
    ...(more === '' ? [] : [more]),
    `benefits: [{ id: a, clause: 一, base: [inScope], bands: [{ rate: ${rate} }]${benefit} }]`,
  ].join('\n')
}

function many(count: number, item: (index: number) => string, between = ', '): string {
  return Array.from({ length: count }, (_, index) => item(index)).join(between)
}

/** Parameters each of which names the one before it as `written` says. */
function chain(count: number, first: string, written: (before: string) => string): string {
  const rest = many(count, (index) => `  p${index + 1}: ${written(`$p${index}`)}`, '\n')
  return `parameters:\n  p0: ${first}\n${rest}`
}

function notices(count: number): string {
  const day = (index: number) =>
    `${2024 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-01`
  return many(
    count,
    (index) =>
      `amends: x/y\neffective: { from: ${day(index)} }\nsource: s\nparameters: { r: ${index % 100}% }`,
    '\n---\n',
  )
}

export interface HostilePack {
  readonly name: string
  readonly text: () => string
  readonly code: string
}

export const HOSTILE_PACKS: readonly HostilePack[] = [
  {
    name: 'parameters that double forty times',
    text: () =>
      packText({ more: chain(40, '1%', (name) => `{ add: [${name}, ${name}] }`), rate: '$p40' }),
    code: 'PACK_FORMULA_TOO_LARGE',
  },
  {
    name: 'a fact squared forty times',
    text: () =>
      packText({
        more: chain(40, '{ fact: person.age }', (name) => `{ multiply: [${name}, ${name}] }`),
        rate: '$p40',
      }),
    code: 'PACK_FORMULA_TOO_LARGE',
  },
  {
    name: 'a chain of 900 parameters',
    text: () => packText({ more: chain(900, '1%', (name) => name), rate: '$p900' }),
    code: 'PACK_FORMULA_TOO_LARGE',
  },
  {
    name: 'tables of tables of tables',
    text: () => {
      const table = (name: string) =>
        `{ by: [person.age], rows: { ${many(900, (age) => `${age}: ${name}`)} } }`
      return packText({ more: chain(4, '1%', table), rate: '$p4' })
    },
    code: 'PACK_FORMULA_TOO_LARGE',
  },
  {
    name: '30,000 parameters',
    text: () => packText({ more: `parameters: { ${many(30_000, (index) => `p${index}: 1`)} }` }),
    code: 'PACK_TOO_MANY',
  },
  {
    name: '5,000 limits',
    text: () => {
      const limits = many(5_000, (index) => `{ per: year, on: payment, amount: ${index + 1}.00 }`)
      return packText({ benefit: `, limits: [${limits}]` })
    },
    code: 'PACK_TOO_MANY',
  },
  {
    name: 'a product of 20,000 fractions',
    text: () => packText({ rate: `{ multiply: [${many(20_000, () => '99/100')}] }` }),
    code: 'PACK_TOO_MANY',
  },
  {
    name: '20,000 benefits that are numbers',
    text: () => packText({}).replace(/benefits:.*/, `benefits: [${many(20_000, () => '1')}]`),
    code: 'PACK_TOO_MANY',
  },
  {
    name: 'a pack 2,000 times',
    text: () => many(2_000, () => packText({}), '\n---\n'),
    code: 'PACK_TOO_MANY',
  },
  {
    name: '300 notices of one pack',
    text: () => `${packText({ more: 'parameters: { r: 80% }', rate: '$r' })}\n---\n${notices(300)}`,
    code: 'PACK_TOO_MANY',
  },
  {
    name: 'a pattern written out a thousand times over',
    text: () => packText({ benefit: `, when: 'person.id.matches("${'(x{1,1000})'.repeat(40)}")'` }),
    code: 'EXPRESSION_PATTERN',
  },
  {
    name: '100,000 commas',
    text: () => `[${','.repeat(100_000)}]`,
    code: 'PACK_NOT_YAML',
  },
  {
    name: 'a nested table by nothing',
    text: () =>
      packText({
        rate: '{ by: [hospital.level], rows: { 1: { by: [null], rows: { false: 90% } } }, otherwise: 1% }',
      }),
    code: 'PACK_WRONG_TYPE',
  },
]
