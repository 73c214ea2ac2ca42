import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coreOf } from './core.ts'
import { eventsOf, featuresOf } from './features.ts'
import { histories } from './generators.ts'

/**
 * What the random histories must contain for the comparison with the oracle to mean anything. Whoever changes a generator so
 * that one of these no longer comes about learns it here, not by a defect that nobody looked for.
 */
const REQUIRED = [
  ...['claim', 'visit', 'admission'].map((period) => `period stay ${period}`),
  ...['day', 'month', 'year', 'lifetime'].map((period) => `period person ${period}`),
  ...['policyYear', 'policyYears'].map((period) => `period policy ${period}`),
  'period family year',
  'period family policyYear',
  'period group year',
  'period accident lifetime',
  'period transferChain lifetime',
  'counter with a key',
  ...['base', 'payment', 'deductible', 'patientShare', 'times', 'days'].map(
    (one) => `counts ${one}`,
  ),
  ...['times', 'days', 'quantity', 'payment'].map((on) => `several limits on ${on}`),
  ...['payment', 'base', 'deductible', 'patientShare', 'days', 'quantity'].map(
    (on) => `limit on ${on} when`,
  ),
  ...['line', 'item', 'unit', 'day'].map((per) => `item limit per ${per} with counter`),
  ...['base', 'baseAfterDeductible', 'deductible', 'payment', 'patientShare'].map(
    (on) => `limit on ${on} bound`,
  ),
  'limit on payment, over cap as base',
  'limit on payment, over cap as payment',
  'one counter named twice',
  'counter read in a value',
  'floor with lines',
  'floor of cost',
  'floor raises the payment',
  'stop-loss raises the payment',
  'payment turned back into base',
  'items cut',
  'deductible from category',
  'deductible from lines',
  'deductible afterRate',
  'deductible filledBy commercial',
  'deductible filledBy basic',
  'deductible filled by earlier payments',
  'first share',
  'base weight',
  'bands round benefit',
  'bands round band',
  'several bands',
  'adjustment add',
  'adjustment subtract',
  'adjustment multiply',
  'adjustment set',
  'settled by direct',
  'settled by supplement',
  'bill supplement',
  'benefit requiresSettled',
  'bestOf chosen among several',
  'fixed per day',
  'fixed per once',
  'fixed paid',
  'equal rank reduced',
  'equal rank in full',
  'policy twice',
  'bill without a policy',
  'profile reopens stays',
  'profile year begins later',
  'pack of two versions',
  'cut into segments',
  'cut into segments with refunds',
  'versions with payers of their own',
  'package price 1',
  'package price -1',
  'pack covers',
  'benefit waitingDays',
  'account pots history,current,family',
  'account pots family,current,history',
  'account pays',
  'bill deposit',
  'refund owed to the patient',
  'bill with refunds',
  'given hospital share',
  'given commercial payment',
  'given without deductible',
  'given basic without payment',
  'refused GIVEN_LAYER_INCOMPLETE',
  ...['settlement', 'admission', 'discharge', 'line'].map((by) => `pack by ${by}`),
  'refused BANDS_NOT_ASCENDING',
  'refused SUPPLEMENT_PACK_UNKNOWN',
  'refused FACT_MISSING',
]

test('random histories contain every feature the comparison is meant to cover', () => {
  const met = new Set<string>()
  for (const history of fc.sample(histories, { numRuns: 1_500, seed: 20_261_125 })) {
    for (const name of featuresOf(history)) met.add(name)
    const core = coreOf(history)
    for (const bill of history.bills) {
      for (const name of eventsOf(core.settle(bill, new Map()))) met.add(name)
    }
  }
  expect(REQUIRED.filter((name) => !met.has(name))).toEqual([])
}, 60_000)
