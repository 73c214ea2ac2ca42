import type {
  BenefitStep,
  CellAmounts,
  ExplanationStep,
} from '../../src/adjudication/explanation.ts'
import type { SettledPayer, Settlement } from '../../src/adjudication/settlement.ts'
import { fen, type Fen } from '../../src/money/fen.ts'
import type { PackKind } from '../../src/rules/kind.ts'

/** Published case 022, written out by hand: 200,000.00 yuan, of which 180,000.00 in scope and 20,000.00 own pay. */

const DEDUCTIBLE = 0
const COINSURANCE = 1
const IN_SCOPE = 3

function cells(amounts: Readonly<Record<number, number>>): CellAmounts {
  const entries = Object.entries(amounts)
  return { cells: entries.map(([cell]) => Number(cell)), amounts: entries.map(([, part]) => part) }
}

export const NO_CELLS: CellAmounts = cells({})

interface Chain {
  readonly pack: string
  readonly kind: PackKind
  readonly clause: string
  readonly zh: string
  readonly en: string
}

const CHAIN: readonly Chain[] = [
  { pack: 'cq/basic', kind: 'basic', clause: '第二条', zh: '住院统筹', en: 'Inpatient pool' },
  {
    pack: 'cq/major',
    kind: 'major-illness',
    clause: '第三条',
    zh: '大病保险',
    en: 'Major illness',
  },
  { pack: 'cq/aid', kind: 'medical-aid', clause: '第四条', zh: '医疗救助', en: 'Medical aid' },
  { pack: 'cq/tilt', kind: 'tilt-aid', clause: '第五条', zh: '倾斜救助', en: 'Tilt aid' },
]

function layer(payer: number): ExplanationStep {
  const { pack, kind, zh, en } = chainAt(payer)
  const titles = { titleZh: zh, titleEn: en }
  return { step: 'layer', kind, pack, hash: `${payer}`, ...titles, year: '2023', segment: 0, payer }
}

function chainAt(payer: number): Chain {
  const item = CHAIN[payer]
  if (item === undefined) throw new Error(`case 022 has no payer ${payer}`)
  return item
}

interface Amounts {
  readonly selected: CellAmounts
  readonly deductible: number
  readonly rate: readonly [number, number]
  readonly payment: number
  readonly coinsurance: number
  readonly spreads: Partial<BenefitStep['spread']>
}

export function benefitStep(payer: number, amounts: Amounts): BenefitStep {
  const { pack, kind, clause, zh, en } = chainAt(payer)
  const gross = amounts.selected.amounts.reduce((sum, part) => sum + part, 0)
  const ratedBase = gross - amounts.deductible
  const [rateNum, rateDen] = amounts.rate
  const key = `person:P|${pack}:main.deductible|2023|`
  return {
    step: 'benefit',
    pack,
    benefit: 'main',
    titleZh: zh,
    titleEn: en,
    clause,
    payer,
    basic: kind === 'basic',
    of: 'residual',
    selected: amounts.selected,
    weights: [],
    firstShares: [],
    weighted: amounts.selected,
    gross,
    base: gross,
    deductible: {
      amount: amounts.deductible,
      used: 0,
      filled: 0,
      taken: amounts.deductible,
      when: 'before',
      key,
      from: [],
    },
    ratedBase,
    axis: { type: 'includingDeductible', start: 0 },
    rounding: 'band',
    bands: [{ from: amounts.deductible, to: gross, rateNum, rateDen, payment: amounts.payment }],
    rated: amounts.payment,
    limits: [],
    served: ratedBase,
    overCap: 0,
    coinsurance: amounts.coinsurance,
    stopLoss: 0,
    payment: amounts.payment,
    spread: {
      firstShare: NO_CELLS,
      deductible: NO_CELLS,
      overCap: NO_CELLS,
      payment: NO_CELLS,
      extra: NO_CELLS,
      ...amounts.spreads,
    },
    counters: [
      {
        key,
        before: 0,
        after: amounts.deductible,
        adds: [{ what: 'deductible', amount: amounts.deductible }],
      },
      {
        key: `claim|${pack}:main.bands|`,
        before: 0,
        after: gross,
        adds: [{ what: 'bands', amount: gross }],
      },
    ],
  }
}

