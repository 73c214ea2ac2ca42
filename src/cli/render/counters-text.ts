import type { Settlement } from '../../adjudication/settlement.ts'
import { fen, formatYuan } from '../../money/fen.ts'
import { inline, type ShownLanguage } from '../language.ts'

/** Running totals after a settlement, written as the `counters` of the next bill; others stay as they were. */
export function countersText({ counters }: Settlement, shown: ShownLanguage): string {
  const title = { zh: '累计（写入下一张账单）', en: 'Running totals, for the next bill' }
  const rows = counters.map(({ after, key, unit }) => `  '${key}': ${valueText(after, unit)}`)
  return ['', `# ${inline(title, shown)}`, 'counters:', ...rows].join('\n')
}

const QUANTITY_SCALE = 10_000

function valueText(value: number, unit: Settlement['counters'][number]['unit']): string {
  if (unit === 'fen') return formatYuan(fen(value))
  if (unit === 'quantity') return `{ quantity: ${decimal(value)} }`
  return String(value)
}

/** Ten-thousandths as a decimal number. */
export function decimal(value: number): string {
  const whole = Math.trunc(value / QUANTITY_SCALE)
  const rest = String(value % QUANTITY_SCALE)
    .padStart(4, '0')
    .replace(/0+$/, '')
  return rest === '' ? String(whole) : `${whole}.${rest}`
}
