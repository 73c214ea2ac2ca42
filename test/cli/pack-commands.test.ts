import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runCommandLine } from '../../src/cli/program.ts'
import { SKELETON } from '../../src/cli/skeleton.ts'
import { widthOf } from '../../src/cli/render/columns.ts'
import { builtProgram } from '../built-program.ts'
import { run, runAt } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'qingfen-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

test('the skeleton passes check and its own cases', async () => {
  const path = join(folder, 'new.yaml')
  expect((await run('pack', 'new', path)).code).toBe(0)
  expect(readFileSync(path, 'utf8')).toBe(SKELETON)
  expect(await run('pack', 'check', path)).toMatchObject({ code: 0, complained: '' })
  const tested = await run('pack', 'test', path, '--json')
  expect(JSON.parse(tested.printed)).toMatchObject({ passed: 2 })
  expect(tested.code).toBe(0)
})

test('new leaves a file that exists alone', async () => {
  const path = file('mine.yaml', 'pack: mine')
  const { code, complained } = await run('pack', 'new', path)
  expect(code).toBe(1)
  expect(complained).toContain('CLI_FILE_EXISTS')
  expect(readFileSync(path, 'utf8')).toBe('pack: mine')
})

test('new leaves no part of a file that does not go onto the disk', () => {
  const path = join(folder, 'half.yaml')
  const program = builtProgram('src/cli/main')
  // A file may have no byte: what the system says of a disk that fills up while it is written.
  const shell = `trap '' XFSZ; ulimit -f 0; exec "${process.execPath}" "${program}" pack new "${path}"`
  const { status, stderr } = spawnSync('sh', ['-c', shell], { encoding: 'utf8' })
  expect(stderr).toContain('CLI_FILE_UNWRITABLE')
  expect(status).toBe(1)
  expect(existsSync(path)).toBe(false)
})

test('new says why a file cannot be written', async () => {
  const { code, complained } = await run('pack', 'new', join(folder, 'nowhere', 'mine.yaml'))
  expect(code).toBe(1)
  expect(complained).toContain('CLI_FILE_UNWRITABLE')
  expect(complained).toContain('ENOENT')
})

test('a problem found while compiling names file, line and column, and what to do', async () => {
  const path = file('bad.yaml', SKELETON.replace('visit.kind ==', 'visit.kindd =='))
  const { code, complained } = await run('pack', 'check', path, '--lang', 'en')
  const line = SKELETON.split('\n').findIndex((text) => text.includes('visit.kind ==')) + 1
  expect(code).toBe(1)
  expect(complained).toContain(`bad.yaml:${line}:11`)
  expect(complained).toContain('benefits[0].when')
  expect(complained).toContain('→')
})

test('a case that does not hold is shown with both amounts', async () => {
  const path = file('off.yaml', SKELETON.replace('payment: 16000.00', 'payment: 16000.01'))
  const { code, printed } = await run('pack', 'test', path, '--lang', 'en')
  expect(code).toBe(1)
  expect(printed).toContain('payment should be 16000.01 and is 16000.00')
})

test('a case whose bill is refused says so, with what is wrong with the bill', async () => {
  const path = file('refused.yaml', SKELETON.replace('inScope: ', 'inScope: -'))
  const { code, printed } = await run('pack', 'test', path, '--json')
  expect(code).toBe(1)
  const { cases } = JSON.parse(printed) as { readonly cases: readonly { problems: unknown[] }[] }
  expect(cases.flatMap(({ problems }) => problems)).toContainEqual(
    expect.objectContaining({ code: 'CLI_CASE_REFUSED' }),
  )
})

test('the cases of a notice are run on the version it makes', async () => {
  const notice = (payment: string) => `---
amends: my-city/my-product
effective: { from: 2025-01-01 }
source: 2025 年通知
parameters: { rate: 90% }
cases:
  - name: 新比例
    # (25000 - 15000) x 90 % = 9000
    given:
      visit: { kind: inpatient, start: 2025-03-01, end: 2025-03-20 }
      lines: [{ inScope: 25000.00 }]
      given: { payments: [], kinds: [basic] }
    policy: { preExisting: false }
    expect: { payment: ${payment} }
`
  const right = await run(
    'pack',
    'test',
    file('notice.yaml', SKELETON + notice('9000.00')),
    '--json',
  )
  expect(JSON.parse(right.printed)).toMatchObject({ passed: 3 })
  const wrong = await run('pack', 'test', file('off-notice.yaml', SKELETON + notice('8000.00')))
  expect(wrong.code).toBe(1)
  expect(wrong.printed).toContain('9000.00')
})

test('diff names what changed, benefits by their id, and not how it is written', async () => {
  const next = SKELETON.replace('rate: 80%', 'rate: 85%').replace(
    'deductible: 15000.00',
    'deductible: 15000.0',
  )
  const [left, right] = [file('left.yaml', SKELETON), file('right.yaml', next)]
  const { code, printed } = await run('pack', 'diff', left, right, '--json')
  expect(code).toBe(1)
  expect(JSON.parse(printed)).toEqual({
    changes: [{ path: 'parameters.rate', before: '80%', after: '85%' }],
  })
  expect((await run('pack', 'diff', left, left)).code).toBe(0)
})

