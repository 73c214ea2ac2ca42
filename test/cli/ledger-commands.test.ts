import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommandLine } from '../../src/cli/program.ts'
import { csvLine } from '../../src/files/csv-line.ts'
import { readCsv } from '../../src/csv.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { openEngine } from '../../src/engine/open-engine.ts'
import { forgedStore, journalOf, rowsOf } from '../engine/flips/forged-ledger.ts'
import { SMALL_DAY, writeSmallHistory } from '../engine/flips/small-history.ts'
import { given } from '../store/places.ts'
import type { Run } from './run.ts'

const SMALL_MAP = { mapSizeBytes: 2 ** 26 }
let folder: string
let ledger: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qingfen-commands-'))
  ledger = join(folder, 'ledger')
  const store = given(await openLedgerStore(ledger, SMALL_MAP))
  await writeSmallHistory(store)
  await store.close()
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function run(...args: readonly string[]): Promise<Run> {
  const [printed, complained]: [string[], string[]] = [[], []]
  const code = await runCommandLine(['ledger', ...args], {
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
    columns: 100,
  })
  return { code, printed: printed.join('\n'), complained: complained.join('\n') }
}

type Tree = Readonly<Record<string, unknown>>

async function data(...args: readonly string[]): Promise<Tree> {
  return JSON.parse((await run(...args, '--json')).printed) as Tree
}

describe('verify', () => {
  test('a clean ledger', async () => {
    const { code, printed } = await run('verify', ledger)
    expect(printed).toContain('账本无误')
    expect(code).toBe(0)
    expect(await data('verify', ledger)).toMatchObject({ findings: 0, first: [] })
  })

  test('a damaged one: the code, what is wrong and what to do in both languages', async () => {
    const bytes = readFileSync(join(ledger, 'data.mdb'))
    const at = bytes.lastIndexOf('small-insurer')
    bytes[at] = (bytes[at] ?? 0) ^ 1
    const directory = join(folder, 'damaged')
    mkdirSync(directory)
    writeFileSync(join(directory, 'data.mdb'), bytes)
    const { code, printed } = await run('verify', directory)
    expect(code).toBe(1)
    expect(printed).toMatch(/LEDGER_[A-Z]+/)
    expect(printed).toContain('第一处')
    expect(printed).toContain('restore a backup')
    const { first } = await data('verify', directory)
    expect(first).toContainEqual(
      expect.objectContaining({ record: 29, doZh: expect.stringContaining('备份') as unknown }),
    )
  })

  test('a folder without a ledger is refused and left as it is', async () => {
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    expect(await data('verify', empty)).toMatchObject({ problems: [{ code: 'LEDGER_NOT_FOUND' }] })
    expect(readdirSync(empty)).toEqual([])
  })
})

describe('show', () => {
  test('what happened to a settlement, with its explanation', async () => {
    const { code, printed } = await run('show', ledger, 'S000000000021', '--explain')
    expect(code).toBe(0)
    for (const part of ['已撤销', '退费', 'H1/R', 'payer:small-fund', '累计', '逐步说明']) {
      expect(printed).toContain(part)
    }
  })

  test('as data', async () => {
    expect(await data('show', ledger, 'S000000000021')).toMatchObject({
      state: 'reversed',
      history: [{ kind: 'settlement' }, { kind: 'reversal' }],
    })
  })

  test('what is no settlement', async () => {
    for (const id of ['S000000000001', 'S000000009999', 'S000000000000', 'x']) {
      expect(await data('show', ledger, id)).toMatchObject({
        problems: [{ code: 'LEDGER_SETTLEMENT_UNKNOWN' }],
      })
    }
  })

  test('a settlement whose explanation cannot be made again as it was', async () => {
    const source = given(await openLedgerStore(ledger, SMALL_MAP))
    const records = journalOf(source)
    const digests = records.flatMap((one) => (one.kind === 'settlement' ? [one.digest] : []))
    const forged = await forgedStore(
      source,
      records.map(
        (one) => (one.seq === 21 ? { ...one, digest: digests.at(-1) } : one) as typeof one,
      ),
    )
    await source.close()
    const directory = join(folder, 'other-digest')
    const copy = given(await openLedgerStore(directory, SMALL_MAP))
    await copy.commit(rowsOf(forged))
    await copy.close()
    const { code, complained } = await run('show', directory, 'S000000000021')
    expect(code).toBe(1)
    expect(complained).toContain('LEDGER_EXPLANATION_DIFFERS')
    expect((await run('show', directory, 'S000000000022')).code).toBe(0)
  })
})

