import type { Settlement } from '../../src/adjudication/settlement.ts'
import { fen } from '../../src/money/fen.ts'
import { benefit, cells, classify, layer, NO_SPREADS, settled } from './build.ts'
import { equalRank, equalRankLater } from './equal-rank.ts'
import { roundedOnceAndCost } from './rounded-once.ts'

/** Settlements worked out by hand, one for each part of the normative order that case 022 does not reach. */

const FUND = { id: 'fund', kind: 'basic', pack: 'basic' } as const
const INSURER = { id: 'insurer', kind: 'commercial', pack: 'plan' } as const

/**
 * 1,000.00 in scope. 100.00 deductible, bands 80 % up to 500.00 and 90 % above (deductible included), 450.00 left of
 * the year's limit. 400.00 × 80 % = 320.00; 130.00 more at 90 % need 144.44 (129.996 rounds to 130.00), so 544.44 are
 * served and 355.56 lie above the cap.
 */
function limitOnPayment(): Settlement {
  const key = 'person:P|basic:main.limit-cap|2023|'
  const step = benefit(0, 'basic', cells({ 3: 1_000_00 }), {
    basic: true,
    deductible: {
      amount: 100_00,
      used: 0,
      filled: 0,
      taken: 100_00,
      when: 'before',
      key: 'stay:V|basic:main.deductible|V|',
      from: [],
    },
    ratedBase: 900_00,
    axis: { type: 'includingDeductible', start: 0 },
    bands: [
      { from: 100_00, to: 500_00, edge: 500_00, rateNum: 4, rateDen: 5, payment: 320_00 },
      { from: 500_00, to: 1_000_00, rateNum: 9, rateDen: 10, payment: 450_00 },
    ],
    rated: 770_00,
    limits: [
      { id: 'cap', on: 'payment', amount: 2_000_00, used: 1_550_00, room: 450_00, bound: true },
    ],
    served: 544_44,
    overCap: 355_56,
    coinsurance: 94_44,
    payment: 450_00,
    spread: {
      ...NO_SPREADS,
      deductible: cells({ 3: 100_00 }),
      overCap: cells({ 3: 355_56 }),
      payment: cells({ 3: 450_00 }),
    },
    counters: [
      {
        key: 'stay:V|basic:main.deductible|V|',
        before: 0,
        after: 100_00,
        adds: [{ what: 'deductible', amount: 100_00 }],
      },
      {
        key: 'stay:V|basic:main.bands|V|',
        before: 0,
        after: 1_000_00,
        adds: [{ what: 'bands', amount: 1_000_00 }],
      },
      { key, before: 1_550_00, after: 2_000_00, adds: [{ what: 'payment', amount: 450_00 }] },
    ],
  })
  const above = benefit(1, 'plan', cells({ 2: 355_56 }), {
    bands: [{ from: 0, to: 355_56, rateNum: 1, rateDen: 2, payment: 177_78 }],
    rated: 177_78,
    coinsurance: 177_78,
    payment: 177_78,
    spread: { ...NO_SPREADS, payment: cells({ 2: 177_78 }) },
  })
  return settled(
    [FUND, INSURER],
    [{ paid: [450_00, 177_78], residual: [100_00, 94_44, 177_78, 0, 0, 0, 0] }],
    [
      classify(0, { inScope: 1_000_00 }),
      layer(0, 'basic', 'basic'),
      step,
      layer(1, 'commercial', 'plan'),
      above,
      { step: 'patient', total: 372_22, account: 0, cash: 372_22 },
    ],
    {
      deductibleUsed: fen(100_00),
      counters: [
        { key: 'stay:V|basic:main.deductible|V|', unit: 'fen', before: 0, after: 100_00 },
        { key: 'stay:V|basic:main.bands|V|', unit: 'fen', before: 0, after: 1_000_00 },
        { key, unit: 'fen', before: 1_550_00, after: 2_000_00 },
      ],
    },
  )
}

/**
 * Three lines of 1.00 first self-pay at weight 50 % (1.50, ties to the earlier lines: 0.50 each), 10 % first share
 * (0.15: 0.05 each), a limit of 1.00 on the base of 1.35, 20 % pays 0.20: over 0.45, 0.45, 0.45 less 0.35 over cap.
 */
