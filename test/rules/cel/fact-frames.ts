import fc from 'fast-check'

import { CelDate, CelMoney } from '../../../src/rules/cel/environment.ts'
import type { FactFrame } from '../../../src/rules/compiled.ts'
import { FACTS, type FactSheet, type FactTrait, type FactValue } from '../../../src/rules/facts.ts'

export type Sheets = Readonly<Record<string, FactSheet>>

const GROUPS: Readonly<Record<string, Readonly<Record<string, FactTrait>>>> = FACTS

/** Short texts that meet the literals of the corpus often. */
const TEXT = fc.constantFrom('', '390', '310', 'C34', 'C34.1', 'XL01AB', '低保', '𠮷', 'inpatient')

function valueOf({ type, values }: FactTrait): fc.Arbitrary<FactValue> {
  switch (type) {
    case 'int':
      return fc.integer({ min: -3, max: 120 })
    case 'money':
      return fc.integer({ min: 0, max: 5_000_000 })
    case 'date':
      return fc.integer({ min: 19_300, max: 19_800 })
    case 'bool':
      return fc.boolean()
    case 'string':
      return values === undefined ? TEXT : fc.oneof(TEXT, fc.constantFrom(...values.map(String)))
    case 'strings':
      return fc.array(TEXT, { maxLength: 3 })
  }
}

/** Facts of every group: all of them stated, or a random part. */
export function sheets(complete: boolean): fc.Arbitrary<Sheets> {
  return fc.record(
    Object.fromEntries(
      Object.entries(GROUPS).map(([group, facts]): [string, fc.Arbitrary<FactSheet>] => {
        const values = Object.entries(facts).map(([name, trait]) => [name, valueOf(trait)] as const)
        const record = Object.fromEntries(values)
        return [group, complete ? fc.record(record) : part(record)]
      }),
    ),
  )
}

/** Some of the facts; what is left out is absent, not undefined. */
function part(record: Readonly<Record<string, fc.Arbitrary<FactValue>>>): fc.Arbitrary<FactSheet> {
  return fc.tuple(fc.record(record), fc.subarray(Object.keys(record))).map(([facts, stated]) =>
    Object.fromEntries(
      stated.flatMap((name) => {
        const value = facts[name]
        return value === undefined ? [] : [[name, value]]
      }),
    ),
  )
}

/** The facts as our closures read them. */
export function frameOf(all: Sheets): FactFrame {
  return {
    person: all['person'] ?? {},
    visit: all['visit'] ?? {},
    hospital: all['hospital'] ?? {},
    bill: all['bill'] ?? {},
    policy: all['policy'],
    line: all['line'],
    lineChargeLevel: undefined,
    readCounter: () => 0,
  }
}

/** The same facts as the CEL library reads them. */
export function libraryContext(all: Sheets): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(all).map(([group, facts]) => [
      group,
      Object.fromEntries(
        Object.entries(facts).map(([name, value]) => [
          name,
          libraryValue(GROUPS[group]?.[name]?.type, value),
        ]),
      ),
    ]),
  )
}

function libraryValue(type: FactTrait['type'] | undefined, value: FactValue): unknown {
  if (typeof value !== 'number') return value
  if (type === 'money') return new CelMoney(BigInt(value))
  return type === 'date' ? new CelDate(BigInt(value)) : BigInt(value)
}
