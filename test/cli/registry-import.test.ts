import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  progressText,
  registryImportCommand,
  type RegistryImportOptions,
} from '../../src/cli/registry-commands.ts'
import { readCsv } from '../../src/csv.ts'
import { run as runProgram } from './run.ts'
import { Register, rows } from '../registry/imports.ts'

const folder = mkdtempSync(join(tmpdir(), 'registry-import-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const RIGHT = rows('id,jurisdiction,coverage.from', 'P1,d,2023-01-01', 'P2,d,2023-01-01')
const WRONG = rows('id,jurisdiction,coverage.from', 'P1,d,2023-01-01', '"P2,x",,=1+1')

async function run(text: string, changes: Partial<RegistryImportOptions> = {}, isWatched = false) {
  const file = join(folder, 'persons.csv')
  writeFileSync(file, text)
  const [printed, complained, status]: [string[], string[], string[]] = [[], [], []]
  const register = new Register()
  const code = await registryImportCommand(
    { file, ledger: folder, kind: 'person', mode: 'all', json: false, lang: 'en', ...changes },
    {
      print: (line) => void printed.push(line),
      complain: (line) => void complained.push(line),
      columns: 100,
      ...(isWatched ? { status: (line: string) => void status.push(line) } : undefined),
    },
    (use) => use(register),
  )
  return { code, printed: printed.join('\n'), complained: complained.join('\n'), status, register }
}

describe('ledger import', () => {
  it('makes no ledger for a file that is not there or is a folder', async () => {
    const ledger = join(folder, 'no-ledger')
    const folderOfName = join(folder, 'persons-folder.csv')
    mkdirSync(folderOfName)
    for (const file of [join(folder, 'absent.csv'), folderOfName]) {
      const { code, complained } = await runProgram(
        'ledger',
        'import',
        file,
        '--ledger',
        ledger,
        '--kind',
        'person',
      )
      expect(code).toBe(1)
      expect(complained).toContain('REGISTER_FILE_UNREADABLE')
      expect(existsSync(ledger)).toBe(false)
    }
  })

  it('says one row of one row', async () => {
    const { printed } = await run(rows('id,jurisdiction,coverage.from', 'P1,d,2023-01-01'))
    expect(printed).toBe('1 row read: 1 entry written, 0 as registered, 0 rows left out')
    const wrong = await run(rows('id,jurisdiction,coverage.from', 'P1,d,x'))
    expect(wrong.printed).toBe('1 row read, 1 problem: nothing was written')
  })

  it('says what it wrote', async () => {
    const { code, complained, printed, register } = await run(RIGHT)
    expect({ code, complained }).toEqual({ code: 0, complained: '' })
    expect(printed).toBe('2 rows read: 2 entries written, 0 as registered, 0 rows left out')
    expect(register.entries.size).toBe(2)
  })

  it('writes nothing and names file, line and column of what is wrong', async () => {
    const { code, complained, printed, register } = await run(WRONG)
    expect(code).toBe(1)
    expect(complained).toContain(`${join(folder, 'persons.csv')}:3:3 FACT_NOT_DATE coverage.from`)
    expect(complained).toContain('FIELD_MISSING jurisdiction')
    expect(printed).toBe('2 rows read, 2 problems: nothing was written')
    expect(register.entries.size).toBe(0)
  })

  it('leaves wrong rows out when told to, and ends as refused', async () => {
    const { code, printed, register } = await run(WRONG, { mode: 'skip', lang: 'zh' })
    expect(code).toBe(1)
    expect(printed).toBe('读了 2 行：写入 1 项，与登记相同 0 项，略去 1 行')
    expect([...register.entries.keys()]).toEqual(['person P1'])
  })

  it('answers as JSON', async () => {
    const { code, complained, printed } = await run(WRONG, { json: true })
    expect({ code, complained }).toEqual({ code: 1, complained: '' })
    expect(JSON.parse(printed)).toMatchObject({
      rows: 2,
      written: 0,
      problemCount: 2,
      problems: [
        { code: 'FIELD_MISSING', line: 3, column: 2, wire: 512 },
        { code: 'FACT_NOT_DATE' },
      ],
    })
  })

  it('writes every problem into a file', async () => {
    const errors = join(folder, 'errors.csv')
    await run(WRONG, { errors })
    const read = readCsv(readFileSync(errors, 'utf8'))
    if (!read.ok) throw new TypeError('no CSV')
    expect(read.rows.map((cells) => cells.slice(0, 4))).toEqual([
      ['line', 'column', 'field', 'code'],
      ['3', '2', 'jurisdiction', 'FIELD_MISSING'],
      ['3', '3', 'coverage.from', 'FACT_NOT_DATE'],
    ])
  })

  it('never lets a spreadsheet take what was refused for a formula', async () => {
    const errors = join(folder, 'formula.csv')
    await run(rows('id,jurisdiction,coverage.from,=1+1', 'P1,d,2023-01-01,'), { errors })
    const read = readCsv(readFileSync(errors, 'utf8'))
    expect(read.ok && read.rows[1]?.[2]).toBe("'=1+1")
  })

  it('refuses files it cannot use', async () => {
    const none = await run(RIGHT, { file: join(folder, 'none.csv') })
    expect(none).toMatchObject({ code: 1, printed: '' })
    expect(none.complained).toContain('REGISTER_FILE_UNREADABLE')
    const errors = await run(RIGHT, { errors: join(folder, 'none', 'errors.csv') })
    expect(errors.complained).toContain('REGISTER_ERRORS_UNWRITABLE')
    const spool = await run(RIGHT, { ledger: join(folder, 'none') })
    expect(spool.complained).toContain('REGISTER_SPOOL_FAILED')
    for (const { register } of [errors, spool]) expect(register.entries.size).toBe(0)
  })

  it('shows progress to who watches, and takes it away before it answers', async () => {
    const { status } = await run(RIGHT, {}, true)
    expect(status[0]).toMatch(/^reading \[#*\.*\] \d+% /)
    expect(status.at(-1)).toBe('')
    expect((await run(RIGHT)).status).toEqual([])
  })
})

describe('progressText', () => {
  const file = { size: 1_000, position: () => 505 }
  const progress = { rows: 5_000, written: 0, done: 0, accepted: 5_000 }

  it('shows bytes while it reads and entries while it writes', () => {
    expect(progressText({ ...progress, phase: 'read' }, file, 0.5).en).toBe(
      'reading [##########..........] 50% 5,000 rows, 10,000 rows/s',
    )
    const writing = { ...progress, phase: 'write', done: 1_250, written: 1_600 } as const
    expect(progressText(writing, file, 2).zh).toBe('写入 [#####...............] 25% 1,600 项')
  })

  it('shows rows only where a file does not say its size', () => {
    expect(progressText({ ...progress, phase: 'read' }, { ...file, size: 0 }, 1).en).toBe(
      'reading 5,000 rows, 5,000 rows/s',
    )
  })
})
