import { describe, expect, it } from 'vitest'
import { reportProblems } from '../../src/registry/import-registry.ts'
import { REGISTRY_LIMITS } from '../../src/registry/limits.ts'
import { importText, placesOf, Register, rows } from './imports.ts'

const HEADER = 'id,jurisdiction,sex,coverage.from,coverage.to,coverage.insutype'

describe('a CSV file of persons', () => {
  it('becomes entries in their normal form', async () => {
    const register = new Register()
    const text = rows(
      '\uFEFFpsn_no,jurisdiction,familyId,gend,tags,retired,coverage.from,coverage.to,coverage.insutype,identity.word,identity.from',
      'P1,demo,F1,1,a;b,1,2023-01-01,2023-12-31,310,低保,2023-02-01',
      '',
      '"P2",demo,,,,,2023-01-01,,390,,',
    )
    const report = await importText(text, { register })
    expect(report).toMatchObject({ rows: 2, written: 2, problemCount: 0 })
    expect(register.entries.get('person P1')).toEqual({
      id: 'P1',
      jurisdiction: 'demo',
      familyId: 'F1',
      facts: { sex: 'male', retired: true, tags: ['a', 'b'] },
      identities: [{ word: '低保', from: '2023-02-01' }],
      coverage: [{ from: '2023-01-01', to: '2023-12-31', facts: { insutype: '310' } }],
      policies: [],
    })
    expect(register.entries.get('person P2')).toEqual({
      id: 'P2',
      jurisdiction: 'demo',
      facts: {},
      identities: [],
      coverage: [{ from: '2023-01-01', facts: { insutype: '390' } }],
      policies: [],
    })
  })

  it('merges the rows of one person', async () => {
    const register = new Register()
    const text = rows(
      `${HEADER},familyId,policy.id,policy.product`,
      'P1,demo,,2022-01-01,2022-12-31,390,,X1,p',
      'P1,demo,male,2023-01-01,,310,F,X1,p',
      'P1,,male,2023-01-01,,310,,X2,q',
      'P2,demo,,2023-01-01,,310,,,',
    )
    const report = await importText(text, { register })
    expect(placesOf(report)).toEqual([])
    expect(report).toMatchObject({ rows: 4, written: 4 })
    expect(register.entries.get('person P1')).toEqual({
      id: 'P1',
      jurisdiction: 'demo',
      familyId: 'F',
      facts: { sex: 'male' },
      identities: [],
      coverage: [
        { from: '2022-01-01', to: '2022-12-31', facts: { insutype: '390' } },
        { from: '2023-01-01', facts: { insutype: '310' } },
      ],
      policies: [
        { id: 'X1', product: 'p' },
        { id: 'X2', product: 'q' },
      ],
    })
    expect(register.entries.get('policy X1')).toEqual({ id: 'X1', holder: 'P1' })
  })

  it('names line and column of what is wrong', async () => {
    const text = rows(
      HEADER,
      'P1,demo,5,2023-01-01,,310',
      'P2,demo,male,2023-13-01,,310',
      'P3,demo,male,2023-01-01,2022-01-01,310',
      '"P4","de\nmo",male,2023-01-01,,310',
      'P5,demo,male,2023-01-01,,310,7',
      'P6, demo,male,2023-01-01,,310',
      ',demo,male,2023-01-01,,310',
      'P7,demo,male,,2023-01-01,310',
      'P8,demo,male,2023-01-01,,310',
      'P8,other,female,2023-06-01,,310',
      'P8,demo,male,2024-06-01,bad,310',
      'P9,demo,male,2023-01-01,,310',
      'P9,demo,male,2022-01-01,2023-06-30,310',
      'P1,demo,male,2023-01-01,,310',
    )
    const report = await importText(text, { mode: 'skip' })
    expect(placesOf(report)).toEqual([
      '2:3 FACT_NOT_ALLOWED sex',
      '3:4 FACT_NOT_DATE coverage.from',
      '4:5 END_BEFORE_START coverage.to',
      '5:2 TEXT_CHARACTER_FORBIDDEN jurisdiction',
      '7:- REGISTER_ROW_LENGTH',
      '8:2 REGISTER_CELL_SPACED jurisdiction',
      '9:1 FIELD_MISSING id',
      '10:4 FIELD_MISSING coverage.from',
      '12:2 REGISTER_ROWS_DIFFER jurisdiction',
      '12:3 REGISTER_ROWS_DIFFER sex',
      '14:4 REGISTER_PERIODS_OVERLAP coverage.from',
    ])
    expect(report).toMatchObject({ rows: 14, refusedRows: 13, written: 1 })
  })

  it('refuses an id that comes again after another', async () => {
    const text = rows(HEADER, 'P1,d,,2023-01-01,,', 'P2,d,,2023-01-01,,', 'P1,d,,2024-01-01,,')
    expect(placesOf(await importText(text))).toEqual(['4:1 REGISTER_ID_REPEATED id'])
  })

  it('refuses a person with too many rows', async () => {
    const many = Array.from({ length: REGISTRY_LIMITS.personRows + 5 }, () => 'P1,d,,2023-01-01,,')
    const report = await importText(rows(HEADER, ...many), { chunk: 5_000 })
    expect(report.problems).toMatchObject([{ code: 'REGISTER_PERSON_ROWS_TOO_MANY', line: 1_002 }])
    expect(report.refusedRows).toBe(many.length)
  })

  const headers: readonly (readonly [string, readonly string[]])[] = [
    [
      'id,jurisdiction,coverage.form',
      ['1:3 REGISTER_COLUMN_UNKNOWN coverage.form', '1:- REGISTER_COLUMN_MISSING coverage.from'],
    ],
    ['id,psn_no,jurisdiction,coverage.from', ['1:2 REGISTER_COLUMN_REPEATED psn_no']],
    ['id,jurisdiction,coverage.from,sex,gend', ['1:5 REGISTER_COLUMN_REPEATED gend']],
    ['id,jurisdiction,coverage.from,identities', ['1:4 REGISTER_COLUMN_UNKNOWN identities']],
    [Array.from({ length: 201 }, () => 'id').join(','), ['-:- REGISTER_COLUMNS_TOO_MANY']],
  ]
  it.each(headers)('refuses the header %j', async (header, expected) => {
    const report = await importText(rows(header, 'P1,d,2023-01-01'), { mode: 'skip' })
    expect(placesOf(report)).toEqual(expected)
    expect(report).toMatchObject({ isCut: true, written: 0 })
  })

  it('refuses an empty file', async () => {
    expect(placesOf(await importText(''))).toEqual(['-:- REGISTER_FILE_EMPTY'])
  })

  it('ends at a quote out of place, after what stood before it', async () => {
    const text = rows(HEADER, 'P1,d,,2023-01-01,,', 'P2,"d"x,,2023-01-01,,', 'P3,d,,2023-01-01,,')
    const register = new Register()
    const report = await importText(text, { mode: 'skip', register })
    expect(placesOf(report)).toEqual(['3:- REGISTER_CSV_MALFORMED'])
    expect(report.isCut).toBe(true)
    // Another row of P1 might have followed.
    expect(register.entries.size).toBe(0)
  })

  it('says the same whatever rows share', async () => {
    const sexes = ['male', '', '7', 'female', '7', 'male', '']
    const lines = sexes.map((sex, index) => `P${index},d,${sex},2023-01-01,,310`)
    const [together, apart] = [new Register(), new Register()]
    await importText(rows(HEADER, ...lines), { mode: 'skip', register: together })
    for (const line of lines) {
      await importText(rows(HEADER, line), { mode: 'skip', register: apart })
    }
    expect([...together.entries]).toEqual([...apart.entries])
    expect(together.entries.size).toBe(5)
  })
})

