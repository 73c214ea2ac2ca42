import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runCommandLine } from '../../src/cli/program.ts'
import { widthOf } from '../../src/cli/render/columns.ts'
import { exportText } from '../../src/reconciliation/export-rows.ts'
import { KINDS } from '../../src/reconciliation/kinds.ts'
import { DETAIL_COLUMNS, detailText } from '../../src/reconciliation/national-detail.ts'
import { Chance } from '../hostile/chance.ts'
import { BOOK_FAULTS } from '../reconciliation/book-faults.ts'
import { NATIONAL_FAULTS } from '../reconciliation/national-faults.ts'
import { randomBook, randomNational, settlementName } from '../reconciliation/random-books.ts'
import { run, runAt } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'qingfen-reconcile-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const TARGETS = [settlementName(0), settlementName(2)] as const
const NATIONAL = randomNational(new Chance(11))
const BOOK = randomBook(new Chance(11))

describe('each fault is named by the command, in both formats', () => {
  test.each(NATIONAL_FAULTS.map((fault) => [fault.name, fault] as const))(
    '3202: %s',
    async (_, fault) => {
      const books = fault.inject({ ours: NATIONAL, theirs: NATIONAL }, TARGETS, new Chance(1))
      const [ours, theirs] = [
        file('a.txt', detailText(books.ours)),
        file('b.txt', detailText(books.theirs)),
      ]
      const { code, printed } = await run('ledger', 'reconcile', ours, theirs, '--lang', 'en')
      expect(code).toBe(1)
      expect(printed).toContain(`1. ${KINDS[fault.kind].en} (1)`)
      expect(printed).toContain(TARGETS[0])
    },
  )

  test.each(BOOK_FAULTS.map((fault) => [fault.name, fault] as const))(
    'export: %s',
    async (_, fault) => {
      const books = fault.inject({ ours: BOOK, theirs: BOOK }, TARGETS, new Chance(1))
      const [ours, theirs] = [
        file('a.json', exportText(books.ours)),
        file('b.json', exportText(books.theirs)),
      ]
      const { code, printed } = await run('ledger', 'reconcile', ours, theirs, '--lang', 'zh')
      expect(code).toBe(1)
      expect(printed).toContain(`1. ${KINDS[fault.kind].zh} (1)`)
      expect(printed).toContain(TARGETS[0])
    },
  )
})

test('books that disagree by 61 yuan: every fen of it is explained', async () => {
  const ours = file(
    'ours61.txt',
    ['A\tV1\tP1\t100.00\t80.00\t10.00\t0', 'B\tV2\tP2\t50.00\t20.00\t5.00\t0', ''].join('\n'),
  )
  const theirs = file(
    'theirs61.txt',
    [
      'A\tV1\tP1\t100.00\t90.00\t10.00\t0',
      'B\tV2\tP2\t50.01\t20.00\t5.00\t0',
      'C\tV3\tP3\t60.99\t0.00\t0.00\t0',
      '',
    ].join('\n'),
  )
  const { printed } = await run('ledger', 'reconcile', ours, theirs, '--lang', 'en')
  const composition = printed.slice(printed.indexOf('what the difference is made of'))
  expect(composition.split('\n').map((line) => line.replaceAll(/ {2,}/g, '  '))).toEqual([
    'what the difference is made of  total  fund  account',
    '─'.repeat(100),
    '1. missing at ours (1)  +60.99  –  –',
    '2. account inside the fund sum (1)  –  +10.00  –',
    '3. rounding (1)  +0.01  –  –',
    '─'.repeat(100),
    'sum of these  +61.00  +10.00  –',
    'difference of the books  +61.00  +10.00  –',
    '─'.repeat(100),
  ])
})

test('level books end with 0, whatever the order of their rows', async () => {
  const ours = file('level-a.txt', detailText(NATIONAL))
  const theirs = file('level-b.txt', detailText(NATIONAL.toReversed()))
  const { code, printed } = await run('ledger', 'reconcile', ours, theirs)
  expect(code).toBe(0)
  expect(printed).toContain('✓ 两账一致')
  const nothing = file('empty.txt', '')
  expect((await run('ledger', 'reconcile', nothing, nothing)).printed).toContain('both are empty')
  expect((await run('ledger', 'reconcile', ours, nothing)).code).toBe(1)
})

