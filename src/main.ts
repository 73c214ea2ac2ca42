import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { paidBy } from './cli/published.ts'
import { showBills, type ShowcaseBill } from './cli/showcase.ts'
import type { ExitCode } from './cli/exit-codes.ts'
import { refusedWith } from './cli/refused.ts'
import { processTerminal, type Terminal } from './cli/terminal.ts'
import { openEngine } from './engine/open-engine.ts'
import { verifyLedger } from './engine/verification/verify-ledger.ts'
import { openLedgerStore } from './store/lmdb-store.ts'

const root = projectRoot(dirname(fileURLToPath(import.meta.url)))

/** The folder of package.json: one level up from the sources, two from the build. */
function projectRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : projectRoot(dirname(folder))
}

const LINFEN: ShowcaseBill = {
  title: {
    zh: '一、山西临汾 2014 年三级医院退休职工住院，真实账单 147 行',
    en: '1. A real inpatient bill of 147 lines: Linfen, Shanxi, 2014, tertiary hospital, retired',
  },
  withPolicies: {
    zh: '一（续）、同一账单，另有泰康住院费用补偿医疗保险（B 款）',
    en: '1b. The same bill with a commercial hospital plan on top',
  },
  bill: join(root, 'examples/linfen-2014-inpatient.yaml'),
  rules: {
    packs: [join(root, 'rules/shanxi-linfen'), join(root, 'rules/commercial/taikang-inpatient-b')],
    catalogs: [join(root, 'rules/catalog/shanxi-linfen-2014/catalog.json')],
  },
  published: [
    { title: { zh: '全自费', en: 'own pay' }, amount: 61_330, of: (s) => s.classification.ownPay },
    {
      title: { zh: '超限价', en: 'over the price ceiling' },
      amount: 5_600,
      of: (s) => s.classification.overLimit,
    },
    {
      title: { zh: '先行自付', en: 'first self-pay' },
      amount: 38_548,
      of: (s) => s.classification.preSelfPay,
    },
    {
      title: { zh: '统筹基金', en: 'pooled fund' },
      amount: 616_215,
      of: paidBy('linfen-employee-fund'),
    },
    { title: { zh: '个人', en: 'patient' }, amount: 246_422, of: (s) => s.patient.total },
    {
      title: { zh: '其中个人账户', en: 'of which personal account' },
      amount: 117_005,
      of: (s) => s.patient.account.current,
    },
    { title: { zh: '其中现金', en: 'of which cash' }, amount: 129_417, of: (s) => s.patient.cash },
  ],
}

const CHONGQING: ShowcaseBill = {
  title: {
    zh: '二、重庆低保对象住院 200000 元：基本医保、大病保险、医疗救助、倾斜救助',
    en: '2. Chongqing, low-income resident, 200,000 yuan: four public layers',
  },
  withPolicies: {
    zh: '二（续）、同一账单，另有渝快保升级款',
    en: '2b. The same bill with the city plan Yukuaibao on top',
  },
  bill: join(root, 'examples/chongqing-2023-low-income.yaml'),
  rules: { packs: [join(root, 'rules/chongqing')], catalogs: [] },
  published: [
    {
      title: { zh: '基本医保', en: 'basic insurance' },
      amount: 12_579_000,
      of: paidBy('chongqing-resident-fund'),
    },
    {
      title: { zh: '大病保险', en: 'major illness' },
      amount: 2_974_368,
      of: paidBy('chongqing-major-illness'),
    },
    {
      title: { zh: '医疗救助', en: 'medical aid' },
      amount: 1_712_642,
      of: paidBy('chongqing-medical-aid'),
    },
    {
      title: { zh: '倾斜救助', en: 'tilt aid' },
      amount: 268_793,
      of: paidBy('chongqing-tilt-aid'),
    },
    { title: { zh: '个人', en: 'patient' }, amount: 2_465_197, of: (s) => s.patient.total },
  ],
}

/** The bills are of 2014 and 2023: a ledger that only shows takes any day of settlement. */
const SHOWCASE_TOLERANCE_DAYS = 100_000

process.exitCode = await main(processTerminal())

/** `--once` says that the command prints and ends; it does so in any case. */
async function main(terminal: Terminal): Promise<ExitCode> {
  const directory = join(root, 'data')
  const store = await openLedgerStore(directory)
  if (!store.ok) return refusedWith(store.problems, { json: false, lang: 'both' }, terminal)
  const opened = await openEngine({
    store: store.value,
    clock: () => Date.now(),
    settings: { dateToleranceDays: SHOWCASE_TOLERANCE_DAYS },
  })
  try {
    if (!opened.ok) return refusedWith(opened.problems, { json: false, lang: 'both' }, terminal)
    const code = await showBills([LINFEN, CHONGQING], opened.value, terminal)
    const { findings, splits } = await verifyLedger(store.value)
    terminal.print(
      findings.total === 0
        ? `\n核验：${splits} 笔结算全部重算无误。\nVerified: all ${splits} settlements recomputed, no difference.`
        : `\n核验发现 ${findings.total} 处差异，请运行 qingfen ledger verify data\n` +
            `${findings.total} differences found; run qingfen ledger verify data`,
    )
    terminal.print(
      `\n账本在 ${directory}；再运行一次 npm start，答案取自账本。\n` +
        `The ledger is in ${directory}; run npm start again and it answers from there.`,
    )
    await opened.value.close()
    return code
  } finally {
    await store.value.close()
  }
}
