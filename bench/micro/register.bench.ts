import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert } from '../../src/assert.ts'
import { readCsvParts } from '../../src/csv.ts'
import { openRegistryFile } from '../../src/files/registry-files.ts'
import { withSpool } from '../../src/files/registry-spool.ts'
import {
  IMPORT_MODES,
  importRegistry,
  type ImportMode,
  type ImportReport,
} from '../../src/registry/import-registry.ts'

/*
 * How fast a register of a million persons with coverage is read, checked and handed over, by format and mode. Nothing is stored:
 * `write` only counts, so that what a store needs comes on top. Beside the time on the clock stands the time on the processors,
 * which other programs disturb less, and what the CSV parser alone needs for the same file.
 */

const PERSONS = Number(process.argv[2] ?? 1_000_000)
const BLOCK = 10_000

const HEADER =
  'id,jurisdiction,familyId,sex,age,coverage.from,coverage.to,coverage.insutype,coverage.psnType,coverage.tier'

function csvRow(index: number): string {
  const person = [
    id(index),
    'demo',
    index % 3 === 0 ? `F${index >> 2}` : '',
    sex(index),
    age(index),
  ]
  return [...person, '2023-01-01', '2099-12-31', '390', '1501', 1 + (index % 2)].join(',')
}

function jsonRow(index: number): string {
  const facts = { insutype: '390', psnType: '1501', tier: 1 + (index % 2) }
  return JSON.stringify({
    id: id(index),
    jurisdiction: 'demo',
    ...(index % 3 === 0 ? { familyId: `F${index >> 2}` } : {}),
    facts: { sex: sex(index), age: age(index) },
    coverage: [{ from: '2023-01-01', to: '2099-12-31', facts }],
  })
}

function id(index: number): string {
  return `P${String(index).padStart(17, '0')}`
}

function sex(index: number): string {
  return index % 2 === 0 ? 'male' : 'female'
}

function age(index: number): number {
  return (index * 7) % 97
}

/** Writes the file row by row; bytes. */
function makeFile(path: string, header: string, row: (index: number) => string): void {
  const file = openSync(path, 'w')
  if (header !== '') writeSync(file, `${header}\n`)
  for (let first = 0; first < PERSONS; first += BLOCK) {
    const count = Math.min(BLOCK, PERSONS - first)
    const rows = Array.from({ length: count }, (_, index) => `${row(first + index)}\n`)
    writeSync(file, rows.join(''))
  }
  closeSync(file)
}

async function importFile(path: string, mode: ImportMode, folder: string): Promise<ImportReport> {
  const opened = await openRegistryFile(path, 'person')
  if (!opened.ok) throw new Error(JSON.stringify(opened.problems))
  const { close, entries } = opened.value
  const report = await withSpool(folder, (spool) =>
    importRegistry({
      kind: 'person',
      mode,
      entries,
      spool,
      lookup: () => undefined,
      write: () => Promise.resolve(),
    }),
  )
  await close()
  return report
}

async function countRows(path: string): Promise<number> {
  let count = -1
  for await (const part of readCsvParts(createReadStream(path), PERSONS)) {
    assert(part.ok, 'the file is CSV')
    count += part.rows.length
  }
  return count
}

async function measured(name: string, work: () => Promise<number>): Promise<void> {
  const [begun, cpuBegun] = [performance.now(), process.cpuUsage()]
  const count = await work()
  const seconds = (performance.now() - begun) / 1_000
  const cpu = process.cpuUsage(cpuBegun)
  assert(count === PERSONS, 'every person is there')
  const rate = Math.round(PERSONS / seconds).toLocaleString('en')
  const each = ((cpu.user + cpu.system) / PERSONS).toFixed(1)
  const memory = Math.round(process.memoryUsage().rss / 1e6)
  process.stdout.write(
    `${name.padEnd(18)} ${seconds.toFixed(1)} s, ${rate} rows/s, ${each} µs of processor a row, ${memory} MB\n`,
  )
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'registry-bench-'))
  try {
    const files = [
      { path: join(folder, 'persons.csv'), header: HEADER, row: csvRow },
      { path: join(folder, 'persons.ndjson'), header: '', row: jsonRow },
    ]
    for (const { header, path, row } of files) {
      makeFile(path, header, row)
      const format = path.split('.').at(-1) ?? ''
      if (format === 'csv') await measured('csv, parser alone', () => countRows(path))
      for (const mode of IMPORT_MODES) {
        await measured(`${format}, ${mode}`, async () => {
          const report = await importFile(path, mode, folder)
          assert(report.problemCount === 0, 'nothing is wrong with the file')
          return report.written
        })
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

await main()
