import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyLedger } from '../../../src/engine/verification/verify-ledger.ts'
import { importQueue } from '../../../src/server/imports/import-queue.ts'
import { ROSTER_ROUTES } from '../../../src/server/insurers/roster-routes.ts'
import { textRow, workbookOf } from '../../files/workbooks.ts'
import { person, policy, RouteTown, type Answer, type Call } from './route-town.ts'

let town: RouteTown
beforeEach(async () => {
  town = await RouteTown.open()
})
afterEach(async () => {
  await town.close()
})

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const HEADER = 'person,id,product,start,end,shared'

function roster(...rows: readonly string[]): string {
  return [HEADER, ...rows].map((row) => `${row}\n`).join('')
}

function row(person: string, id: string, product = 'a/plan', shared = ''): string {
  return `${person},${id},${product},2024-01-01,2024-12-31,${shared}`
}

const ENDED = ['done', 'refused', 'failed']

/** Uploads and waits for the end. */
async function uploaded(body: string | Uint8Array, more: Partial<Call> = {}): Promise<Answer> {
  const call = { as: 'insurer-a', key: 'k1', type: 'text/csv', body, ...more }
  const begun = await town.ask(ROSTER_ROUTES, 'rosters.upload', call)
  return ended(begun, call.as)
}

async function ended(begun: Answer, as: string): Promise<Answer> {
  const call = { as, params: { id: String(begun['id']) } }
  return town.until(ROSTER_ROUTES, 'rosters.read', call, ({ status }) =>
    ENDED.includes(String(status)),
  )
}

function policiesOf(id: string): readonly string[] {
  const person = town.engine.registered('person', id) as {
    readonly policies: readonly { readonly id: string }[]
  }
  return person.policies.map((policy) => policy.id)
}

async function errorsOf({ id }: Answer, as = 'insurer-a'): Promise<string> {
  return town.text(ROSTER_ROUTES, 'rosters.errors', { as, params: { id: String(id) } })
}

