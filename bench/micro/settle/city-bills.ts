import { decodeRow, encodeRow } from '../../../src/ledger/row-codec.ts'
import type { Bill, BillLine } from '../../../src/adjudication/bill.ts'
import { counterKey } from '../../../src/adjudication/counter-key.ts'
import { CounterSums, NO_COUNTERS } from '../../../src/adjudication/counter-sums.ts'
import type { Coverage } from '../../../src/adjudication/coverage.ts'
import type { InForce } from '../../../src/adjudication/in-force.ts'
import { settle } from '../../../src/adjudication/settle.ts'
import type { Settlement } from '../../../src/adjudication/settlement.ts'
import { assert } from '../../../src/assert.ts'
import { fen } from '../../../src/money/fen.ts'
import type { CityItem } from './city-catalog.ts'
import { REGION } from './city-catalog.ts'
import { day, drawsFrom, pick, type Draw } from './setup.ts'

/** One call of `settle`: a bill with what its person had used of every counter before it. */
export interface SettleCase {
  readonly bill: Bill
  readonly coverage: Coverage
  readonly counters: CounterSums
}

/** What the bills of one workload look like. */
export interface BillShape {
  readonly bills: number
  /** Lines of every bill, or what each bill is like. */
  readonly lines: number | ((draw: Draw) => BillForm)
  readonly seed: number
}

/** What one bill is like. */
export interface BillForm {
  readonly visit: 'inpatient' | 'outpatient' | 'pharmacy'
  readonly lines: number
  /** Days before the settlement on which it begins. */
  readonly days: number
  /** Fen, as near as rounding the lines allows. */
  readonly total: number
}

const FIRST_DAY = day('2025-02-10')
/** So many bills of one person in the year. */
const BILLS_PER_PERSON = 8

/** Bills of a city, each line a draw from `items`; every eighth of a person, one every 35 days. */
export function cityBills(
  shape: BillShape,
  items: readonly CityItem[],
): Omit<SettleCase, 'counters'>[] {
  const draw = drawsFrom(shape.seed)
  const cases: Omit<SettleCase, 'counters'>[] = []
  const persons = Math.ceil(shape.bills / BILLS_PER_PERSON)
  const coverages = Array.from({ length: persons }, (_, index) => coverageOf(`P${index}`, draw))
  for (let index = 0; index < shape.bills; index += 1) {
    const coverage = coverages[index % persons]
    assert(coverage !== undefined, 'a person for every bill')
    const admission = Math.floor(index / persons)
    const billDay = FIRST_DAY + admission * 35 + draw(20)
    cases.push({
      bill: billOf(
        { stayId: `V${index}`, admissionNo: admission + 1, billDay },
        shape.lines,
        items,
        draw,
      ),
      coverage,
    })
  }
  return cases
}

/** Each case with the counters as the earlier bills of its person left them. */
export function carryCounters(
  cases: readonly Omit<SettleCase, 'counters'>[],
  inForce: InForce,
): SettleCase[] {
  const used = new Map<unknown, CounterSums>()
  return cases.map(({ bill, coverage }) => {
    const counters = used.get(coverage) ?? NO_COUNTERS
    const { counters: changes } = settled({ bill, coverage, counters }, inForce, false)
    const added = changes.map(
      ({ key, before, after }) => [counterKey(key), after - before] as const,
    )
    used.set(coverage, asStored(counters.plus(added)))
    return { bill, coverage, counters }
  })
}

/** As they are read from a row of the ledger: the same texts in another form take other time to compare. */
function asStored(counters: CounterSums): CounterSums {
  const row = { version: 0, counters, entries: [], changes: [] }
  return decodeRow('holder', encodeRow('holder', row)).counters
}

/** The settlement of a case; a refusal is an error here. */
export function settled(item: SettleCase, inForce: InForce, explain: boolean): Settlement {
  const { bill, coverage, counters } = item
  const result = settle(bill, coverage, counters, inForce, { explain })
  if (result.kind === 'settlement') return result
  throw new Error(JSON.stringify(result.problems.slice(0, 3)))
}

/** Everybody here is insured by all seven layers, so that no layer is cheap for want of members. */
function coverageOf(id: string, draw: Draw): Coverage {
  const retired = draw(3) === 0
  const policy = (product: string, priority: number) => ({
    id: `${id}-${priority}`,
    product,
    start: day('2025-01-01'),
    end: day('2025-12-31'),
    priority,
    preExisting: draw(4) === 0,
    consecutiveYears: 1 + draw(4),
  })
  return {
    person: {
      id,
      age: retired ? 61 + draw(25) : 22 + draw(38),
      insutype: '310',
      psnType: retired ? '12' : '11',
      retired,
      civilServant: true,
      rank: pick(['县级', '科级', '其他'], draw),
      identities: [pick(['特困', '低保', '返贫致贫', '低保边缘'], draw)],
      region: REGION,
    },
    policies: [policy('bench/city-plan', 1), policy('bench/million', 2)],
  }
}

interface Stay {
  readonly stayId: string
  readonly admissionNo: number
  readonly billDay: number
}

function billOf(
  { stayId, admissionNo, billDay }: Stay,
  shape: BillShape['lines'],
  items: readonly CityItem[],
  draw: Draw,
): Bill {
  const form = typeof shape === 'number' ? longStay(shape, draw) : shape(draw)
  const { days, total } = form
  const start = billDay - days
  const weights = Array.from({ length: form.lines }, () => 1 + draw(1_000))
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0)
  const lines = weights.map((weight, index) => {
    const amount = Math.round((total * weight) / weightSum)
    return lineOf(String(index + 1), amount, start + (index % Math.max(days, 1)), items, draw)
  })
  const kind = typeof shape !== 'number' ? form.visit : draw(10) === 0 ? 'outpatient' : 'inpatient'
  return {
    stayId,
    visit: {
      id: stayId,
      kind,
      start,
      end: billDay,
      days: Math.max(days, 1),
      admissionNo,
      diagnosis: pick(['I21.9', 'C34.1', 'K35.8', 'J18.9'], draw),
      accident: false,
    },
    hospital: { id: `H${draw(40)}`, level: 1 + draw(3), region: REGION },
    lines,
    settlementDay: billDay,
    accountUsed: false,
    without: [],
  }
}

/** From 2,000 to 200,000 yuan, small stays being the most; the lines share it at random. */
function longStay(lines: number, draw: Draw): BillForm {
  const days = 3 + draw(12)
  return {
    visit: 'inpatient',
    lines,
    days,
    total: 200_000 * 10 ** (2 * (draw(1_001) / 1_000) ** 2),
  }
}

function lineOf(
  id: string,
  amountFen: number,
  lineDay: number,
  items: readonly CityItem[],
  draw: Draw,
): BillLine {
  const item = pick(items, draw)
  const amount = fen(amountFen)
  const { code, name, chargeType } = item
  const tags = draw(30) === 0 ? ['营养品'] : []
  return {
    id,
    amount,
    day: lineDay,
    quantity: (1 + draw(20)) * 10_000,
    facts: { id, code, name, chargeType, amount, date: lineDay, tags },
  }
}
