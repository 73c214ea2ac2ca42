import { csvLine } from '../../files/csv-line.ts'
import { shanghaiTime } from '../../files/shanghai-time.ts'
import type { OwnSettlement } from './own-settlement.ts'

const MARK = '\uFEFF'

const COLUMNS = [
  'settlement',
  'state',
  'operation',
  'time',
  'day',
  'hospital',
  'stay',
  'person',
  'policies',
  'total',
  'own',
  'fixed',
  'others',
  'patient',
  'recalculated',
] as const

export function csvHeading(): string {
  return `${MARK}${csvLine(COLUMNS)}\r\n`
}

/** One row a settlement; amounts in fen. */
export function csvRow(own: OwnSettlement): string {
  const { settlement, state, operation, day, hospital, stay, person, total, others, patient } = own
  const policies = [...new Set([...own.own, ...own.fixed].flatMap(({ policy }) => policy ?? []))]
  const cells = [
    settlement,
    state,
    operation,
    shanghaiTime(own.at),
    day,
    hospital,
    stay,
    person,
    policies.join(';'),
    total,
    sumOf(own.own),
    sumOf(own.fixed),
    others,
    patient,
    own.recalculated ? 1 : 0,
  ]
  return `${csvLine(cells)}\r\n`
}

function sumOf(parts: OwnSettlement['own']): number {
  return parts.reduce((sum, { amount }) => sum + amount, 0)
}