describe('export', () => {
  test('what was prepared on one day and confirmed on the next is on the day on which it was posted', async () => {
    const directory = join(folder, 'confirmed-later')
    const store = given(await openLedgerStore(directory, SMALL_MAP))
    await writeSmallHistory(store)
    const clock = () => SMALL_DAY + 86_400_000 + 1_000_000
    const engine = given(await openEngine({ store, clock }))
    const settlement = 'S000000000029'
    const prepared = journalOf(store).find(({ seq }) => seq === 29)
    if (prepared?.kind !== 'prepared') throw new Error('nothing is prepared')
    const body = { settlement, platform: { setlinfo: prepared.answer.setlinfo } }
    const request = { operation: 'confirm', hospital: 'H1', requestId: 'late', body } as const
    expect(await engine.submit(request)).toMatchObject({ kind: 'answer' })
    await engine.close()
    await store.close()
    for (const what of ['settlements', 'entries']) {
      const on = async (day: string) =>
        (await run('export', directory, '--what', what, '--day', day)).printed.includes(settlement)
      expect([what, await on('2024-05-06'), await on('2024-05-07')]).toEqual([what, false, true])
    }
  })

  test('settlements, as NDJSON and as CSV', async () => {
    const { printed } = await run('export', ledger)
    const rows = printed.split('\n').map((line) => JSON.parse(line) as Tree)
    expect(rows.map(({ state }) => state)).toContain('reversed')
    const csv = readCsv((await run('export', ledger, '--format', 'csv')).printed)
    if (!csv.ok) throw new Error('no CSV')
    const [heading, ...lines] = csv.rows
    expect(lines).toHaveLength(rows.length)
    expect(lines[0]).toEqual(heading?.map((column) => String(rows[0]?.[column])))
  })

  test('of a day and a hospital', async () => {
    const { printed } = await run('export', ledger, '--day', '2024-05-06', '--hospital', 'H2')
    expect(printed.split('\n')).toHaveLength(1)
    expect((await run('export', ledger, '--day', '6 May')).code).toBe(2)
  })

  test('entries are level: what is reversed adds up to nothing', async () => {
    const { printed } = await run('export', ledger, '--what', 'entries')
    const rows = printed.split('\n').map((line) => JSON.parse(line) as Tree)
    const ofFirst = rows.filter(({ settlement }) => settlement === 'S000000000021')
    expect(ofFirst.length).toBeGreaterThan(2)
    expect(ofFirst.reduce((sum, { amount }) => sum + Number(amount), 0)).toBe(0)
  })

  test('national rows and the audit', async () => {
    const national = (await run('export', ledger, '--what', '3202')).printed.split('\n')
    expect(national.every((line) => line.split('\t').length === 7)).toBe(true)
    const audit = (await run('export', ledger, '--what', 'audit')).printed.split('\n')
    expect(audit.map((line) => (JSON.parse(line) as Tree)['seq'])).toEqual(
      audit.map((_, index) => index + 1),
    )
  })

  test('no cell of a CSV file is a formula', () => {
    expect(csvLine(['=1+1', '+A1', '-2+3', '@x', '\tx', -12.5, '-3', 'a"b,c'])).toBe(
      `'=1+1,'+A1,'-2+3,'@x,'\tx,-12.5,-3,"a""b,c"`,
    )
  })
})

