import type { Settlement } from '../../adjudication/settlement.ts'
import { formatYuanGrouped, type Fen } from '../../money/fen.ts'
import { CATEGORIES, type Category } from '../../rules/category.ts'
import type { Bilingual, RulePack } from '../../rules/pack.ts'
import { inline, type ShownLanguage } from '../language.ts'
import { problemTexts } from '../problem-text.ts'
import { fit, widthOf } from './columns.ts'
import { lineTable } from './line-table.ts'
import { payerLabels } from './payer-labels.ts'
import { sentenceLines, stepsText } from './steps-text.ts'

export interface SettlementView {
  readonly columns: number
  readonly shown: ShownLanguage
  /** `brief`: how each single line was classified is left out. */
  readonly explain: 'none' | 'brief' | 'all'
  readonly packs: readonly Pick<RulePack, 'id' | 'payer' | 'title'>[]
}

export const CATEGORY_LABELS: Readonly<Record<Category, Bilingual>> = {
  deductible: { zh: '起付线内', en: 'deductible' },
  coinsurance: { zh: '按比例自付', en: 'coinsurance' },
  overCap: { zh: '封顶线以上', en: 'above the cap' },
  inScope: { zh: '范围内未付', en: 'in scope, unpaid' },
  preSelfPay: { zh: '先行自付', en: 'first self-pay' },
  overLimit: { zh: '超限价', en: 'over the price ceiling' },
  ownPay: { zh: '全自费', en: 'own pay' },
}

/** The whole settlement for people: table, who pays, what is left and why, the explanation, remarks. */
export function settlementText(settlement: Settlement, view: SettlementView): string {
  const labels = payerLabels(settlement, view.packs)
  return [
    ...lineTable(settlement, labels, view.columns, view.shown),
    '',
    ...payersPart(settlement, view),
    '',
    ...patientPart(settlement, view),
    ...fixedPart(settlement, view),
    ...explanationPart(settlement, view),
    ...warningsPart(settlement, view),
  ].join('\n')
}

const AMOUNT_WIDTH = 14

function amountRow(name: string, amount: Fen, note: string, view: SettlementView): string {
  const nameWidth = Math.min(60, view.columns - AMOUNT_WIDTH - 2)
  const row = `  ${fit(name, nameWidth)}${fit(formatYuanGrouped(amount), AMOUNT_WIDTH, 'right')}`
  return note === '' || widthOf(`${row}  ${note}`) > view.columns ? row : `${row}  ${note}`
}

function title(zh: string, en: string, { shown }: SettlementView): string {
  return inline({ zh, en }, shown)
}

function payersPart(settlement: Settlement, view: SettlementView): readonly string[] {
  const labels = payerLabels(settlement, view.packs)
  return [
    title('各方支付（元）', 'Who pays (yuan)', view),
    ...settlement.payers.map((payer, index) => {
      const label = labels[index]
      const heading = label === undefined ? '' : label.heading[view.shown === 'en' ? 'en' : 'zh']
      const name = label === undefined ? payer.id : inline(label.name, view.shown)
      return amountRow(name, payer.amount, payer.given ? `${heading} *` : heading, view)
    }),
    amountRow(title('个人', 'Patient', view), settlement.patient.total, '', view),
    amountRow(title('总费用', 'Whole bill', view), settlement.total, '', view),
    ...(settlement.payers.some(({ given }) => given)
      ? [`  * ${title('已在别处结算', 'settled elsewhere', view)}`]
      : []),
  ]
}

function patientPart(settlement: Settlement, view: SettlementView): readonly string[] {
  const { patient, residual } = settlement
  const { account } = patient
  const row = (zh: string, en: string, amount: Fen) =>
    amountRow(title(zh, en, view), amount, '', view)
  const optional = (zh: string, en: string, amount: Fen) =>
    amount === 0 ? [] : [row(zh, en, amount)]
  return [
    title('个人承担的构成', "What the patient's part consists of", view),
    ...CATEGORIES.filter((category) => residual[category] !== 0).map((category) =>
      row(CATEGORY_LABELS[category].zh, CATEGORY_LABELS[category].en, residual[category]),
    ),
    title('付款方式', 'How it is paid', view),
    ...optional('个人账户（当年）', 'personal account, this year', account.current),
    ...optional('个人账户（历年）', 'personal account, earlier years', account.history),
    ...optional('家庭共济账户', 'family account', account.family),
    ...optional('个人账户（平台已扣）', 'personal account, already debited', account.given),
    row('现金', 'cash', patient.cash),
    ...(patient.depositBalance === undefined
      ? []
      : [
          row(
            '押金结余（负数为补交）',
            'deposit left (below zero: to pay)',
            patient.depositBalance,
          ),
        ]),
  ]
}

function fixedPart({ fixed }: Settlement, view: SettlementView): readonly string[] {
  if (fixed.length === 0) return []
  return [
    title('另付给个人的定额给付', 'Fixed benefits, paid to the patient beside the bill', view),
    ...fixed.map(({ pack, benefit, amount, days }) => {
      const name = view.packs.find(({ id }) => id === pack)?.title
      const note = days === undefined ? '' : `${days} ${title('天', 'days', view)}`
      return amountRow(
        name === undefined ? `${pack} ${benefit}` : inline(name, view.shown),
        amount,
        note,
        view,
      )
    }),
  ]
}

function explanationPart(settlement: Settlement, view: SettlementView): readonly string[] {
  if (view.explain === 'none') return []
  const isBrief = view.explain === 'brief'
  return [
    '',
    title('逐步说明', 'Step by step', view),
    ...(isBrief ? classificationLines(settlement, view) : []),
    ...stepsText(settlement, view.shown, view.columns, isBrief ? ['classify'] : []),
  ]
}

/** All lines together, in place of a sentence for each. */
function classificationLines(
  { classification, lines, total }: Settlement,
  view: SettlementView,
): readonly string[] {
  const { inScope, overLimit, ownPay, preSelfPay } = classification
  const [sum, scope, first, over, own] = [total, inScope, preSelfPay, overLimit, ownPay].map(
    (amount) => formatYuanGrouped(amount),
  )
  const zh = `${lines.length} 行费用共 ${sum} 元：政策范围内 ${scope} 元，先行自付 ${first} 元，超限价 ${over} 元，全自费 ${own} 元。`
  const en = `${lines.length} lines, ${sum} yuan: ${scope} in scope, ${first} first self-pay, ${over} over the price ceiling, ${own} own pay.`
  return sentenceLines('', { zh, en }, view.shown, view.columns)
}

function warningsPart({ warnings }: Settlement, view: SettlementView): readonly string[] {
  if (warnings.length === 0) return []
  return ['', title('提示', 'Remarks', view), problemTexts(warnings, view.shown, view.columns)]
}
