import { problem } from '../../errors/problem.ts'
import type { ExpectedResult } from '../cel/check.ts'
import type { CounterDefinition } from '../pack.ts'
import type { PackScope } from './pack-scope.ts'

/**
 * What a value is measured in where it stands: fen, a plain number, a rate, or, inside multiply and divide, whatever
 * its author meant.
 */
export type Unit = 'money' | 'number' | 'rate' | 'factor'

const UNIT_NAMES: Readonly<Record<Unit, { readonly zh: string; readonly en: string }>> = {
  money: { zh: '金额', en: 'money' },
  number: { zh: '数', en: 'a number' },
  rate: { zh: '比例', en: 'a rate' },
  factor: { zh: '数或金额', en: 'a number or money' },
}

/** What a `fact:` of a value in this unit must yield; undefined: no expression yields it (rates). */
export function expectedResult(unit: Unit): ExpectedResult | undefined {
  switch (unit) {
    case 'money':
      return 'money'
    case 'number':
      return 'number'
    case 'factor':
      return 'factor'
    case 'rate':
      return undefined
  }
}

export function counterFits(counter: CounterDefinition, unit: Unit): boolean {
  switch (unit) {
    case 'money':
      return counter.unit === 'fen'
    case 'number':
      return counter.unit !== 'fen'
    case 'factor':
      return true
    case 'rate':
      return false
  }
}

export function noteWrongUnit(scope: PackScope, where: string, unit: Unit, found: string): void {
  const { zh, en } = UNIT_NAMES[unit]
  scope.problems.push(problem('VALUE_UNIT', where, { expectedZh: zh, expected: en, found }))
}