function weightsAndShares(): Settlement {
  const third = (amount: number) => cells({ 4: amount, 11: amount, 18: amount })
  const step = benefit(0, 'plan', third(1_00), {
    weights: [{ num: 1, den: 2, cells: [4, 11, 18], before: 3_00, after: 1_50 }],
    firstShares: [{ num: 1, den: 10, before: 1_50, amount: 15 }],
    weighted: third(45),
    gross: 1_35,
    base: 1_00,
    ratedBase: 1_00,
    limits: [{ id: 'b', on: 'base', amount: 1_00, used: 0, room: 1_00, bound: true }],
    bands: [{ from: 0, to: 1_00, rateNum: 1, rateDen: 5, payment: 20 }],
    rated: 20,
    served: 1_00,
    overCap: 35,
    coinsurance: 80,
    payment: 20,
    spread: {
      ...NO_SPREADS,
      firstShare: third(5),
      // 35 / 3 = 11.67 each; then 20 over 33, 33, 34: 6.6, 6.6, 6.8.
      overCap: cells({ 4: 12, 11: 12, 18: 11 }),
      payment: cells({ 4: 7, 11: 6, 18: 7 }),
    },
    counters: [
      {
        key: 'person:P|plan:main.limit-b|2023|',
        before: 0,
        after: 1_00,
        adds: [{ what: 'base', amount: 1_00 }],
      },
    ],
  })
  const line = (paid: number) => ({ paid: [paid], residual: [0, 0, 0, 0, 1_00 - paid, 0, 0] })
  return settled(
    [INSURER],
    [line(7), line(6), line(7)],
    [
      ...[0, 1, 2].map((index) => classify(index, { preSelfPay: 1_00 })),
      layer(0, 'commercial', 'plan'),
      step,
      { step: 'patient', total: 2_80, account: 0, cash: 2_80 },
    ],
    {
      counters: [{ key: 'person:P|plan:main.limit-b|2023|', unit: 'fen', before: 0, after: 1_00 }],
    },
  )
}

/**
 * 100.00 coinsurance and 20.00 own pay stay after 50 % of 200.00; the floor of 60 % of the cost of 220.00 is 132.00, the
 * patient bears at most 30.00 of the 200.00: the stop-loss adds 38.00 to 132.00.
 */
function floorAndStopLoss(): Settlement {
  const step = benefit(0, 'plan', cells({ 3: 200_00 }), {
    bands: [{ from: 0, to: 200_00, rateNum: 1, rateDen: 2, payment: 100_00 }],
    rated: 100_00,
    floor: { num: 3, den: 5, of: 220_00, amount: 132_00, cells: [3, 6] },
    limits: [{ id: 's', on: 'patientShare', amount: 30_00, used: 0, room: 30_00, bound: true }],
    coinsurance: 30_00,
    stopLoss: 38_00,
    payment: 170_00,
    spread: { ...NO_SPREADS, payment: cells({ 3: 170_00 }) },
    counters: [
      {
        key: 'person:P|plan:main.limit-s|2023|',
        before: 0,
        after: 30_00,
        adds: [{ what: 'patientShare', amount: 30_00 }],
      },
    ],
  })
  return settled(
    [INSURER],
    [{ paid: [170_00], residual: [0, 0, 0, 30_00, 0, 0, 20_00] }],
    [
      classify(0, { inScope: 200_00, ownPay: 20_00 }),
      layer(0, 'commercial', 'plan'),
      step,
      { step: 'patient', total: 50_00, account: 0, cash: 50_00 },
    ],
    {
      counters: [{ key: 'person:P|plan:main.limit-s|2023|', unit: 'fen', before: 0, after: 30_00 }],
    },
  )
}

/**
 * Settled by the platform: 900.00 in scope of which 100.00 deductible and 50.00 above the cap (46.875 and 3.125: the tie
 * goes to the earlier line), fund 600.00. Then the account, an allowance that won against another, and a deposit.
 */
