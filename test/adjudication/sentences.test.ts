import { describe, expect, test } from 'vitest'
import type {
  BenefitStep,
  ExplanationStep,
  FixedStep,
  LimitUse,
} from '../../src/adjudication/explanation.ts'
import { sentence, sentences } from '../../src/adjudication/sentences.ts'
import { CASE_022 } from '../verifier/case-022.ts'

function firstBenefit(): BenefitStep {
  const step = CASE_022.explanation.find((item) => item.step === 'benefit')
  if (step === undefined) throw new Error('case 022 has a benefit')
  return step
}

const INPATIENT = firstBenefit()
const DEDUCTIBLE = INPATIENT.deductible
if (DEDUCTIBLE === undefined) throw new Error('the benefit has a deductible')

function said(step: ExplanationStep): { readonly zh: string; readonly en: string } {
  return sentence(step, CASE_022)
}

function limit(part: Partial<LimitUse>): LimitUse {
  const amount = { amount: 100_000_00, used: 60_000_00, room: 40_000_00 }
  return { id: '1', on: 'payment', ...amount, bound: true, ...part }
}

describe('sentences of case 022', () => {
  test('every step has one sentence in each language, in order', () => {
    const all = sentences(CASE_022)
    expect(all.map(({ step }) => step)).toEqual([...CASE_022.explanation.keys()])
    for (const { zh, en } of all) {
      expect(zh.match(/。/g)).toHaveLength(1)
      expect(zh.endsWith('。') && en.endsWith('.')).toBe(true)
    }
  })

  test.each([
    [0, '“住院费用”180,000.00 元：符合范围 180,000.00 元。'],
    [1, '“自费费用”20,000.00 元：自费 20,000.00 元。'],
    [2, '接下来按“住院统筹” 2023 年度的规定计算。'],
    [
      3,
      '基本医保“住院统筹”（第二条）：本次可报 180,000.00 元，先扣起付线 300.00 元，其余按 70% 报销 125,790.00 元。',
    ],
    [
      5,
      '大病保险（第三条）：本次可报 54,210.00 元，先扣起付线 8,450.50 元，其余按 65% 报销 29,743.68 元。',
    ],
    [7, '医疗救助（第四条）：本次可报 24,466.32 元，按 70% 报销 17,126.42 元。'],
    [10, '个人承担：您承担 24,651.97 元，现金支付 24,651.97 元。'],
  ])('step %i', (step, zh) => {
    expect(sentences(CASE_022)[step]?.zh).toBe(zh)
  })

  test('the English twin says the same amounts', () => {
    expect(sentences(CASE_022)[3]?.en).toBe(
      'Basic insurance "Inpatient pool" (第二条): 180,000.00 yuan can be claimed, less the deductible of 300.00 yuan, the rest at 70% pays 125,790.00 yuan.',
    )
  })
})

describe('a benefit says what changed its result', () => {
  test('deductible not reached', () => {
    const step: BenefitStep = {
      ...INPATIENT,
      gross: 200_00,
      base: 200_00,
      deductible: { ...DEDUCTIBLE, taken: 200_00 },
      ratedBase: 0,
      bands: [],
      rated: 0,
      payment: 0,
    }
    expect(said(step).zh).toBe(
      '基本医保“住院统筹”（第二条）：本次可报 200.00 元，起付线 300.00 元，本次计入 200.00 元，没有超过，本次不报销。',
    )
  })

  test('deductible left from earlier, filled by an earlier payer', () => {
    const zh = said({
      ...INPATIENT,
      deductible: { ...DEDUCTIBLE, used: 100_00, filled: 50_00, taken: 150_00 },
    }).zh
    expect(zh).toContain('起付线 300.00 元此前已扣 100.00 元')
    expect(zh).toContain('前面各层的报销抵扣起付线 50.00 元')
    expect(zh).toContain('本次再扣 150.00 元')
  })

  test('deductible used up before', () => {
    const zh = said({ ...INPATIENT, deductible: { ...DEDUCTIBLE, used: 300_00, taken: 0 } }).zh
    expect(zh).toContain('起付线 300.00 元此前已扣满')
    expect(zh).not.toContain('其余按')
  })

  test('several bands, weights and a first share', () => {
    const zh = said({
      ...INPATIENT,
      weights: [{ num: 1, den: 2, cells: [4], before: 1_000_00, after: 500_00 }],
      firstShares: [{ num: 1, den: 10, before: 500_00, amount: 50_00 }],
      bands: [
        { from: 0, to: 10_000_00, edge: 10_000_00, rateNum: 4, rateDen: 5, payment: 8_000_00 },
        { from: 10_000_00, to: 12_000_00, rateNum: 2, rateDen: 37, payment: 108_11 },
      ],
      rated: 8_108_11,
      payment: 8_108_11,
    }).zh
    expect(zh).toContain('其中 1,000.00 元按 50% 计入 500.00 元，您先自付 10% 即 50.00 元')
    expect(zh).toContain(
      '分段计算：10,000.00 元按 80% 报销 8,000.00 元，2,000.00 元按 2/37 报销 108.11 元',
    )
    expect(zh).toContain('合计报销 8,108.11 元。')
  })

  test('limit on payment that binds, and the cost above the cap', () => {
    const zh = said({
      ...INPATIENT,
      limits: [limit({})],
      overCap: 122_557_14,
      payment: 40_000_00,
    }).zh
    expect(zh).toContain(
      '限额 100,000.00 元此前已用 60,000.00 元，本次最多报 40,000.00 元，超过封顶线的费用 122,557.14 元不报，合计报销 40,000.00 元。',
    )
  })

  test('a limit that does not bind is not mentioned', () => {
    expect(said({ ...INPATIENT, limits: [limit({ bound: false })] }).zh).not.toContain('限额')
  })

  test('floor and stop-loss raise the payment', () => {
    const zh = said({
      ...INPATIENT,
      floor: { num: 3, den: 4, of: 200_000_00, amount: 150_000_00, cells: [] },
      stopLoss: 1_000_00,
      payment: 151_000_00,
    }).zh
    expect(zh).toContain('低于费用的 75% 保底，按保底 150,000.00 元计')
    expect(zh).toContain('您的负担超过上限的 1,000.00 元也予报销，合计报销 151,000.00 元。')
  })

  test('an insurance contract has 免赔额, not 起付线', () => {
    const payers = CASE_022.payers.map((payer) => ({ ...payer, kind: 'commercial' as const }))
    expect(sentence(INPATIENT, { ...CASE_022, payers }).zh).toContain('先扣免赔额 300.00 元')
  })
})

