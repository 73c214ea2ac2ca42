import type { Settlement } from '../../src/adjudication/settlement.ts'
import { benefit, cells, classify, layer, NO_SPREADS, settled } from './build.ts'

const FUND = { id: 'fund', kind: 'basic', pack: 'basic' } as const
const INSURER = { id: 'insurer', kind: 'commercial', pack: 'plan' } as const
const ALL_LEFT = [0, 0, 0, 0, 0, 0, 0]

/**
 * Rounded once: 50.5 + 50.5 fen make 1.01, where rounding each band would make 1.02. A benefit on cost: 50 % of the 2.02
 * a line cost in scope, taken from what the first benefit left of it under another name.
 */
export function roundedOnceAndCost(): Settlement {
  const once = benefit(0, 'basic', cells({ 3: 2_02 }), {
    basic: true,
    rounding: 'benefit',
    axis: { type: 'aboveDeductible', start: 0 },
    bands: [
      { from: 0, to: 1_01, edge: 1_01, rateNum: 1, rateDen: 2, payment: 51 },
      { from: 1_01, to: 2_02, rateNum: 1, rateDen: 2, payment: 50 },
    ],
    rated: 1_01,
    coinsurance: 1_01,
    payment: 1_01,
    spread: { ...NO_SPREADS, payment: cells({ 3: 1_01 }) },
    counters: [
      {
        key: 'claim|basic:main.bands|',
        before: 0,
        after: 2_02,
        adds: [{ what: 'bands', amount: 2_02 }],
      },
    ],
  })
  const cost = benefit(1, 'plan', cells({ 3: 2_02 }), {
    of: 'cost',
    bands: [{ from: 0, to: 2_02, rateNum: 1, rateDen: 2, payment: 1_01 }],
    rated: 1_01,
    payment: 1_01,
    spread: { ...NO_SPREADS, payment: cells({ 1: 1_01 }) },
  })
  return settled(
    [FUND, INSURER],
    [{ paid: [1_01, 1_01], residual: ALL_LEFT }],
    [
      classify(0, { inScope: 2_02 }),
      layer(0, 'basic', 'basic'),
      once,
      layer(1, 'commercial', 'plan'),
      cost,
      { step: 'patient', total: 0, account: 0, cash: 0 },
    ],
  )
}
