import { describe, expect, it } from 'vitest'
import { importText, placesOf, Register, rows } from './imports.ts'

const HEADER = 'id,jurisdiction,sex,coverage.from,coverage.to,coverage.insutype'
const POLICY_HEADER = 'id,jurisdiction,coverage.from,policy.id,policy.product,policy.shared'

describe('a policy of two persons', () => {
  const both = (one: string, other: string) =>
    rows(POLICY_HEADER, `P1,d,2023-01-01,X,p,${one}`, `P2,d,2023-01-01,X,p,${other}`)

  it.each([
    ['', ''],
    ['true', ''],
    ['', '1'],
    ['0', 'true'],
  ])('is refused unless both share it: %j and %j', async (one, other) => {
    const report = await importText(both(one, other))
    expect(placesOf(report)).toEqual(['3:4 POLICY_NOT_SHARED policy.id'])
    expect(report.problems[0]?.details).toEqual({ policy: 'X', line: 2 })
  })

  it('is theirs when both share it', async () => {
    const register = new Register()
    expect(placesOf(await importText(both('true', '1'), { register }))).toEqual([])
    expect(register.entries.get('policy X')).toEqual({ id: 'X', shared: true, product: 'p' })
  })

  it('is refused across files, too', async () => {
    const register = new Register()
    await importText(rows(POLICY_HEADER, 'P1,d,2023-01-01,X,p,', 'P3,d,2023-01-01,Y,p,1'), {
      register,
    })
    const text = rows(
      POLICY_HEADER,
      'P2,d,2023-01-01,X,p,',
      'P4,d,2023-01-01,X,p,1',
      'P5,d,2023-01-01,Y,p,',
    )
    expect(placesOf(await importText(text, { register }))).toEqual([
      '2:4 POLICY_HELD policy.id',
      '3:4 POLICY_HELD policy.id',
      '4:4 POLICY_SHARED_BEFORE policy.id',
    ])
  })

  it('passes on when the file has the old holder first, and is shared when all say so', async () => {
    const register = new Register()
    await importText(rows(POLICY_HEADER, 'P1,d,2023-01-01,X,p,', 'P3,d,2023-01-01,Y,p,'), {
      register,
    })
    const text = rows(
      POLICY_HEADER,
      'P1,d,2023-01-01,,,',
      'P2,d,2023-01-01,X,p,',
      'P3,d,2023-01-01,Y,p,1',
      'P4,d,2023-01-01,Y,p,1',
    )
    for (const mode of ['all', 'skip'] as const) {
      expect(placesOf(await importText(text, { register, mode }))).toEqual([])
    }
    expect(register.entries.get('policy X')).toEqual({ id: 'X', holder: 'P2' })
    expect(register.entries.get('policy Y')).toEqual({ id: 'Y', shared: true, product: 'p' })
  })
})

describe('a roster', () => {
  const roster = (...lines: readonly string[]) =>
    rows('psn_no,id,product,start,end,shared', ...lines)
  const of = { kind: 'policy' } as const

  async function persons(...ids: readonly string[]): Promise<Register> {
    const register = new Register()
    await importText(rows(HEADER, ...ids.map((id) => `${id},d,,2023-01-01,,`)), { register })
    return register
  }

  it.each(['all', 'skip'] as const)('adds policies to persons, mode %s', async (mode) => {
    const register = await persons('P1', 'P2')
    const text = roster(
      'P1,X2,p,2023-01-01,2023-12-31,1',
      'P2,X2,p,2023-01-01,2023-12-31,true',
      'P1,X1,q,2023-01-01,2023-12-31,',
    )
    const report = await importText(text, { ...of, mode, register })
    expect(placesOf(report)).toEqual([])
    const period = { start: '2023-01-01', end: '2023-12-31' }
    expect(register.entries.get('person P1')).toMatchObject({
      coverage: [{ from: '2023-01-01' }],
      policies: [
        { id: 'X1', product: 'q', ...period },
        { id: 'X2', product: 'p', ...period, shared: true },
      ],
    })
    expect(register.entries.get('policy X1')).toEqual({ id: 'X1', holder: 'P1' })
    const again = await importText(text, { ...of, mode, register })
    expect(again).toMatchObject({ written: 0, problemCount: 0 })
  })

  it('replaces a policy that the person holds', async () => {
    const register = await persons('P1')
    await importText(roster('P1,X,p,2023-01-01,2023-12-31,', 'P1,Y,p,,,'), { ...of, register })
    await importText(roster('P1,X,p,2024-01-01,2024-12-31,'), { ...of, register })
    expect(register.entries.get('person P1')).toMatchObject({
      policies: [
        { id: 'X', start: '2024-01-01', end: '2024-12-31' },
        { id: 'Y', product: 'p' },
      ],
    })
  })

  it('names what is wrong', async () => {
    const register = await persons('P1', 'P2')
    const text = roster(
      'P9,X,p,,,',
      'P1,X,p,,,',
      'P1,X,q,,,',
      'P2,X,p,,,',
      'P2,Y,,2023-01-01,2022-01-01,',
      ',Z,p,,,maybe',
    )
    const report = await importText(text, { ...of, mode: 'skip', register })
    expect(placesOf(report)).toEqual([
      '2:1 PERSON_UNKNOWN psn_no',
      '4:2 REGISTER_ID_REPEATED id',
      '5:2 POLICY_NOT_SHARED id',
      '6:3 FIELD_MISSING product',
      '6:5 END_BEFORE_START end',
      '7:1 FIELD_MISSING psn_no',
      '7:6 FACT_NOT_BOOLEAN shared',
    ])
    expect(report.written).toBe(2)
  })

  it('never gives a person more policies than a bill may have', async () => {
    const register = await persons('P1')
    const lines = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => `P1,X${from + index},p,,,`)
    await importText(roster(...lines(0, 60)), { ...of, register })
    const report = await importText(roster(...lines(58, 8)), { ...of, mode: 'skip', register })
    expect(placesOf(report)).toEqual(['8:1 LIST_TOO_LONG psn_no', '9:1 LIST_TOO_LONG psn_no'])
  })

  it('is NDJSON, too', async () => {
    const register = await persons('P1')
    const text = rows('{"person":"P1","id":"X","product":"p","priority":2}', '{"person":"P1"}', '7')
    const report = await importText(text, { ...of, mode: 'skip', format: 'ndjson', register })
    expect(placesOf(report)).toEqual([
      '2:- FIELD_MISSING id',
      '2:- FIELD_MISSING product',
      '3:- FIELD_NOT_OBJECT',
    ])
    expect(register.entries.get('person P1')).toMatchObject({
      policies: [{ id: 'X', product: 'p', priority: 2 }],
    })
  })
})