describe('a roster', () => {
  it('adds policies to persons and leaves those of others alone', async () => {
    const done = await uploaded(roster(row('P1', 'A-1'), row('P2', 'A-2')))
    expect(done).toMatchObject({
      status: 'done',
      report: { rows: 2, written: 4, refusedRows: 0, problemCount: 0 },
      hasErrors: false,
    })
    expect(policiesOf('P1')).toEqual(['A-1'])
    expect(policiesOf('P2')).toEqual(['A-2', 'SECRET-POLICY'])
  })

  it('is written whole or not at all, or without what is wrong, as asked', async () => {
    const text = roster(row('P1', 'A-1'), row('NOBODY', 'A-9'), row('P2', 'A-2', 'b/plan'))
    const refused = await uploaded(text)
    expect(refused).toMatchObject({ status: 'refused', report: { written: 0, problemCount: 2 } })
    expect(policiesOf('P1')).toEqual([])
    const skipped = await uploaded(text, { key: 'k2', query: { mode: 'skip' } })
    expect(skipped).toMatchObject({ status: 'done', report: { written: 2, refusedRows: 2 } })
    expect(policiesOf('P1')).toEqual(['A-1'])
  })

  it('is answered as before when it comes again, also after a restart, and not done again', async () => {
    const first = await uploaded(roster(row('P1', 'A-1')))
    await uploaded(roster('P1,A-1,a/plan,2024-02-01,2024-12-31,'), { key: 'k2' })
    const { seq } = town.engine
    expect(await uploaded(roster(row('P1', 'A-1')))).toEqual(first)
    town = await town.reopen()
    expect(await uploaded(roster(row('P1', 'A-1')))).toMatchObject({
      id: first['id'],
      status: 'done',
    })
    expect(town.engine.seq).toBe(seq)
    const other = { as: 'insurer-a', key: 'k1', type: 'text/csv', body: roster(row('P1', 'A-5')) }
    expect(await town.refused(ROSTER_ROUTES, 'rosters.upload', other)).toEqual(['REQUEST_DIFFERS'])
  })

  it('is answered from the ledger alone when nothing is left of its files, and the ledger is right', async () => {
    const first = await uploaded(roster(row('P1', 'A-1')))
    rmSync(join(town.workFolder, 'imports'), { recursive: true })
    town = await town.reopen()
    const { seq } = town.engine
    expect(await uploaded(roster(row('P1', 'A-1')))).toEqual(first)
    expect(town.engine.seq).toBe(seq)
    expect((await verifyLedger(town.store)).findings.total).toBe(0)
  })

  it('that was cut off by a stop goes on when it is sent again', async () => {
    await town.register(Array.from({ length: 600 }, (_, at) => person(`M${at}`, [])))
    const rows = Array.from({ length: 600 }, (_, at) => row(`M${at}`, `N-${at}`))
    const call = { as: 'insurer-a', key: 'cut', type: 'text/csv', body: roster(...rows) }
    await town.ask(ROSTER_ROUTES, 'rosters.upload', call)
    const before = town
    town = await town.reopen()
    expect(await town.refused(ROSTER_ROUTES, 'rosters.upload', call)).toEqual(['json'])
    const done = await uploaded(call.body, { key: 'cut' })
    expect(done).toMatchObject({ status: 'done', report: { rows: 600 } })
    expect([policiesOf('M0'), policiesOf('M599')]).toEqual([['N-0'], ['N-599']])
    expect(await before.refused(ROSTER_ROUTES, 'rosters.upload', { ...call, key: 'new' })).toEqual([
      'ENGINE_STOPPING',
    ])
  })

  it('of the same key with another content is refused, also when both come at once', async () => {
    const replies = await Promise.all(
      ['A-1', 'A-2'].map(async (id) =>
        town.call(ROSTER_ROUTES, 'rosters.upload', {
          as: 'insurer-a',
          key: 'k1',
          type: 'text/csv',
          body: roster(row('P1', id)),
        }),
      ),
    )
    const codes = replies.map((one) =>
      one.kind === 'refused' ? one.problems.map(({ code }) => code) : one.kind,
    )
    expect(codes).toContainEqual(['REQUEST_DIFFERS'])
    expect(codes).toContain('json')
  })

  it('that waits is not done when the grant has ended meanwhile', async () => {
    let letGo = () => undefined as void
    const before = new Promise<void>((resolve) => (letGo = resolve))
    void importQueue(town.services).alone(async () => before)
    const body = roster(row('P1', 'A-1'))
    const call = { as: 'insurer-a', key: 'k1', type: 'text/csv', body }
    const begun = await town.ask(ROSTER_ROUTES, 'rosters.upload', call)
    expect(begun).toMatchObject({ status: 'waiting' })
    await town.register([{ kind: 'grant', id: 'insurer-a', entry: undefined }])
    letGo()
    const done = await ended(begun, 'insurer-a')
    expect(done).toMatchObject({ status: 'failed', problems: [{ code: 'GRANT_MISSING' }] })
    expect(policiesOf('P1')).toEqual([])
  })

  it('needs an idempotency key', async () => {
    for (const key of ['', 'ä', 'x'.repeat(65)]) {
      const call = { as: 'insurer-a', key, type: 'text/csv', body: roster() }
      const codes = await town.refused(ROSTER_ROUTES, 'rosters.upload', call)
      expect(codes).toEqual(['IDEMPOTENCY_KEY_WRONG'])
    }
  })

  it('says what is wrong in a file that no spreadsheet runs', async () => {
    const bad = roster(row('=cmd()', 'A-1'), row('P1', '@SUM(1)', 'x'))
    const state = await uploaded(bad, { query: { mode: 'skip' } })
    const text = await errorsOf(state)
    expect(text.startsWith('\uFEFFline,column,field,code')).toBe(true)
    expect(text).toContain('PERSON_UNKNOWN')
    expect(text).toContain('ROSTER_PRODUCT_NOT_YOURS')
    expect(text).not.toMatch(/(^|,|\n)"?[=+@\t\r]/)
  })

  it('may be a workbook, or NDJSON', async () => {
    const cells = [HEADER, row('P1', 'A-1')].map((line, at) => textRow(at + 1, line.split(',')))
    expect(await uploaded(workbookOf(cells.join('')), { type: XLSX })).toMatchObject({
      status: 'done',
      report: { written: 2 },
    })
    const line = {
      person: 'P2',
      id: 'A-2',
      product: 'a/plan',
      start: '2024-01-01',
      end: '2024-12-31',
    }
    const json = { type: 'application/x-ndjson', key: 'k2' }
    expect(await uploaded(JSON.stringify(line), json)).toMatchObject({ report: { written: 2 } })
    expect([policiesOf('P1'), policiesOf('P2')]).toEqual([['A-1'], ['A-2', 'SECRET-POLICY']])
  })

  it('is refused as a whole for what a workbook hides', async () => {
    const formula = workbookOf(
      textRow(1, HEADER.split(',')) + '<row r="2"><c r="A2"><f>1+1</f></c></row>',
    )
    expect(await uploaded(formula, { type: XLSX })).toMatchObject({
      status: 'refused',
      report: { written: 0, isCut: true, problems: [{ code: 'XLSX_CELL_REFUSED', line: 2 }] },
    })
    const bomb = workbookOf('', { stated: 4_000_000_000 })
    expect(await uploaded(bomb, { type: XLSX, key: 'k2' })).toMatchObject({
      report: { problems: [{ code: 'XLSX_TOO_LARGE' }] },
    })
  })

  it('is refused with its place for whatever a hostile file holds', async () => {
    const hostile: readonly (readonly [string | Uint8Array, string])[] = [
      ['', 'REGISTER_FILE_EMPTY'],
      [`${HEADER}\nP1,"A-1,a/plan\n`, 'REGISTER_CSV_MALFORMED'],
      [`${HEADER}\n"${'x'.repeat(1_100_000)}`, 'REGISTER_ROW_TOO_LONG'],
      [`${HEADER},${'c,'.repeat(300)}\n`, 'REGISTER_COLUMNS_TOO_MANY'],
      [`${HEADER},__proto__\n`, 'REGISTER_COLUMN_UNKNOWN'],
      [
        Buffer.concat([Buffer.from(roster()), Buffer.from([0xff, 0xfe, 0x0a])]),
        'REGISTER_NOT_UTF8',
      ],
      [roster('P1,A-1'), 'REGISTER_ROW_LENGTH'],
    ]
    const before = town.engine.registered('person', 'P1')
    for (const [index, [body, code]] of hostile.entries()) {
      const state = await uploaded(body, { key: `hostile-${index}` })
      expect([state['status'], JSON.stringify(state['report'])]).toEqual([
        'refused',
        expect.stringContaining(code),
      ])
      expect(`${JSON.stringify(state)} ${await errorsOf(state)}`).not.toContain(town.workFolder)
    }
    const json = '{"__proto__":{"x":1},"person":"P1","id":"A-1","product":"a/plan"}'
    const polluted = await uploaded(json, { key: 'json', type: 'application/x-ndjson' })
    expect(polluted).toMatchObject({ status: 'refused' })
    expect(town.engine.registered('person', 'P1')).toEqual(before)
  })

  it('never gives a person more policies than a bill may have, and does not say how many there are', async () => {
    const many = Array.from({ length: 63 }, (_, at) => policy(`SECRET-${at}`, 'b/plan'))
    await town.register([person('FULL', many)])
    const state = await uploaded(roster(row('FULL', 'A-1'), row('FULL', 'A-2')))
    expect(state).toMatchObject({ report: { problems: [{ code: 'ROSTER_PERSON_FULL', line: 3 }] } })
    expect(await errorsOf(state)).not.toMatch(/6[345]/)
  })

  it('waits for those before it, and no more of them than the bound', async () => {
    const calls = Array.from({ length: 20 }, (_, at) => ({
      as: 'insurer-a',
      key: `wait-${at}`,
      type: 'text/csv',
      body: roster(row('P1', `W-${at}`)),
    }))
    const replies = await Promise.all(
      calls.map(async (call) => town.refused(ROSTER_ROUTES, 'rosters.upload', call)),
    )
    expect(new Set(replies.flat())).toEqual(new Set(['json', 'IMPORTS_TOO_MANY']))
    const taken = replies.filter(([code]) => code === 'json')
    expect(taken).toHaveLength(4)
    const other = { as: 'insurer-b', key: 'theirs', type: 'text/csv' }
    const body = roster('P1,W-B,b/plan,2024-01-01,2024-12-31')
    expect(await town.refused(ROSTER_ROUTES, 'rosters.upload', { ...other, body })).toEqual([
      'json',
    ])
    // Once there is room again the same request is taken.
    for (const call of calls) await uploaded(call.body, { key: call.key })
    expect(policiesOf('P1')).toHaveLength(20)
  })

  it('of many thousand rows lets others be answered meanwhile', async () => {
    await town.register(Array.from({ length: 400 }, (_, at) => person(`M${at}`, [])))
    const rows = Array.from({ length: 8_000 }, (_, at) => row(`M${at % 400}`, `N-${at}`))
    const call = { as: 'insurer-a', key: 'many', type: 'text/csv', body: roster(...rows) }
    const begun = await town.ask(ROSTER_ROUTES, 'rosters.upload', call)
    const seen = new Set<unknown>()
    const last = await town.until(
      ROSTER_ROUTES,
      'rosters.read',
      { as: 'insurer-a', params: { id: String(begun['id']) } },
      ({ status, progress }) => {
        seen.add(JSON.stringify(progress))
        return ENDED.includes(String(status))
      },
    )
    expect(last).toMatchObject({ status: 'done' })
    expect(seen.size).toBeGreaterThan(2)
    expect(policiesOf('M0')).toHaveLength(20)
  })
})

describe('rosters of two insurers', () => {
  it('never touch or tell what the other one has', async () => {
    const text = roster(
      row('P2', 'SECRET-POLICY'),
      row('P1', 'SECRET-POLICY'),
      row('P3', 'SECRET-POLICY-3'),
      row('P1', 'SHARED-B', 'a/plan', 'true'),
      row('P1', 'A-1', 'b/plan'),
      row('P1', 'A-3'),
    )
    const before = ['P1', 'P2', 'P3'].map(policiesOf)
    const state = await uploaded(text)
    expect(state).toMatchObject({ status: 'refused', report: { problemCount: 6 } })
    const told = `${JSON.stringify(state)} ${await errorsOf(state)}`
    expect(told).not.toMatch(/SECRET-B\b|\bP[23]\b/)
    expect(told.match(/ROSTER_POLICY_TAKEN/g)?.length).toBeGreaterThan(4)
    expect(['P1', 'P2', 'P3'].map(policiesOf)).toEqual(before)
  })

  it('are seen by nobody else but operators', async () => {
    const state = await uploaded(roster(row('P1', 'A-1')))
    const params = { id: String(state['id']) }
    const refused = await town.refused(ROSTER_ROUTES, 'rosters.read', { as: 'insurer-b', params })
    expect(refused).toEqual(['IMPORT_UNKNOWN'])
    const operator = { as: 'boss', role: 'operator', params } as const
    expect(await town.ask(ROSTER_ROUTES, 'rosters.read', operator)).toEqual(state)
    // The same key of another principal is another import.
    const other = await uploaded(roster(row('P1', 'B-1', 'b/plan')), { as: 'insurer-b' })
    expect(other).toMatchObject({ status: 'done', report: { written: 2 } })
    expect(policiesOf('P1')).toEqual(['A-1', 'B-1'])
  })

  it('do not undo each other when they come at once', async () => {
    const call = { key: 'k', type: 'text/csv' }
    const begun = await Promise.all([
      town.ask(ROSTER_ROUTES, 'rosters.upload', {
        ...call,
        as: 'insurer-a',
        body: roster(row('P1', 'A-1')),
      }),
      town.ask(ROSTER_ROUTES, 'rosters.upload', {
        ...call,
        as: 'insurer-b',
        body: roster(row('P1', 'B-1', 'b/plan')),
      }),
    ])
    await ended(begun[0], 'insurer-a')
    await ended(begun[1], 'insurer-b')
    expect(policiesOf('P1')).toEqual(['A-1', 'B-1'])
  })

  it('know nobody of a jurisdiction that is not granted', async () => {
    const { entry, ...rest } = person('FAR', [])
    await town.register([{ ...rest, entry: { ...(entry as object), jurisdiction: 'elsewhere' } }])
    const state = await uploaded(roster(row('FAR', 'A-1'), row('NOBODY', 'A-2')))
    expect(state).toMatchObject({
      status: 'refused',
      report: {
        problems: [
          { code: 'PERSON_UNKNOWN', line: 2, column: 1, field: 'person' },
          { code: 'PERSON_UNKNOWN', line: 3, column: 1, field: 'person' },
        ],
      },
    })
  })

  it('are refused of an insurer without a grant', async () => {
    const call = { as: 'insurer-c', key: 'k', type: 'text/csv', body: roster() }
    expect(await town.refused(ROSTER_ROUTES, 'rosters.upload', call)).toEqual(['GRANT_MISSING'])
  })
})
