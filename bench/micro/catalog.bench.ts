/**
 * The catalogue at 300,000 rows: compiled from CSV, saved, opened in a fresh process, looked up, and lines
 * classified from it. Checks its own answers: every code found with the right entry on its dates, misses missed,
 * every classified line conserved. Prints one line per figure with its target; a wrong answer throws.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assert } from '../../src/assert.ts'
import type { Catalog } from '../../src/catalog/catalog.ts'
import type { ClassificationContext } from '../../src/catalog/classification.ts'
import { classifyLine } from '../../src/catalog/classify-line.ts'
import { compileCatalog } from '../../src/catalog/compile.ts'
import { parseEpochDay } from '../../src/catalog/epoch-day.ts'
import { openCatalog } from '../../src/catalog/open.ts'
import { parseCatalogCsv } from '../../src/catalog/parse-csv.ts'
import { parseCatalogRows } from '../../src/catalog/parse-rows.ts'
import type { Result } from '../../src/errors/problem.ts'
import { loadCompiledCatalog, saveCompiledCatalog } from '../../src/files/catalog-files.ts'
import { fen } from '../../src/money/fen.ts'

const ROWS = 300_000
const JURISDICTIONS = 20
const LOOK_UPS = 3_000_000
const BYTES_PER_MB = 1e6

/** What a row of the synthetic file must be found as. */
interface Expected {
  readonly jurisdiction: string
  readonly code: string
  readonly from: number
  readonly to: number
}

function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Error(JSON.stringify(result.problems.slice(0, 3)))
}

function day(text: string): number {
  const value = parseEpochDay(text)
  assert(value !== undefined, `a date: ${text}`)
  return value
}

/** xorshift32: the same codes and look-ups in every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const PERIODS = [
  ['2024-01-01', '2024-12-31'],
  ['2025-01-01', ''],
] as const
const LAST_DAY = day('9999-12-31')

/** The real national drug codes, spread over jurisdictions, half of the codes with two dated entries. */
function syntheticCsv(): { text: string; expected: Expected[] } {
  const path = new URL('../../../rules/catalog/national-2024/drug-codes.csv', import.meta.url)
  const source = valueOf(parseCatalogCsv(readFileSync(fileURLToPath(path), 'utf8')))
  const lines = [
    'insu_admdvs,med_list_codg,med_list_name,chrgitm_lv,med_chrgitm_type,lmt_used_flag,lmt_desc,' +
      'begndate,enddate,selfpay_prop,pric_uplmt_amt',
  ]
  const expected: Expected[] = []
  for (let key = 0; expected.length < ROWS; key += 1) {
    const real = source.records[key % source.records.length] ?? []
    const round = Math.floor(key / source.records.length)
    const jurisdiction = String(310_000 + (round % JURISDICTIONS))
    const code = `${real[0] ?? ''}${round < JURISDICTIONS ? '' : `-${round}`}`
    const periods = key % 2 === 0 ? PERIODS : PERIODS.slice(0, 1)
    for (const [from, to] of periods) {
      const rate = real[2] === '01' ? '0' : `person=11: 0.05; person=12: 0.${(key % 9) + 1}`
      const price = key % 3 === 0 ? `level=3: ${key % 500}.${key % 10}5; level=2: 12.5` : ''
      const name = real[1] ?? ''
      const cells = [jurisdiction, code, name, real[2], real[4], real[5], `"${real[6] ?? ''}"`]
      lines.push([...cells, from, to, rate, price].join(','))
      expected.push({ jurisdiction, code, from: day(from), to: to === '' ? LAST_DAY : day(to) })
    }
  }
  return { text: `${lines.join('\n')}\n`, expected }
}

function milliseconds(work: () => void): number {
  const begin = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - begin) / 1e6
}

function report(what: string, figure: string, target: string): void {
  process.stdout.write(`${what.padEnd(46)} ${figure.padStart(16)}   ${target}\n`)
}

function checkAnswers(catalog: Catalog, expected: readonly Expected[]): void {
  const keys = new Set(expected.map((item) => `${item.jurisdiction} ${item.code}`))
  for (const { jurisdiction, code, from, to } of expected) {
    for (const date of [from, to]) {
      const entry = catalog.find(jurisdiction, code, date)
      assert(entry?.code === code, 'a code of the file is found on its first and last day')
      assert(entry.effectiveFrom === from && entry.effectiveTo === to, 'its own entry is found')
    }
    assert(catalog.find(jurisdiction, code, PERIOD_BEGIN - 1) === undefined, 'not before its dates')
  }
  const random = randomFrom(7)
  for (let left = ROWS; left > 0; left -= 1) {
    const code = `Q${random(2 ** 31)}`
    assert(!keys.has(`310000 ${code}`), 'a miss is a miss')
    assert(catalog.find('310000', code, PERIOD_BEGIN) === undefined, 'another code is not found')
  }
}

const PERIOD_BEGIN = day('2024-01-01')