test('JSON has every row, effects in fen and the sentences', async () => {
  const ours = file('j-a.txt', 'A\tV1\tP1\t100.00\t80.00\t10.00\t0\n')
  const theirs = file('j-b.txt', 'A\tV1\tP1\t100.00\t90.00\t10.00\t0\n')
  const { code, printed } = await run('ledger', 'reconcile', ours, theirs, '--json')
  expect(code).toBe(1)
  expect(JSON.parse(printed)).toMatchObject({
    level: false,
    unit: 'fen',
    difference: { total: 0, fund: 1_000, account: 0 },
    discrepancies: [
      {
        kind: 'accountInFund',
        zh: '个人账户计入了基金',
        effect: { fund: 1_000 },
        where: { setl_id: { ours: ['A'], theirs: ['A'] } },
        ours: [{ id: 'A', fund: 8_000 }],
      },
    ],
  })
})

test('JSON leaves in pieces, since all differences of two books may be more than one text can hold', async () => {
  const text = Array.from({ length: 2_000 }, (_, row) => `A${row}\tV\tP\t${row}.01\t0\t0\t0\n`)
  const pieces: string[] = []
  await runCommandLine(
    ['ledger', 'reconcile', file('pieces.txt', text.join('')), file('nothing.txt', ''), '--json'],
    { print: (piece) => void pieces.push(piece), complain: () => undefined, columns: 100 },
  )
  expect(pieces.length).toBeGreaterThan(2)
  const whole = JSON.parse(pieces.join('\n')) as { discrepancies: unknown[] }
  expect(whole.discrepancies).toHaveLength(2_000)
  expect(pieces.join('\n')).toBe(JSON.stringify(whole, null, 2))
})

test('one difference between level totals is one', async () => {
  const ours = file('one-a.txt', 'A\tV1\tP1\t100.00\t80.00\t10.00\t0\n')
  const theirs = file('one-b.txt', 'A\tV1\tP2\t100.00\t80.00\t10.00\t0\n')
  const { printed } = await run('ledger', 'reconcile', ours, theirs, '--lang', 'en')
  expect(printed).toContain('the totals are level, but there is 1 difference of 1 kind')
})

test('the platform’s result stands on their side', async () => {
  const ours = file('r-a.txt', 'A\tV1\tP1\t10.00\t5.00\t0.00\t0\n')
  const result = file('r-b.txt', 'P4\tV4\tD\tMSG4\t1\t0\tnull\t61.00\t50.00\t0.00\n')
  const { printed } = await run('ledger', 'reconcile', ours, result, '--lang', 'zh')
  expect(printed).toContain('对方有，我方没有')
  expect(printed).toContain('MSG4')
  expect((await run('ledger', 'reconcile', result, ours)).complained).toContain(
    'RECONCILE_SIDES_SWAPPED',
  )
})