test('diff takes a notice as the version it makes', async () => {
  const notice = `---
amends: my-city/my-product
effective: { from: 2025-01-01 }
source: 2025 年通知
parameters: { rate: 90% }
`
  const path = file('years.yaml', SKELETON + notice)
  const { printed } = await run(
    'pack',
    'diff',
    `${path}@2024-01-01`,
    `${path}@2025-01-01`,
    '--json',
  )
  expect(JSON.parse(printed)).toMatchObject({
    changes: [
      { path: 'effective.from' },
      { path: 'effective.to', before: '2024-12-31' },
      { path: 'source' },
      { path: 'parameters.rate', before: '80%', after: '90%' },
    ],
  })
})

test('diff wants one version on each side', async () => {
  const other = SKELETON.replace('pack: my-city/my-product', 'pack: my-city/other')
  const both = file('both.yaml', `${SKELETON}---\n${other}`)
  const one = file('one-of-them.yaml', SKELETON)
  for (const sides of [
    [both, one],
    [one, both],
    [`${one}@1999-01-01`, one],
  ] as const) {
    const { code, complained } = await run('pack', 'diff', ...sides)
    expect(code).toBe(1)
    expect(complained).toContain('CLI_PACK_VERSIONS')
  }
  expect((await run('pack', 'diff', both, one, '--pack', 'my-city/my-product')).code).toBe(0)
})

test('diff shows an item that only one version has as one change', async () => {
  const item = SKELETON.slice(SKELETON.indexOf('  - name: 免赔额已用 10000'))
  const [left, right] = [file('two.yaml', SKELETON), file('one.yaml', SKELETON.replace(item, ''))]
  expect((await run('pack', 'diff', left, right, '--lang', 'en')).printed).toBe(
    'cases[免赔额已用 10000]\n  - all of it',
  )
  expect((await run('pack', 'diff', right, left, '--lang', 'zh')).printed).toBe(
    'cases[免赔额已用 10000]\n  + 整项',
  )
})

test.each([60, 80, 100])('help fits %i columns in both languages', async (columns) => {
  for (const command of [['--help'], ['adjudicate', '--help'], ['pack', 'diff', '--help']]) {
    const { printed } = await runAt(columns, ...command)
    expect(printed).toContain('用法 Usage:')
    expect(printed.split('\n').filter((line) => widthOf(line) > columns)).toEqual([])
  }
})

test.each([
  [['adjudicate', 'x'], '必须写选项“--packs <paths...>”'],
  [['pack', 'check'], '缺少参数“paths”'],
  [['pack', 'chek', 'x'], '没有命令“chek”'],
  [['pack', 'check', 'x', '--jsn'], '没有选项“--jsn”'],
  [
    ['pack', 'check', 'x', '--lang', 'fr'],
    '选项“--lang <language>”不能写“fr”，只能写：zh, en, both',
  ],
  [['pack', 'check', 'x', '--lang'], '选项“--lang <language>”后面缺少值'],
  [['pack', 'diff', 'x', 'y', 'z'], '参数太多'],
  [['ledger', 'day', 'x', '27.11'], '参数“day”不能写“27.11”，应写如：2026-11-25'],
  [['ledger', 'export', 'x', '--day', 'y'], '选项“--day <day>”不能写“y”，应写如：2026-11-25'],
])('wrong usage is said in both languages: %j', async (args, chinese) => {
  const { code, complained } = await run(...args)
  expect(code).toBe(2)
  expect(complained).toContain(`错误：${chinese}`)
  expect(complained).toContain('error: ')
})

test('a defect of the program is an end of its own, and data for who asked for data', async () => {
  const [printed, complained]: [string[], string[]] = [[], []]
  let isBroken = true
  const code = await runCommandLine(['pack', 'new', '--json'], {
    print: (text) => {
      if (isBroken) {
        isBroken = false
        throw new Error('the terminal has gone')
      }
      printed.push(text)
    },
    complain: (text) => void complained.push(text),
    columns: 100,
  })
  expect(code).toBe(3)
  expect(JSON.parse(printed.join(''))).toMatchObject({ problems: [{ code: 'CLI_INTERNAL' }] })
  expect(complained.join('')).toContain('the terminal has gone')
})

test('wrong usage is told apart from refusal', async () => {
  expect((await run('pack', 'check')).code).toBe(2)
  expect((await run('settle')).code).toBe(2)
  expect((await run('pack', 'check', join(folder, 'nothing.yaml'))).code).toBe(1)
  expect(await run('--help')).toMatchObject({ code: 0 })
  expect((await run('--help')).printed).toContain('Exit codes')
})