function measureLookUps(catalog: Catalog, expected: readonly Expected[], window: number): number {
  const random = randomFrom(11)
  let found = 0
  const time = milliseconds(() => {
    for (let left = LOOK_UPS; left > 0; left -= 1) {
      const item = expected[random(window)]
      assert(item !== undefined, 'an expected row')
      if (catalog.find(item.jurisdiction, item.code, item.from) !== undefined) found += 1
    }
  })
  assert(found === LOOK_UPS, 'every look-up finds its entry')
  return LOOK_UPS / time / 1_000
}

function measureClassification(catalog: Catalog, expected: readonly Expected[]): number {
  const context: ClassificationContext = {
    hospitalLevel: 3,
    personType: '12',
    visitType: '21',
    unmatched: 'refuse',
    quantityUsed: { day: 0, month: 0 },
  }
  const random = randomFrom(13)
  const time = milliseconds(() => {
    for (let left = LOOK_UPS; left > 0; left -= 1) {
      const item = expected[random(2_000)]
      assert(item !== undefined, 'an expected row')
      const entry = catalog.find(item.jurisdiction, item.code, item.from)
      const line = { code: item.code, amount: fen(random(1_000_000)), quantity: 10_000 }
      const cut = valueOf(classifyLine(line, entry, context))
      const sum = cut.ownPay + cut.overLimit + cut.preSelfPay + cut.inScope
      assert(sum === line.amount, 'the parts of a line add up')
    }
  })
  return LOOK_UPS / time / 1_000
}

/** What opening costs a process that does nothing else: time, and memory in megabytes. */
function openInFreshProcess(path: string): { milliseconds: number; megabytes: number } {
  const script = fileURLToPath(import.meta.url)
  const child = spawnSync(process.execPath, ['--expose-gc', script, '--open', path])
  assert(child.status === 0, `the child opens the catalogue: ${child.stderr.toString()}`)
  const [time, memory] = child.stdout.toString().split(' ')
  return { milliseconds: Number(time), megabytes: Number(memory) }
}

function openAndReport(path: string): void {
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  let opened: Catalog | undefined
  const time = milliseconds(() => {
    opened = valueOf(loadCompiledCatalog(path)).catalog
  })
  const memory = (process.memoryUsage().rss - before) / BYTES_PER_MB
  assert(opened !== undefined && opened.rowCount === ROWS, 'the whole catalogue is open')
  process.stdout.write(`${time} ${memory}`)
}

/** Compiles the text as a first start would, printing where the time goes. */
function compile(text: string): SharedArrayBuffer {
  const begin = process.hrtime.bigint()
  const since = () => Number(process.hrtime.bigint() - begin) / 1e6
  const table = valueOf(parseCatalogCsv(text))
  const csv = since()
  const rows = valueOf(parseCatalogRows(table, {}))
  const parsed = since()
  const buffer = valueOf(compileCatalog(rows))
  const total = since()
  report('  CSV to cells', `${csv.toFixed(0)} ms`, '')
  report('  cells to entries', `${(parsed - csv).toFixed(0)} ms`, '')
  report('  entries to binary', `${(total - parsed).toFixed(0)} ms`, '')
  report('first compile, in all', `${total.toFixed(0)} ms`, '≤ 3,000 ms')
  return buffer
}

function compileText(text: string): SharedArrayBuffer {
  return valueOf(compileCatalog(valueOf(parseCatalogRows(valueOf(parseCatalogCsv(text)), {}))))
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'qingfen-catalog-'))
  try {
    const { text, expected } = syntheticCsv()
    report('rows', ROWS.toLocaleString('en'), '')
    report('CSV source', `${(text.length / BYTES_PER_MB).toFixed(1)} M characters`, '')
    const file = join(folder, 'catalog.bin')
    valueOf(saveCompiledCatalog(file, compile(text)))
    const opened = openInFreshProcess(file)
    report('binary', `${(statSync(file).size / BYTES_PER_MB).toFixed(1)} MB`, '')
    report('memory of a process that opens it', `${opened.megabytes.toFixed(1)} MB`, '≤ 150 MB')
    report('open, checksum included', `${opened.milliseconds.toFixed(0)} ms`, '≤ 200 ms')
    const { catalog } = valueOf(loadCompiledCatalog(file))
    checkAnswers(catalog, expected)
    report('answers checked', `${(expected.length * 3 + ROWS).toLocaleString('en')}`, 'all right')
    const [often, all] = [2_000, expected.length]
    for (const window of [often, all]) {
      const rate = measureLookUps(catalog, expected, window)
      report(`look-ups over ${window} entries`, `${rate.toFixed(2)} M/s`, 'O(1)')
    }
    const few = text.split('\n', often + 1).join('\n')
    const small = valueOf(openCatalog(compileText(few)))
    const rate = measureLookUps(small, expected, often)
    report(`the same in a catalogue of ${often} rows`, `${rate.toFixed(2)} M/s`, 'about equal')
    const lines = measureClassification(catalog, expected)
    report('look-up and classification of a line', `${lines.toFixed(2)} M/s`, '')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const [flag, path] = process.argv.slice(2)
if (flag === '--open' && path !== undefined) openAndReport(path)
else main()