function givenAndAround(): Settlement {
  const key = 'person:P|plan:allowance.limit-d|2023|'
  return settled(
    [{ id: 'fund', kind: 'basic' }, INSURER],
    [
      { paid: [562_50, 0], residual: [93_75, 140_62, 46_88, 0, 0, 0, 0] },
      { paid: [37_50, 0], residual: [6_25, 9_38, 3_12, 0, 0, 0, 3_75] },
    ],
    [
      { step: 'refund', refundId: '9', originalId: '1', amount: -10_00, left: 843_75 },
      classify(0, { inScope: 843_75 }),
      classify(1, {
        amount: 60_00,
        ownPay: 3_75,
        inScope: 56_25,
        by: 'catalog',
        accepted: 60_00,
        selfPayRate: { num: 0, den: 1 },
      }),
      {
        step: 'given',
        payer: 0,
        payerId: 'fund',
        kind: 'basic',
        amount: 600_00,
        spread: cells({ 3: 562_50, 10: 37_50 }),
        relabel: {
          deductible: cells({ 3: 93_75, 10: 6_25 }),
          overCap: cells({ 3: 46_88, 10: 3_12 }),
        },
      },
      layer(1, 'commercial', 'plan'),
      {
        step: 'bestOf',
        pack: 'plan',
        group: 'cash',
        candidates: [
          { benefit: 'lump', payment: 100_00 },
          { benefit: 'allowance', payment: 400_00 },
        ],
        winner: 'allowance',
        titleZh: '津贴',
        titleEn: 'Allowance',
      },
      {
        step: 'fixed',
        pack: 'plan',
        benefit: 'allowance',
        titleZh: '津贴',
        titleEn: 'allowance',
        clause: '二',
        payerId: 'insurer',
        per: 'day',
        amountEach: 100_00,
        days: 9,
        waitingDays: 3,
        paidDays: 4,
        limits: [{ id: 'd', on: 'days', amount: 10, used: 6, room: 4, bound: true }],
        payment: 400_00,
        counters: [{ key, before: 6, after: 10, adds: [{ what: 'days', amount: 4 }] }],
      },
      {
        step: 'account',
        payable: 300_00,
        pots: [
          { pot: 'history', balance: 120_00, paid: 120_00 },
          { pot: 'current', balance: 500_00, paid: 180_00 },
        ],
      },
      { step: 'patient', total: 303_75, account: 300_00, cash: 3_75, deposit: 10_00 },
    ],
    {
      deductibleUsed: fen(100_00),
      fixed: [
        { pack: 'plan', benefit: 'allowance', payerId: 'insurer', days: 4, amount: fen(400_00) },
      ],
      counters: [{ key, unit: 'days', before: 6, after: 10 }],
      patient: {
        total: fen(303_75),
        account: { current: fen(180_00), history: fen(120_00), family: fen(0), given: fen(0) },
        cash: fen(3_75),
        depositBalance: fen(6_25),
      },
    },
  )
}

/**
 * A package price 30.00 below the charges, borne by the hospital (22.50 and 7.50 of 90.00 and 30.00); then a deductible of
 * 20.00 from the second line first, which holds 22.50: 50 % of 67.50 and 2.50.
 */
function packageAndSource(): Settlement {
  const key = 'policy:POL|plan:main.deductible|2023|'
  const step = benefit(1, 'plan', cells({ 3: 67_50, 13: 22_50 }), {
    deductible: {
      amount: 50_00,
      used: 20_00,
      filled: 10_00,
      taken: 20_00,
      when: 'before',
      key,
      from: [[13]],
    },
    ratedBase: 70_00,
    bands: [{ from: 20_00, to: 90_00, rateNum: 1, rateDen: 2, payment: 35_00 }],
    rated: 35_00,
    served: 70_00,
    coinsurance: 35_00,
    payment: 35_00,
    spread: {
      ...NO_SPREADS,
      deductible: cells({ 13: 20_00 }),
      payment: cells({ 3: 33_75, 13: 1_25 }),
    },
    counters: [{ key, before: 20_00, after: 50_00, adds: [{ what: 'deductible', amount: 30_00 }] }],
  })
  return settled(
    [{ id: 'hospital', kind: 'hospital' }, INSURER],
    [
      { paid: [22_50, 33_75], residual: [0, 0, 0, 33_75, 0, 0, 0] },
      { paid: [7_50, 1_25], residual: [0, 0, 0, 0, 0, 0, 21_25] },
    ],
    [
      classify(0, { inScope: 90_00 }),
      classify(1, { ownPay: 30_00 }),
      {
        step: 'package',
        pack: 'basic',
        id: 'appendix',
        clause: '附件',
        titleZh: '阑尾炎',
        titleEn: 'appendix',
        standard: 90_00,
        cost: 120_00,
        adjustment: -30_00,
        payer: 0,
        spread: cells({ 3: 22_50, 13: 7_50 }),
      },
      layer(1, 'commercial', 'plan'),
      step,
      { step: 'patient', total: 55_00, account: 0, cash: 55_00 },
    ],
    {
      packageAdjustment: fen(-30_00),
      counters: [{ key, unit: 'fen', before: 20_00, after: 50_00 }],
    },
  )
}

/** Name, settlement, and the inputs that have slack: changed by one they would have led to the same amounts. */
export const SCENARIOS: readonly (readonly [string, Settlement, readonly string[]])[] = [
  ['limit on payment turned back into base', limitOnPayment(), []],
  ['weights, first share and a limit on base', weightsAndShares(), []],
  ['floor and stop-loss', floorAndStopLoss(), []],
  ['equal rank', equalRank(), []],
  ['equal rank after a segment in which one of them paid alone', equalRankLater(), []],
  ['rounded once, and a benefit on cost', roundedOnceAndCost(), []],
  ['package price, deductible taken from one line first', packageAndSource(), []],
  [
    'given layer, allowance, account and deposit',
    givenAndAround(),
    [
      // What was charged before a single refund is stated nowhere else.
      'explanation.0.amount',
      'explanation.2.accepted',
      'explanation.2.selfPayRate.den',
      'explanation.5.candidates.0.payment',
      'explanation.6.days',
      'explanation.6.waitingDays',
      'explanation.7.pots.1.balance',
    ],
  ],
]