test('the cases of a notice run with the values of the notice', async () => {
  const given = 'visit: { kind: inpatient, start: 2025-03-01 }, lines: [{ inScope: 35000.00 }]'
  const notice = `---
amends: my-city/my-product
effective: { from: 2025-01-01 }
source: 2025 年通知
parameters: { deductible: 20000.00 }
cases: [{ name: 新免赔额, given: { ${given} }, expect: { payment: 12000.00 } }]
`
  const right = await run('pack', 'test', file('notice.yaml', SKELETON + notice), '--json')
  expect(right.code).toBe(0)
  expect(JSON.parse(right.printed)).toMatchObject({ passed: 3 })
  const wrong = notice.replace('12000.00 }', '12000.01 }')
  const { code, printed } = await run('pack', 'test', file('wrong-notice.yaml', SKELETON + wrong))
  expect(code).toBe(1)
  expect(printed).toContain('✗ my-city/my-product  新免赔额')
})

describe('running totals of a case', () => {
  const pack = (counters: string) =>
    file(
      'totals.yaml',
      `pack: my-city/chronic
kind: basic
payer: { id: fund }
effective: { from: 2024-01-01 }
source: 办法
benefits:
  - id: chronic
    clause: 一
    base: [inScope]
    deductible: { per: year, amount: 700.00 }
    rate: 70%
    limits: [{ id: month, on: payment, per: month, key: visit.disease, amount: 300.00 }]
cases:
  - name: 同月第二次
    given:
      visit: { kind: chronic, start: 2024-01-20, disease: I10 }
      lines: [{ inScope: 500.00 }]
      counters: { ${counters} }
    expect: { payment: 90.00 }
`,
    )

  test.each([
    'chronic.deductible: 700.00, chronic.limit-month|I10: 210.00',
    'chronic.deductible: 700, chronic.limit-month|I10: 210',
    "'person:P|my-city/chronic:chronic.deductible|2024|': 700.00, chronic.limit-month|I10: 210",
  ])('%s is read', async (counters) => {
    expect((await run('pack', 'test', pack(counters))).code).toBe(0)
  })

  test.each([
    ['chronic.limit-month: 210.00', 'CLI_COUNTER_MISFIT', 'chronic.limit-month|<visit.disease>'],
    ['chronic.deductible|I10: 700.00', 'CLI_COUNTER_MISFIT', '"chronic.deductible"'],
    ['chronic.month: 210.00', 'CLI_COUNTER_UNKNOWN', 'chronic.limit-month|<visit.disease>'],
    ["'person:P|my-city/chronic:chronic.deductible|2024|': 700", 'CLI_COUNTER_UNIT', '1000.00'],
    ["'person:P|my-city/chronic:chronic.deductible|2024-01|': 7.00", 'CLI_COUNTER_MISFIT', 'YYYY|'],
    [
      "'policy:P|my-city/chronic:chronic.deductible|2024|': 7.00",
      'CLI_COUNTER_MISFIT',
      'person:id',
    ],
    ["'person:Q|my-city/chronic:chronic.deductible|2024|': 7.00", 'CLI_COUNTER_UNREAD', 'owner'],
  ])('%s would be read as nothing and is refused', async (counters, refusal, says) => {
    const { code, printed } = await run('pack', 'test', pack(counters), '--lang', 'en')
    expect(code).toBe(1)
    expect(printed).toContain(refusal)
    expect(printed).toContain(says)
  })
})

test('a case that differs is explained step by step when asked, and says when the pack was not at work', async () => {
  const path = file('early.yaml', SKELETON.replaceAll('2024-03', '2023-03'))
  const short = (await run('pack', 'test', path, '--lang', 'en')).printed
  expect(short).toContain('CLI_CASE_NOT_AT_WORK')
  expect(short).toContain('add --explain')
  const off = file('off-explained.yaml', SKELETON.replace('payment: 16000.00', 'payment: 1.00'))
  const { printed } = await run('pack', 'test', off, '--lang', 'en', '--explain')
  expect(printed).toContain('the rest at 80% pays 16,000.00 yuan')
  expect(printed).not.toContain('CLI_CASE_NOT_AT_WORK')
})

test('what a pack asks for and a case does not state is shown where the pack asks', async () => {
  const asking = SKELETON.replace('visit.kind == "inpatient"', 'policy.preExisting')
  const path = file('asking.yaml', asking)
  const line = SKELETON.split('\n').findIndex((text) => text.includes('visit.kind ==')) + 1
  const { printed } = await run('pack', 'test', path, '--lang', 'en')
  expect(printed).toContain(`asking.yaml:${line}:11 FACT_MISSING benefits[0].when`)
  expect(printed).not.toContain('CLI_CASE_DIFFERS')
})

test('a hint names a word only when it is near', async () => {
  const near = await run(
    'pack',
    'check',
    file('near.yaml', SKELETON.replace('inScope,', 'inScop,')),
  )
  expect(near.complained).toContain('did you mean "inScope"?')
  const far = await run('pack', 'check', file('far.yaml', SKELETON.replace('inScope,', '目录内,')))
  expect(far.complained).not.toContain('did you mean')
  expect(far.complained).toContain('→ Allowed: deductible,')
})

test('catalogues among the packs are left alone', async () => {
  expect((await run('pack', 'check', 'rules/catalog', 'rules/chongqing')).complained).toContain(
    'PACK_FOLDER_EMPTY',
  )
  expect((await run('pack', 'test', 'rules')).code).toBe(0)
})