describe('an NDJSON file', () => {
  const person = (id: string, more: object = {}) =>
    JSON.stringify({ id, jurisdiction: 'd', coverage: [{ from: '2023-01-01' }], ...more })

  it('has an entry a line', async () => {
    const register = new Register()
    const text = `${person('P1', { facts: { sex: 2 } })}\r\n\n${person('P2')}`
    const report = await importText(text, { format: 'ndjson', register })
    expect(placesOf(report)).toEqual([])
    expect(register.entries.get('person P1')).toMatchObject({ facts: { sex: 'female' } })
    expect(report).toMatchObject({ rows: 2, written: 2 })
  })

  it('names lines and paths', async () => {
    const text = rows(
      '{"id": "P1"',
      person('P2', { coverage: [{ from: 1 }] }),
      person('P3', { id: 'P3', x: 1 }),
      '{"id":"P4","id":"P5"}',
      person('P2'),
      person('P2'),
      '[]',
    )
    const report = await importText(text, { format: 'ndjson', mode: 'skip' })
    expect(placesOf(report)).toEqual([
      '1:- JSON_MALFORMED',
      '2:- FACT_NOT_DATE coverage[0].from',
      '3:- FIELD_UNKNOWN x',
      '4:- JSON_KEY_REPEATED',
      '6:- REGISTER_ID_REPEATED id',
      '7:- FIELD_NOT_OBJECT',
      '7:- FIELD_MISSING id',
      '7:- FIELD_MISSING jurisdiction',
      '7:- FIELD_MISSING coverage',
    ])
    expect(report).toMatchObject({ rows: 7, refusedRows: 6, written: 1 })
  })

  it('ends at a line beyond its bound', async () => {
    const endless = person('P2', { facts: { rank: 'x'.repeat(REGISTRY_LIMITS.row) } })
    for (const end of ['', `\n${person('P3')}\n`]) {
      const text = `${person('P1')}\n${endless}${end}`
      const of = { format: 'ndjson', mode: 'skip', chunk: 100_000 } as const
      const report = await importText(text, of)
      expect(placesOf(report)).toEqual(['2:- REGISTER_ROW_TOO_LONG'])
      expect(report).toMatchObject({ isCut: true, written: 1 })
    }
  })

  it('gives hospitals and suppliers', async () => {
    const register = new Register()
    await importText('{"id":"H1","facts":{"hosp_lv":"02"}}', {
      kind: 'hospital',
      format: 'ndjson',
      register,
    })
    await importText(rows('fixmedins_code,level,networks', 'H2,3,a;b'), {
      kind: 'hospital',
      register,
    })
    await importText(rows('id,name', 'S1,"甲, 乙"'), { kind: 'supplier', register })
    expect(Object.fromEntries(register.entries)).toEqual({
      'hospital H1': { id: 'H1', facts: { grade: '02' } },
      'hospital H2': { id: 'H2', facts: { level: 3, networks: ['a', 'b'] } },
      'supplier S1': { id: 'S1', name: '甲, 乙' },
    })
  })
})

