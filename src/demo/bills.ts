import { join } from 'node:path'
import { paidBy } from '../cli/published.ts'
import type { ShowcaseBill } from './showcase.ts'

const linfen = (root: string): ShowcaseBill => ({
  title: {
    zh: '一、山西临汾 2014 年三级医院退休职工住院，真实账单 147 行',
    en: '1. A real inpatient bill of 147 lines: Linfen, Shanxi, 2014, tertiary hospital, retired',
  },
  withPolicies: {
    zh: '一（续）、同一账单，另有泰康住院费用补偿医疗保险（B 款）',
    en: '1b. The same bill with a commercial hospital plan on top',
  },
  jurisdiction: 'shanxi-linfen',
  hospital: 'H-LINFEN',
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
})

const chongqing = (root: string): ShowcaseBill => ({
  title: {
    zh: '二、重庆低保对象住院 200000 元：基本医保、大病保险、医疗救助、倾斜救助',
    en: '2. Chongqing, low-income resident, 200,000 yuan: four public layers',
  },
  withPolicies: {
    zh: '二（续）、同一账单，另有渝快保升级款',
    en: '2b. The same bill with the city plan Yukuaibao on top',
  },
  jurisdiction: 'chongqing',
  hospital: 'H-CQ',
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
})

/** The two real stays; `root` is the folder of the repository. */
export function showcaseBills(root: string): readonly ShowcaseBill[] {
  return [linfen(root), chongqing(root)]
}