describe('files', () => {
  const row = 'A\tV1\tP1\t10.00\t5.00\t0.00\t0'
  const plain = file('plain.txt', `${row}\n`)
  test.each([
    ['a byte-order mark', `\uFEFF${row}\n`],
    ['CRLF and no last line end', `${row}\r\n\r\n`],
    ['no last line end', row],
  ])('%s is read', async (name, text) => {
    expect((await run('ledger', 'reconcile', plain, file(`${name}.txt`, text))).code).toBe(0)
  })

  test('GB18030 is read', async () => {
    // 张 is D5 C5 in GB18030 and no UTF-8.
    const bytes = Buffer.concat([
      Buffer.from('P4\tV4\tD\tM\t1\t0\t'),
      Buffer.from([0xd5, 0xc5]),
      Buffer.from('\t61.00\t50.00\t0.00\n'),
    ])
    expect((await run('ledger', 'reconcile', plain, file('gbk.txt', bytes))).printed).toContain(
      '61.00',
    )
  })

  test('blank rows above the first count as rows', async () => {
    const blank = file('blank.txt', `\n\n${row}\n${row.replace('10.00', '1e3')}\n`)
    const { complained } = await run('ledger', 'reconcile', plain, blank)
    expect(complained).toContain('blank.txt:4 RECONCILE_VALUE_MALFORMED')
    const heading = DETAIL_COLUMNS.join('\t')
    const headed = file('blank-heading.txt', `\n${heading}\n${row}\n`)
    expect((await run('ledger', 'reconcile', plain, headed)).code).toBe(0)
  })

  test('GB18030 is read from a pipe too, whose bytes come once', async () => {
    const text = Buffer.concat([
      Buffer.from('A\tV1\t'),
      Buffer.from([0xd5, 0xc5]),
      Buffer.from('\t10.00\t5.00\t0.00\t0\n'),
    ])
    const [onDisk, pipe] = [file('gbk-disk.txt', text), join(folder, 'gbk-pipe')]
    execFileSync('mkfifo', [pipe])
    const writer = spawn('sh', ['-c', 'cat "$0" > "$1"', onDisk, pipe])
    const { code, printed } = await run('ledger', 'reconcile', onDisk, pipe, '--lang', 'en')
    writer.kill()
    expect(printed).toContain('the books are level')
    expect(code).toBe(0)
  })

  test.each([
    ['zip', Buffer.from([0x50, 0x4b, 0x03, 0x04, 0, 0]), 'RECONCILE_FILE_PACKED'],
    ['gzip', Buffer.from([0x1f, 0x8b, 8]), 'RECONCILE_FILE_PACKED'],
    ['UTF-16', Buffer.from('\uFEFFA\tB', 'utf16le'), 'RECONCILE_FILE_ENCODING'],
    ['bytes of nothing', Buffer.from([0xff, 0xff, 0xff, 0x0a]), 'RECONCILE_FILE_ENCODING'],
    ['a file without line ends', Buffer.alloc(3_000_000, 'x'), 'RECONCILE_ROW_TOO_LONG'],
    ['a table of another kind', Buffer.from('a,b\n1,2\n'), 'RECONCILE_COLUMNS_DIFFER'],
  ])('%s is refused', async (name, bytes, code) => {
    const { code: exit, complained } = await run(
      'ledger',
      'reconcile',
      plain,
      file(`${name}.bin`, bytes),
    )
    expect(exit).toBe(1)
    expect(complained).toContain(code)
    expect(complained).toContain(`${name}.bin`)
  })

  test('more rows than can be compared, and more bytes, are refused', async () => {
    const row = 'A\tV1\tP1\t0.00\t0.00\t0.00\t0\n'
    const many = file('many.txt', row.repeat(1_000_001))
    const large = file('large.txt', '')
    // A hole: no disk is filled by it.
    truncateSync(large, 1024 ** 3 + 1)
    for (const [path, what] of [
      [many, 'rows'],
      [large, 'bytes'],
    ] as const) {
      const { code, printed } = await run('ledger', 'reconcile', path, plain, '--json')
      expect(code).toBe(1)
      expect(JSON.parse(printed)).toMatchObject({
        problems: [{ code: 'RECONCILE_FILE_TOO_LARGE', file: path, details: { what } }],
      })
    }
  })

  test('an export of another table or as CSV is told which one to take', async () => {
    const settlements = file('settlements.ndjson', '{"settlement":"S1","state":"settled"}\n')
    const csv = file('entries.csv', 'settlement,kind,day\nS1,settlement,2025-03-01\n')
    for (const path of [settlements, csv]) {
      const { complained } = await run('ledger', 'reconcile', plain, path)
      expect(complained.match(/--what\s+entries/g)?.length).toBeGreaterThanOrEqual(2)
    }
  })

  test('a file that is not there, and two that do not go together', async () => {
    const missing = await run('ledger', 'reconcile', plain, join(folder, 'none.txt'))
    expect(missing.complained).toContain('RECONCILE_FILE_UNREADABLE')
    const other = await run('ledger', 'reconcile', plain, file('x.ndjson', exportText(BOOK)))
    expect(other.complained).toContain('RECONCILE_FORMATS_DIFFER')
  })
})

test.each([40, 60, 100, 160])('nothing is wider than %i columns', async (columns) => {
  const faults = NATIONAL_FAULTS.filter(({ kind }) => kind === 'compensating' || kind === 'split')
  const books = faults.reduce(
    (before, { inject }, index) =>
      inject(before, [settlementName(index), settlementName(index + 4)], new Chance(1)),
    { ours: NATIONAL, theirs: NATIONAL },
  )
  const [ours, theirs] = [
    file('w-a', detailText(books.ours)),
    file('w-b', detailText(books.theirs)),
  ]
  const { printed } = await runAt(columns, 'ledger', 'reconcile', ours, theirs)
  const isPath = (line: string) => line.includes(folder)
  const wide = printed.split('\n').filter((line) => widthOf(line) > columns && !isPath(line))
  expect(wide).toEqual([])
})

test('no heading touches the one beside it', async () => {
  const same = file('headings.txt', detailText(NATIONAL))
  for (const columns of [40, 80, 100]) {
    const { printed } = await runAt(columns, 'ledger', 'reconcile', same, same)
    expect(printed).toMatch(/ ours +theirs +difference$/m)
  }
})
