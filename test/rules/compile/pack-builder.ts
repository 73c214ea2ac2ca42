import type { FactFrame } from '../../../src/rules/compiled.ts'
import type {
  Benefit,
  CounterDefinition,
  DecisionTable,
  Expression,
  Match,
  RulePack,
  Value,
} from '../../../src/rules/pack.ts'

/** An expression as the reader would hand it over. */
export function cel(source: string, where = 'here'): Expression {
  return { source, where }
}

export function literal(num: number, den = 1): Value {
  return { type: 'literal', num, den }
}

export function fact(source: string): Value {
  return { type: 'fact', expression: cel(source) }
}

export function formula(
  op: 'add' | 'subtract' | 'multiply' | 'divide' | 'min' | 'max',
  ...args: readonly Value[]
): Value {
  return { type: 'formula', op, args }
}

export function anyOf(...values: readonly (string | number | boolean)[]): Match {
  return { type: 'anyOf', values }
}

export function range(from?: number, to?: number): Match {
  return {
    type: 'range',
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }
}

export const ANY: Match = { type: 'any' }

/** A table over `by`; each row is its matches and its literal value. */
export function table(
  by: readonly string[],
  rows: readonly (readonly [readonly Match[], Value])[],
  otherwise?: Value,
): DecisionTable {
  return {
    by: by.map((source) => cel(source)),
    rows: rows.map(([matches, value]) => ({ matches, value })),
    ...(otherwise === undefined ? {} : { otherwise }),
    where: 'table',
  }
}

export function counter(
  id: string,
  period: CounterDefinition['period']['type'] = 'year',
  unit: CounterDefinition['unit'] = 'fen',
): CounterDefinition {
  if (period === 'policyYears') {
    return { id, owner: 'person', period: { type: 'policyYears', years: 2 }, unit }
  }
  return { id, owner: 'person', period: { type: period }, unit }
}

export function benefit(changes: Partial<Benefit> = {}): Benefit {
  return {
    id: 'inpatient',
    title: { zh: '住院', en: 'inpatient' },
    clause: '第二条',
    requiresSettled: [],
    base: [{ category: 'inScope' }],
    of: 'residual',
    firstShares: [],
    itemLimits: [],
    adjustments: [],
    limits: [],
    counts: [],
    ...changes,
  }
}

export function pack(changes: Partial<RulePack> = {}): RulePack {
  return {
    id: 'test/basic',
    hash: '0'.repeat(64),
    kind: 'basic',
    product: 'test/basic',
    title: { zh: '测试', en: 'test' },
    payer: { id: 'fund', name: { zh: '基金', en: 'fund' } },
    effective: { from: 19_358 },
    source: 'test',
    requiresPolicy: false,
    parameters: {},
    lists: [],
    counters: {},
    packages: [],
    benefits: [benefit()],
    cases: [],
    ...changes,
  }
}

export function frame(changes: Partial<FactFrame> = {}): FactFrame {
  return {
    person: {},
    visit: {},
    hospital: {},
    bill: {},
    policy: undefined,
    line: undefined,
    lineChargeLevel: undefined,
    readCounter: () => 0,
    ...changes,
  }
}
