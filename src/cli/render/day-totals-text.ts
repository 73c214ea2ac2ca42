import { fen, formatYuanGrouped } from '../../money/fen.ts'
import type { Bilingual } from '../../rules/pack.ts'
import type { HospitalDay } from '../ledger/day-command.ts'
import { counted, worded, type ShownLanguage } from '../language.ts'
import { wrap } from './columns.ts'
import { tableLines } from './table.ts'

export interface DayTotals {
  readonly day: string
  readonly isClosed: boolean
  readonly hospitals: readonly HospitalDay[]
}

const HEADINGS: readonly Bilingual[] = [
  { zh: '机构', en: 'institution' },
  { zh: '笔数', en: 'rows' },
  { zh: '医疗费总额', en: 'cost' },
  { zh: '基金支付', en: 'funds' },
  { zh: '个人账户', en: 'account' },
  { zh: '个人现金', en: 'cash' },
]

/** A line for each institution and one for all of them; yuan. */
export function dayTotalsText(
  { day, isClosed, hospitals }: DayTotals,
  shown: ShownLanguage,
  columns: number,
): string {
  const title: Bilingual = {
    zh: `记账日 ${day}，${isClosed ? '已关账' : '未关账'}；${hospitals.length} 家机构`,
    en: `accounting day ${day}, ${isClosed ? 'closed' : 'open'}; ${counted(hospitals.length, 'institution')}`,
  }
  const head = worded(title, shown).flatMap((text) => wrap(text, columns))
  if (hospitals.length === 0) return head.join('\n')
  const total = cellsOf(totalOf(hospitals, shown === 'en' ? 'all' : '合计'))
  const options = { shown, columns, alignment: 'right', total } as const
  return [...head, ...tableLines(HEADINGS, hospitals.map(cellsOf), options)].join('\n')
}

function cellsOf({ hospital, rows, cost, fund, account, cash }: HospitalDay): readonly string[] {
  const yuan = [cost, fund, account, cash].map((amount) => formatYuanGrouped(fen(amount)))
  return [hospital, String(rows), ...yuan]
}

function totalOf(hospitals: readonly HospitalDay[], name: string): HospitalDay {
  const none = { hospital: name, rows: 0, cost: 0, fund: 0, account: 0, cash: 0 }
  return hospitals.reduce(
    (sum, one) => ({
      hospital: name,
      rows: sum.rows + one.rows,
      cost: sum.cost + one.cost,
      fund: sum.fund + one.fund,
      account: sum.account + one.account,
      cash: sum.cash + one.cash,
    }),
    none,
  )
}