describe('backup and restore', () => {
  test('a backup made while the ledger is open verifies, and so does what is restored from it', async () => {
    const [backup, restored] = [join(folder, 'backup'), join(folder, 'restored')]
    const store = given(await openLedgerStore(ledger, SMALL_MAP))
    expect((await run('verify', ledger)).complained).toContain('STORE_IN_USE')
    expect((await run('backup', ledger, backup)).code).toBe(0)
    await store.close()
    expect((await run('restore', backup, restored)).code).toBe(0)
    const ends = await Promise.all(
      [ledger, backup, restored].map(async (directory) => data('verify', directory)),
    )
    expect(ends[1]).toEqual(ends[0])
    expect(ends[2]).toEqual(ends[0])
    expect((await run('backup', ledger, backup)).complained).toContain('STORE_TARGET_NOT_EMPTY')
    expect((await run('restore', backup, ledger)).complained).toContain('STORE_TARGET_NOT_EMPTY')
  })
})

test('every ledger command explains itself in both languages', async () => {
  for (const name of ['verify', 'show', 'export', 'backup', 'restore']) {
    const { code, printed } = await run(name, '--help')
    expect(code).toBe(0)
    expect(printed).toMatch(/用法 Usage:/)
    expect(printed).toMatch(/账本文件夹|备份文件夹/)
  }
})

describe('day', () => {
  test('what each institution’s accounting day comes to, the same as the engine answers', async () => {
    const { code, printed } = await run('day', ledger, '2024-05-07', '--lang', 'en')
    expect(code).toBe(0)
    expect(printed).toContain('accounting day 2024-05-07, open')
    const { hospitals, closed, closedUntil } = await data('day', ledger, '2024-05-07')
    expect([closed, closedUntil]).toEqual([false, '2024-05-06'])
    const [first] = hospitals as readonly Record<string, unknown>[]
    const store = given(await openLedgerStore(ledger, SMALL_MAP))
    const engine = given(await openEngine({ store, clock: () => SMALL_DAY + 2 * 86_400_000 }))
    const { hospital, ...totals } = first ?? {}
    const reply = await engine.submit({
      operation: 'dayTotals',
      hospital: String(hospital),
      requestId: '',
      body: { day: '2024-05-07' },
    })
    await engine.close()
    await store.close()
    expect(reply).toMatchObject({ kind: 'answer', answer: totals })
    expect(Number(totals['rows'])).toBeGreaterThan(0)
  })

  test('a closed day says so; a day is closed once, and closing it again answers the same', async () => {
    const copy = join(folder, 'to-close')
    await run('backup', ledger, copy)
    expect((await data('day', copy, '2024-05-06'))['closed']).toBe(true)
    for (const time of ['first', 'again']) {
      const closed = await data('day', copy, '2024-05-07', '--close')
      expect([time, closed['closed'], closed['closedUntil']]).toEqual([time, true, '2024-05-07'])
    }
    const { code, complained } = await run('day', copy, '2024-05-05', '--close')
    expect(code).toBe(1)
    expect(complained).toContain('DAY_ALREADY_CLOSED')
  })

  test('a day that nothing was posted in, one that is no day, and a folder without a ledger', async () => {
    expect(await data('day', ledger, '2023-01-01')).toMatchObject({ closed: true, hospitals: [] })
    expect((await run('day', ledger, '2024-02-30')).code).not.toBe(0)
    const nowhere = join(folder, 'nowhere')
    expect(await data('day', nowhere, '2024-05-07')).toMatchObject({
      problems: [{ code: 'LEDGER_NOT_FOUND' }],
    })
  })
})

test('a folder that cannot be looked into is not called one without a ledger', async () => {
  const loop = join(folder, 'loop')
  symlinkSync(loop, loop)
  const [problem] = (await data('verify', loop))['problems'] as readonly { code: string }[]
  expect(problem?.code).toBe('STORE_DIRECTORY_UNUSABLE')
})
