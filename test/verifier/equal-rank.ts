import type { ExplanationStep } from '../../src/adjudication/explanation.ts'
import type { Settlement } from '../../src/adjudication/settlement.ts'
import { benefit, cells, classify, layer, NO_SPREADS, settled } from './build.ts'

const INSURER = { id: 'insurer', kind: 'commercial', pack: 'plan' } as const
const OTHER = { id: 'other', kind: 'commercial', pack: 'plan-b' } as const
const ALL_LEFT = [0, 0, 0, 0, 0, 0, 0]

/** What one policy would pay of 100.00 in a cell, were it alone: so many fifths. */
function alone(payer: number, pack: string, cell: number, rateNum: number) {
  const payment = rateNum * 20_00
  return benefit(payer, pack, cells({ [cell]: 100_00 }), {
    bands: [{ from: 0, to: 100_00, rateNum, rateDen: 5, payment }],
    rated: payment,
    coinsurance: 100_00 - payment,
    payment,
    spread: { ...NO_SPREADS, payment: cells({ [cell]: payment }) },
  })
}

/** Both of them on 100.00 in a cell. */
function sharedRank(cell: number): ExplanationStep {
  return {
    step: 'equalRank',
    counters: [],
    payers: [0, 1],
    own: [80_00, 60_00],
    residual: 100_00,
    reduced: [57_14, 42_86],
    spreads: [cells({ [cell]: 57_14 }), cells({ [cell]: 42_86 })],
  }
}

/** 100.00 left; two policies of equal rank would pay 80.00 and 60.00: 57.14 and 42.86 (57.142… and 42.857…). */
export function equalRank(): Settlement {
  return settled(
    [INSURER, OTHER],
    [{ paid: [57_14, 42_86], residual: ALL_LEFT }],
    [
      classify(0, { inScope: 100_00 }),
      layer(0, 'commercial', 'plan'),
      alone(0, 'plan', 3, 4),
      layer(1, 'commercial', 'plan-b'),
      alone(1, 'plan-b', 3, 3),
      sharedRank(3),
      { step: 'patient', total: 0, account: 0, cash: 0 },
    ],
  )
}

/**
 * A stay of two segments, 100.00 each: in the first only one policy holds and pays 60.00; in the second both do, of equal rank, as
 * above. What the one paid before stands right in front of the rank, and is no part of it.
 */
export function equalRankLater(): Settlement {
  return settled(
    [INSURER, OTHER],
    [
      { paid: [0, 60_00], residual: [0, 0, 0, 40_00, 0, 0, 0] },
      { paid: [57_14, 42_86], residual: ALL_LEFT },
    ],
    [
      classify(0, { inScope: 100_00 }),
      classify(1, { inScope: 100_00 }),
      layer(1, 'commercial', 'plan-b'),
      alone(1, 'plan-b', 3, 3),
      { ...layer(0, 'commercial', 'plan'), segment: 1 },
      alone(0, 'plan', 10, 4),
      { ...layer(1, 'commercial', 'plan-b'), segment: 1 },
      alone(1, 'plan-b', 10, 3),
      sharedRank(10),
      { step: 'patient', total: 40_00, account: 0, cash: 40_00 },
    ],
  )
}