const STEPS: readonly ExplanationStep[] = [
  {
    step: 'classify',
    line: 0,
    lineId: '1',
    name: '住院费用',
    amount: 180_000_00,
    ownPay: 0,
    overLimit: 0,
    preSelfPay: 0,
    inScope: 180_000_00,
    by: 'bill',
  },
  {
    step: 'classify',
    line: 1,
    lineId: '2',
    name: '自费费用',
    amount: 20_000_00,
    ownPay: 20_000_00,
    overLimit: 0,
    preSelfPay: 0,
    inScope: 0,
    by: 'bill',
  },
  layer(0),
  benefitStep(0, {
    selected: cells({ [IN_SCOPE]: 180_000_00 }),
    deductible: 300_00,
    rate: [7, 10],
    payment: 125_790_00,
    coinsurance: 53_910_00,
    spreads: {
      deductible: cells({ [IN_SCOPE]: 300_00 }),
      payment: cells({ [IN_SCOPE]: 125_790_00 }),
    },
  }),
  // Left: deductible 300.00, coinsurance 53,910.00; 54,210.00 together.
  layer(1),
  benefitStep(1, {
    selected: cells({ [DEDUCTIBLE]: 300_00, [COINSURANCE]: 53_910_00 }),
    deductible: 8_450_50,
    rate: [13, 20],
    payment: 29_743_68,
    coinsurance: 16_015_82,
    spreads: {
      // 8,450.50 × 300 / 54,210 = 46.7653… and 8,403.7346…
      deductible: cells({ [DEDUCTIBLE]: 46_77, [COINSURANCE]: 8_403_73 }),
      // 29,743.68 over 253.23 and 45,506.27: 164.5994… and 29,579.0805…
      payment: cells({ [DEDUCTIBLE]: 164_60, [COINSURANCE]: 29_579_08 }),
    },
  }),
  // Left: 135.40 and 24,330.92; 24,466.32 together.
  layer(2),
  benefitStep(2, {
    selected: cells({ [DEDUCTIBLE]: 135_40, [COINSURANCE]: 24_330_92 }),
    deductible: 0,
    rate: [7, 10],
    payment: 17_126_42,
    coinsurance: 7_339_90,
    spreads: { payment: cells({ [DEDUCTIBLE]: 94_78, [COINSURANCE]: 17_031_64 }) },
  }),
  // Left: 40.62 and 7,299.28; 7,339.90 together.
  layer(3),
  benefitStep(3, {
    selected: cells({ [DEDUCTIBLE]: 40_62, [COINSURANCE]: 7_299_28 }),
    deductible: 3_500_00,
    rate: [7, 10],
    payment: 2_687_93,
    coinsurance: 1_151_97,
    spreads: {
      deductible: cells({ [DEDUCTIBLE]: 19_37, [COINSURANCE]: 3_480_63 }),
      payment: cells({ [DEDUCTIBLE]: 14_88, [COINSURANCE]: 2_673_05 }),
    },
  }),
  // Left: 25.74 and 4,626.23; 4,651.97 together, and 20,000.00 own pay.
  { step: 'patient', total: 24_651_97, account: 0, cash: 24_651_97 },
]

const PAID = [125_790_00, 29_743_68, 17_126_42, 2_687_93]

function payers(): SettledPayer[] {
  return CHAIN.map(({ pack, kind }, index) => ({
    id: `${pack}-fund`,
    kind,
    pack,
    given: false,
    amount: fen(PAID[index] ?? 0),
  }))
}

function all(amounts: readonly number[]): Fen[] {
  return amounts.map((amount) => fen(amount))
}

export const CASE_022: Settlement = {
  kind: 'settlement',
  semantics: 1,
  stayId: 'V',
  settlementDay: 19_500,
  total: fen(200_000_00),
  payers: payers(),
  lines: [
    {
      id: '1',
      amount: fen(180_000_00),
      classification: {
        ownPay: fen(0),
        overLimit: fen(0),
        preSelfPay: fen(0),
        inScope: fen(180_000_00),
      },
      paid: all(PAID),
      patient: fen(4_651_97),
      residual: all([25_74, 4_626_23, 0, 0, 0, 0, 0]),
    },
    {
      id: '2',
      amount: fen(20_000_00),
      classification: {
        ownPay: fen(20_000_00),
        overLimit: fen(0),
        preSelfPay: fen(0),
        inScope: fen(0),
      },
      paid: all([0, 0, 0, 0]),
      patient: fen(20_000_00),
      residual: all([0, 0, 0, 0, 0, 0, 20_000_00]),
    },
  ],
  classification: {
    ownPay: fen(20_000_00),
    overLimit: fen(0),
    preSelfPay: fen(0),
    inScope: fen(180_000_00),
  },
  residual: {
    deductible: fen(25_74),
    coinsurance: fen(4_626_23),
    overCap: fen(0),
    inScope: fen(0),
    preSelfPay: fen(0),
    overLimit: fen(0),
    ownPay: fen(20_000_00),
  },
  deductibleUsed: fen(300_00),
  packageAdjustment: fen(0),
  patient: {
    total: fen(24_651_97),
    account: { current: fen(0), history: fen(0), family: fen(0), given: fen(0) },
    cash: fen(24_651_97),
  },
  fixed: [],
  counters: CHAIN.map(({ pack }, index) => ({
    key: `person:P|${pack}:main.deductible|2023|`,
    unit: 'fen',
    before: 0,
    after: [300_00, 8_450_50, 0, 3_500_00][index] ?? 0,
  })),
  packs: CHAIN.map(({ pack }, index) => ({ id: pack, hash: `${index}` })),
  profile: { id: 'cq', hash: 'p' },
  confirmed: true,
  setlinfo: {},
  setldetail: [],
  warnings: [],
  explanation: STEPS,
}
