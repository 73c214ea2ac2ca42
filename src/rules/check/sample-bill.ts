import { formatYuanGrouped, type Fen } from '../../money/fen.ts'
import type { Assignment } from './assignment.ts'

const SHORT_NAMES: Readonly<Record<string, string>> = {
  'visit.kind': 'visit',
  'hospital.level': 'level',
}

/** One line of text that says what kind of bill shows a problem: `visit inpatient, level 3, in scope 120,000.00`. */
export function sampleBill(facts: Assignment, inScope: Fen): string {
  const stated = [...facts]
    .filter(([key]) => !key.startsWith('{'))
    .map(([key, value]) => {
      const short = SHORT_NAMES[key]
      return short === undefined ? `${key} = ${String(value)}` : `${short} ${String(value)}`
    })
  return [...stated, `in scope ${formatYuanGrouped(inScope)}`].join(', ')
}