describe('the modes', () => {
  const text = rows(HEADER, 'P1,d,,2023-01-01,,', 'P2,d,7,2023-01-01,,', 'P3,d,,2023-01-01,,')

  it('all writes nothing when anything is wrong', async () => {
    const register = new Register()
    const report = await importText(text, { mode: 'all', register })
    expect(report).toMatchObject({ rows: 3, refusedRows: 1, written: 0, problemCount: 1 })
    expect(register.batches).toEqual([])
  })

  it('skip writes what is right', async () => {
    const register = new Register()
    const report = await importText(text, { mode: 'skip', register })
    expect(report).toMatchObject({ rows: 3, refusedRows: 1, written: 2, problemCount: 1 })
    expect([...register.entries.keys()]).toEqual(['person P1', 'person P3'])
  })

  it('come to the same register for a file that is right, in batches', async () => {
    const count = REGISTRY_LIMITS.batch * 2 + 10
    const lines = Array.from({ length: count }, (_, index) => {
      return `P${index},d,${index % 2 ? 'male' : ''},2023-01-01,,3${index % 3}0`
    })
    const [all, skip] = [new Register(), new Register()]
    const of = { chunk: 10_000 }
    await importText(rows(HEADER, ...lines), { ...of, mode: 'all', register: all })
    await importText(rows(HEADER, ...lines), { ...of, mode: 'skip', register: skip })
    expect([...all.entries]).toEqual([...skip.entries])
    expect(all.batches.map(({ length }) => length)).toEqual([
      REGISTRY_LIMITS.batch,
      REGISTRY_LIMITS.batch,
      10,
    ])
  })

  it('list so many problems, and count and hand over all', async () => {
    const wrong = Array.from({ length: 250 }, (_, index) => `P${index},d,7,2023-01-01,,`)
    const codes: string[] = []
    const report = await importText(rows(HEADER, ...wrong), {
      onProblems: (problems) => void codes.push(...problems.map(({ code }) => code)),
    })
    expect(report.problems).toHaveLength(REGISTRY_LIMITS.listed)
    expect(report.problemCount).toBe(250)
    expect(codes).toHaveLength(250)
    expect(reportProblems(report).at(-1)).toMatchObject({
      code: 'REGISTER_PROBLEMS_CUT',
      details: { problems: 250, listed: 100 },
    })
  })

  it('leave out entries that are registered just so', async () => {
    const register = new Register()
    const first = rows(HEADER, 'P1,d,1,2023-01-01,,', 'P2,d,,2023-01-01,,')
    await importText(first, { register })
    const again = rows(HEADER, 'P1,d,male,2023-01-01,,', 'P2,d,,2023-01-02,,')
    const report = await importText(again, { register })
    expect(report).toMatchObject({ written: 1, unchanged: 1 })
  })
})

