import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readPackFiles } from '../../../src/files/pack-files.ts'
import { uploadProblems, uploadSize } from '../../../src/rules/check/upload-size.ts'
import { PACK_LIMITS, UPLOAD_LIMITS } from '../../../src/rules/limits.ts'
import { takeTexts, tryPacks, type PackTrial } from '../../../src/workers/pack-check.ts'
import { accepted } from '../../conformance/rules.ts'
import { acmePack, acmeText } from '../../server/insurers/grants.ts'
import { codes, notices } from '../../server/insurers/hostile-packs.ts'
import { packOf, townProfile } from '../../workers/town.ts'

const RULES = fileURLToPath(new URL('../../../rules/', import.meta.url))
const FOLDERS = readdirSync(RULES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['catalog', 'schema'].includes(entry.name))
  .map(({ name }) => name)

test.each(FOLDERS)(
  'all packs of rules/%s together are a tenth of what an upload may be',
  (name) => {
    const { packs } = accepted(readPackFiles(join(RULES, name)), name)
    expect(packs.length).toBeGreaterThan(0)
    expect(uploadProblems(packs)).toEqual([])
    const { caseWork, characters, parts, patterns } = uploadSize(packs)
    expect(parts).toBeLessThan(UPLOAD_LIMITS.partsMax / 10)
    expect(characters).toBeLessThan(UPLOAD_LIMITS.expressionCharactersMax / 10)
    expect(patterns).toBeLessThan(UPLOAD_LIMITS.patternCharactersMax / 10)
    expect(caseWork).toBeLessThan(UPLOAD_LIMITS.caseWorkMax / 10)
  },
)

function codesOf(texts: Readonly<Record<string, string>>): readonly unknown[] {
  const read = takeTexts(texts)
  return read.ok ? [] : read.problems.map(({ code, details }) => [code, details['what']])
}

function ages(count: number): string {
  return Array.from({ length: count }, (_, age) => `${age}: 1%`).join(', ')
}

test('files are counted together', () => {
  const rate = `{ by: [person.age], rows: { ${ages(2_600)} }, otherwise: 1% }`
  const one = { 'a.yaml': acmeText({ rate }) }
  expect(codesOf(one)).toEqual([])
  expect(codesOf({ ...one, 'b.yaml': acmeText({ rate, id: 'town/acme-b' }) })).toEqual([
    ['PACK_UPLOAD_TOO_LARGE', 'words'],
  ])
})

test('lists beside packs are counted', () => {
  const lists = { 'l.csv': `code\n${'x'.repeat(UPLOAD_LIMITS.listBytesMax)}` }
  expect(codesOf({ 'a.yaml': acmeText(), ...lists })).toEqual([
    ['PACK_UPLOAD_TOO_LARGE', 'lists, B'],
  ])
})

test('a list file counts as often as lists name it', () => {
  const named = (count: number) => {
    const lists = Array.from({ length: count }, (_, at) => `  l${at}: { file: ./list.txt }\n`)
    return takeTexts({
      'a.yaml': acmeText({ more: `lists:\n${lists.join('')}` }),
      'list.txt': codes(30_000),
    })
  }
  const most = Math.floor(UPLOAD_LIMITS.listBytesMax / (7 * 30_000))
  expect(named(most).ok).toBe(true)
  const over = { what: 'lists, B', count: (most + 1) * 7 * 30_000 }
  expect(named(300)).toMatchObject({
    problems: [{ code: 'PACK_UPLOAD_TOO_LARGE', details: over }],
  })
})

test('a pack counts with its codes as often as notices change it', () => {
  const amended = (count: number) => {
    const more = 'parameters: { p: 1% }\nlists: { l: { file: list.txt } }'
    const text = acmeText({ more, rate: '$p' }) + notices(count)
    return takeTexts({ 'a.yaml': text, 'list.txt': codes(190_000) })
  }
  // Six digits, two quotes and a comma for each code.
  const most = Math.floor(UPLOAD_LIMITS.amendedCharactersMax / (9 * 190_000))
  const read = amended(most)
  expect(read.ok && read.value.packs).toHaveLength(most + 1)
  for (const count of [most + 1, 98]) {
    expect(amended(count)).toMatchObject({
      problems: [{ code: 'PACK_UPLOAD_TOO_LARGE', details: { what: 'versions' } }],
    })
  }
})

test.each(['title', 'source', 'clause'])('a %s has a length', (key) => {
  const textOf = (count: number) => {
    const changed = acmeText({ more: 'title: t' }).replace(
      /(\btitle|source|clause): .+/g,
      (line) => (line.startsWith(key) ? `${key}: ${'字'.repeat(count)}` : line),
    )
    return takeTexts({ 'a.yaml': changed })
  }
  const max = PACK_LIMITS.textCharactersMax
  expect(textOf(max).ok).toBe(true)
  const details = { count: max + 1, max }
  expect(textOf(max + 1)).toMatchObject({ problems: [{ code: 'TEXT_TOO_LONG', details }] })
})