const ALLOWANCE: FixedStep = {
  step: 'fixed',
  pack: 'plan',
  benefit: 'allowance',
  titleZh: '住院津贴',
  titleEn: 'Daily allowance',
  clause: '第三条',
  payerId: 'insurer',
  per: 'day',
  amountEach: 200_00,
  days: 12,
  waitingDays: 3,
  paidDays: 9,
  limits: [],
  payment: 1_800_00,
  counters: [],
}

describe('other steps', () => {
  test.each<[ExplanationStep, string]>([
    [
      ALLOWANCE,
      '“住院津贴”（第三条）：共 12 天，前 3 天不计，给付 9 天，每天 200.00 元，另外给付您 1,800.00 元。',
    ],
    [
      {
        step: 'classify',
        line: 0,
        lineId: '1',
        name: '药品',
        amount: 120_00,
        ownPay: 10_00,
        overLimit: 10_00,
        preSelfPay: 10_00,
        inScope: 90_00,
        by: 'catalog',
        chargeLevel: 'B',
        selfPayRate: { num: 1, den: 10 },
      },
      '“药品”（乙类）120.00 元：自费 10.00 元，超限价 10.00 元，先行自付 10% 10.00 元，符合范围 90.00 元。',
    ],
    [
      { step: 'refund', refundId: '9', originalId: '1', amount: -10_00, left: 90_00 },
      '退费 10.00 元已从原费用（1）中减去，还剩 90.00 元。',
    ],
    [
      {
        step: 'package',
        pack: 'cq/basic',
        id: 'appendix',
        clause: '附件一',
        titleZh: '阑尾炎',
        titleEn: 'Appendix',
        standard: 3_300_00,
        cost: 3_500_00,
        adjustment: -200_00,
      },
      '“阑尾炎”（附件一）：按病种付费标准为 3,300.00 元，实际费用 3,500.00 元，超出的 200.00 元由医院承担。',
    ],
    [
      {
        step: 'given',
        payer: 0,
        payerId: 'fund',
        kind: 'basic',
        amount: 6_162_15,
        spread: { cells: [], amounts: [] },
        relabel: {
          deductible: { cells: [3], amounts: [800_00] },
          overCap: { cells: [], amounts: [] },
        },
      },
      '基本医保（已由医保平台结算）：起付线 800.00 元，支付 6,162.15 元。',
    ],
    [
      {
        step: 'bestOf',
        pack: 'plan',
        group: 'cash',
        candidates: [
          { benefit: 'a', payment: 100 },
          { benefit: 'b', payment: 200 },
        ],
        winner: 'b',
        titleZh: '津贴',
        titleEn: 'Allowance',
      },
      '几项保障只能选一项，“津贴”给付最多（2.00 元），按它计算。',
    ],
    [
      {
        step: 'equalRank',
        counters: [],
        payers: [0, 1],
        own: [100_00, 100_00],
        residual: 150_00,
        reduced: [75_00, 75_00],
        spreads: [],
      },
      '几份同等顺序的保险：各自计算合计 200.00 元，多于剩余费用 150.00 元，按比例分摊，cq/basic-fund 支付 75.00 元，cq/major-fund 支付 75.00 元。',
    ],
    [
      {
        step: 'account',
        payable: 500_00,
        pots: [
          { pot: 'history', balance: 100_00, paid: 100_00 },
          { pot: 'current', balance: 0, paid: 0 },
        ],
      },
      '个人账户：可支付的费用 500.00 元，历年账户余额 100.00 元，支付 100.00 元。',
    ],
    [
      { step: 'patient', total: 100_00, account: 120_00, cash: -20_00, deposit: 50_00 },
      '个人承担：您承担 100.00 元，其中个人账户支付 120.00 元，应退您 20.00 元，预交金 50.00 元，退您 70.00 元。',
    ],
  ])('$step', (step, zh) => {
    expect(said(step).zh).toBe(zh)
    expect(said(step).en).toMatch(/^[^\n]+\.$/)
  })
})
