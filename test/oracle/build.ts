import type { Bill, BillLine } from '../../src/adjudication/bill.ts'
import { fen } from '../../src/money/fen.ts'
import type { PackKind } from '../../src/rules/kind.ts'
import { PACK_KINDS } from '../../src/rules/kind.ts'
import type {
  Bands,
  Benefit,
  CounterDefinition,
  Deductible,
  Expression,
  Limit,
  Owner,
  Period,
  RulePack,
  Value,
} from '../../src/rules/pack.ts'
import type { Profile } from '../../src/rules/profile.ts'

/** Short ways to write packs and bills as data: everything not said is absent or plain. */

export const DAY_2023 = 19_358

export function yuan(amount: number): Value {
  return { type: 'literal', num: Math.round(amount * 100), den: 1 }
}

export function percent(num: number, den = 100): Value {
  return { type: 'literal', num, den }
}

export function cel(source: string, where = 'expression'): Expression {
  return { source, where }
}

export function counter(
  id: string,
  period: Period['type'] & Exclude<Period['type'], 'policyYears'>,
  owner: Owner = 'person',
  unit: CounterDefinition['unit'] = 'fen',
): CounterDefinition {
  return { id, owner, period: { type: period }, unit }
}

export function deductible(id: string, amount: Value, more: Partial<Deductible> = {}): Deductible {
  return {
    amount,
    counter: counter(`${id}.deductible`, 'year'),
    taken: 'before',
    from: [],
    filledBy: [],
    ...more,
  }
}

export function bands(id: string, rows: Bands['rows'], more: Partial<Bands> = {}): Bands {
  return {
    axis: 'includingDeductible',
    counter: counter(`${id}.bands`, 'visit', 'stay'),
    rows,
    rounding: 'band',
    ...more,
  }
}

export function limit(
  id: string,
  on: Limit['on'],
  amount: Value,
  more: Partial<Limit> = {},
): Limit {
  const units = { days: 'days', times: 'times', quantity: 'quantity' } as const
  const unit = on === 'days' || on === 'times' || on === 'quantity' ? units[on] : 'fen'
  return {
    id: 'limit-1',
    on,
    amount,
    counter: counter(`${id}.limit-1`, 'year', 'person', unit),
    overCap: 'base',
    ...more,
  }
}

export function benefit(id: string, more: Partial<Benefit> = {}): Benefit {
  return {
    id,
    title: { zh: id, en: id },
    clause: '第一条',
    requiresSettled: [],
    base: [{ category: 'inScope' }],
    of: 'residual',
    firstShares: [],
    itemLimits: [],
    adjustments: [],
    limits: [],
    counts: [],
    ...more,
  }
}

export function pack(id: string, kind: PackKind, more: Partial<RulePack> = {}): RulePack {
  return {
    id,
    hash: id
      .replaceAll(/[^0-9a-f]/g, '0')
      .padEnd(64, '0')
      .slice(0, 64),
    kind,
    product: id,
    title: { zh: id, en: id },
    payer: { id: `${id}/payer`, name: { zh: id, en: id } },
    effective: { from: 0 },
    source: '测试',
    requiresPolicy: false,
    parameters: {},
    lists: [],
    counters: {},
    packages: [],
    benefits: [],
    cases: [],
    ...more,
  }
}

export function profile(more: Partial<Profile> = {}): Profile {
  return {
    id: 'test',
    hash: '0'.repeat(64),
    title: { zh: '测试', en: 'test' },
    source: '测试',
    effective: { from: 0 },
    timeZone: 'Asia/Shanghai',
    yearBy: 'settlement',
    yearStart: { month: 1, day: 1 },
    order: PACK_KINDS.map((kind) => ({ kinds: [kind], sharing: 'listed' })),
    given: {
      basic: ['inScope'],
      funds: [
        'coinsurance',
        'deductible',
        'overCap',
        'inScope',
        'preSelfPay',
        'overLimit',
        'ownPay',
      ],
      hospital: [
        'overLimit',
        'preSelfPay',
        'ownPay',
        'inScope',
        'coinsurance',
        'overCap',
        'deductible',
      ],
    },
    hospitalLevels: {},
    priceLevels: {},
    identities: {},
    retiredPersonTypes: [],
    reversal: { mode: 'keep', days: 365 },
    unmatchedLines: 'refuse',
    ...more,
  }
}

/** Amounts of a line in yuan by its four parts. */
export interface LineParts {
  readonly inScope?: number
  readonly preSelfPay?: number
  readonly overLimit?: number
  readonly ownPay?: number
}

export function line(id: string, parts: LineParts, facts: BillLine['facts'] = {}): BillLine {
  const part = (name: keyof LineParts) => fen(Math.round((parts[name] ?? 0) * 100))
  const classification = {
    ownPay: part('ownPay'),
    overLimit: part('overLimit'),
    preSelfPay: part('preSelfPay'),
    inScope: part('inScope'),
  }
  const amount = fen(Object.values(classification).reduce((so, one) => so + one, 0))
  const day = typeof facts['date'] === 'number' ? facts['date'] : DAY_2023 + 60
  return {
    id,
    amount,
    day,
    classification,
    facts: { id, code: id, date: day, ...facts, amount },
  }
}

export function bill(lines: readonly BillLine[], more: Partial<Bill> = {}): Bill {
  return {
    stayId: 'V',
    visit: { id: 'V', kind: 'inpatient', start: DAY_2023 + 59, end: DAY_2023 + 69, days: 10 },
    hospital: { id: 'H', level: 3 },
    lines,
    settlementDay: DAY_2023 + 69,
    accountUsed: false,
    without: [],
    ...more,
  }
}