test('the nearest of many names is looked for until enough are compared', () => {
  const names = Array.from({ length: 500 }, (_, at) => `known-${at}`)
  const unknown = Array.from({ length: 40 }, (_, at) => `$knwn-${at}`)
  const read = takeTexts({
    'a.yaml': acmeText({
      more: `parameters: { ${names.map((name) => `${name}: 1%`).join(', ')} }`,
      rate: `{ add: [${unknown.join(', ')}] }`,
    }),
  })
  const nearest = read.ok ? [] : read.problems.map(({ details }) => details['nearest'])
  const compared = PACK_LIMITS.namesComparedMax / names.length
  expect(nearest).toEqual(unknown.map((_, at) => (at < compared ? `known-${at}` : '')))
})

test('a parameter counts as often as it is named, and so does one that another names', () => {
  const sizeOf = (rate: string) =>
    uploadSize([
      acmePack({
        rate,
        more: `parameters:\n  t: { by: [person.age], rows: { ${ages(50)} }, otherwise: 1% }\n  u: { min: [$t, $t] }`,
      }),
    ]).parts
  const plain = sizeOf('1%')
  const once = sizeOf('$t') - plain
  expect(once).toBeGreaterThan(50)
  expect(sizeOf('{ min: [$t, $t, $t] }') - sizeOf('{ min: [$t, $t] }')).toBe(once + 1)
  expect(sizeOf('$u') - plain).toBeGreaterThan(2 * once)
})

const CASE = (name: string, payment: string) => `
  - name: ${name}
    given: { person: { age: 30 }, visit: { kind: inpatient, start: 2024-03-01, end: 2024-03-02 }, lines: [{ inScope: 1.00 }] }
    expect: { payment: ${payment} }`

function trialOf(text: string, untilRefused: boolean): PackTrial {
  const { packs } = accepted(takeTexts({ 'a.yaml': text }), 'texts')
  return {
    packs: packs.map(({ pack }) => pack),
    beside: [packOf('town/basic')],
    profile: townProfile(),
    search: true,
    ...(untilRefused && { untilRefused }),
  }
}

test('the first case that differs is enough to refuse; a report has them all', () => {
  const names = Array.from({ length: 20 }, (_, index) => `n${index}`)
  const cases = names.map((name, index) => CASE(name, index < 5 ? '0.50' : '0.10'))
  const text = acmeText({ more: `cases:${cases.join('')}` })
  const refused = tryPacks(trialOf(text, true))
  expect(refused.cases.map(({ name }) => name)).toEqual(names.slice(0, 6))
  expect(refused.errors.map(({ code }) => code)).toEqual(['CLI_CASE_DIFFERS'])
  expect(tryPacks(trialOf(text, false)).cases).toHaveLength(20)
})

test('what the text alone refuses is not settled with', () => {
  const text = acmeText({
    more: `counters: { town-acme-unused: { per: year } }\ncases:${CASE('n', '0.10')}`,
  })
  const refused = tryPacks(trialOf(text, true))
  expect(refused.errors.map(({ code }) => code)).toEqual(['CHECK_COUNTER_UNUSED'])
  expect([refused.cases.length, refused.bills]).toEqual([0, 0])
  expect(tryPacks(trialOf(text, false)).cases).toHaveLength(1)
})

test('the search ends with the first bill that refuses the pack', () => {
  const [head = ''] = acmeText().split('benefits:')
  const small = 'bill.inScope < yuan("1000.00")'
  const benefits = [small, 'person.age > 30', "visit.ward != 'w'"].map(
    (when, index) =>
      `  - { id: b${index}, clause: c, when: '${when.replaceAll("'", "''")}', base: [inScope], rate: 30% }\n`,
  )
  const text = `${head}benefits:\n${benefits.join('')}`
  const [first, whole] = [tryPacks(trialOf(text, true)), tryPacks(trialOf(text, false))]
  expect(first.errors.map(({ code }) => code)).toEqual(['CHECK_PAYS_LESS_WHEN_MORE'])
  expect(first.bills).toBeGreaterThan(0)
  expect(first.bills).toBeLessThan(whole.bills)
})

test('many benefits at work make fewer trial bills', () => {
  const [head = ''] = acmeText().split('benefits:')
  const packOfSo = (count: number) => {
    const benefits = Array.from(
      { length: count },
      (_, index) => `  - { id: b${index}, clause: c, base: [inScope], rate: 1% }\n`,
    )
    return `${head}benefits:\n${benefits.join('')}`
  }
  const [few, many] = [20, 80].map((count) => tryPacks(trialOf(packOfSo(count), true)).bills)
  expect(many).toBeGreaterThan(0)
  // Each has at least the steps of classification, layer and patient, and those of a bill do not pass the bound by more than its own.
  expect((many ?? 0) * 80).toBeLessThan(2 * UPLOAD_LIMITS.searchStepsMax)
  expect(few).toBeGreaterThan(many ?? Infinity)
})