describe.each(['all', 'skip'] as const)('the progress of mode %s', (mode) => {
  it('has as written what is, and as done what was so before, too', async () => {
    const register = new Register()
    const told: number[] = []
    const text = rows(HEADER, ...[1, 2, 3, 4, 5, 6, 7].map((at) => `P${at},d,1,2023-01-01,,`))
    const importing = { register, mode, batch: 3, chunk: 40 }
    await importText(text, {
      ...importing,
      progress: ({ done, written }) => {
        expect(written).toBe(register.entries.size)
        expect(done).toBe(written)
        told.push(written)
      },
    })
    expect(Math.max(...told)).toBeGreaterThan(0)
    const again: number[] = []
    await importText(text, {
      ...importing,
      progress: ({ done, written }) => {
        expect(written).toBe(0)
        again.push(done)
      },
    })
    // Registered just so already.
    expect(Math.max(...again)).toBeGreaterThan(3)
  })
})

describe('what a file says nothing of', () => {
  it('stays as it is registered, and goes when the file has it empty', async () => {
    const register = new Register()
    const policies = [{ id: 'X', product: 'p' }]
    const whole = {
      id: 'P1',
      jurisdiction: 'd',
      coverage: [],
      policies,
      identities: [{ word: '低保', from: '2023-01-01' }],
    }
    await importText(JSON.stringify(whole), { format: 'ndjson', register })
    await importText(rows(HEADER, 'P1,d,,2024-01-01,,'), { register })
    expect(register.entries.get('person P1')).toMatchObject({
      identities: whole.identities,
      policies,
      coverage: [{ from: '2024-01-01' }],
    })
    await importText(rows(`${HEADER},identity.word,identity.from`, 'P1,d,,2024-01-01,,,,'), {
      register,
    })
    expect(register.entries.get('person P1')).toMatchObject({ identities: [], policies })
    await importText(rows(`${HEADER},policy.id,policy.product`, 'P1,d,,2024-01-01,,,,'), {
      register,
    })
    expect(register.entries.get('person P1')).toMatchObject({ policies: [] })
  })
})
