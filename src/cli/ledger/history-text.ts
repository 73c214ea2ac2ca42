import { fen, formatYuanGrouped, formatYuan } from '../../money/fen.ts'
import type { Settlement } from '../../adjudication/settlement.ts'
import type { LedgerRecord } from '../../ledger/record.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import type { Bilingual } from '../../rules/pack.ts'
import { inline, type ShownLanguage } from '../language.ts'
import { fit, wrap } from '../render/columns.ts'
import { decimal } from '../render/counters-text.ts'
import { settlementText } from '../render/settlement-text.ts'
import type { SettlementHistory } from './settlement-history.ts'
import { shanghaiTime } from '../../files/shanghai-time.ts'

type Counter = Settlement['counters'][number]

export interface HistoryView {
  readonly columns: number
  readonly shown: ShownLanguage
  readonly explain: boolean
}

const STATES: Readonly<Record<SettlementHistory['state'], Bilingual>> = {
  settled: { zh: '已结算', en: 'settled' },
  unconfirmed: { zh: '待平台确认', en: 'unconfirmed' },
  prepared: { zh: '预占', en: 'prepared' },
  cancelled: { zh: '已取消', en: 'cancelled' },
  reversed: { zh: '已撤销', en: 'reversed' },
}

const KINDS: Readonly<Partial<Record<LedgerRecord['kind'], Bilingual>>> = {
  settlement: { zh: '结算', en: 'settled' },
  prepared: { zh: '预占', en: 'prepared' },
  confirmed: { zh: '平台确认', en: 'confirmed' },
  platform: { zh: '平台查询确认', en: 'confirmed by the platform' },
  recalculation: { zh: '重算', en: 'recalculated' },
  cancelled: { zh: '取消', en: 'cancelled' },
  reversal: { zh: '撤销', en: 'reversed' },
}

/** A settlement for people: where it stands, the split, entries, counters, and what happened to it. */
export function historyText(history: SettlementHistory, view: HistoryView): string {
  const { columns, shown, explain } = view
  const split = settlementText(history.settlement, {
    columns,
    shown,
    explain: explain ? 'all' : 'none',
    packs: history.packs,
  })
  return [
    ...headPart(history, view),
    '',
    split,
    '',
    ...entriesPart(history, view),
    '',
    ...countersPart(history.settlement, view),
    '',
    ...stepsPart(history, view),
  ].join('\n')
}

function headPart(history: SettlementHistory, { shown, columns }: HistoryView): readonly string[] {
  const { id, split, state, changedSince } = history
  const { hospital, stay, person, jurisdiction, ruleSet, semantics } = split
  const { zh, en } = STATES[state]
  const stands = changedSince
    ? {
        zh: `${zh}；所读累计后来有变，可运行重算`,
        en: `${en}; a counter it read has changed since: a recalculation is due`,
      }
    : { zh, en }
  const named = [
    inline({ zh: `机构 ${hospital}`, en: `hospital ${hospital}` }, shown),
    inline({ zh: `就诊 ${stay}`, en: `stay ${stay}` }, shown),
    inline({ zh: `人员 ${person}`, en: `person ${person}` }, shown),
  ]
  const rules: Bilingual = {
    zh: `统筹区 ${jurisdiction}，规则集 ${ruleSet.slice(0, 12)}，语义 ${semantics}`,
    en: `jurisdiction ${jurisdiction}, rule set ${ruleSet.slice(0, 12)}, semantics ${semantics}`,
  }
  return [
    ...wrap(`${id}  ${inline(stands, shown)}`, columns),
    ...wrap(named.join('  '), columns - 2).map((line) => `  ${line}`),
    ...wrap(inline(rules, shown), columns - 2).map((line) => `  ${line}`),
  ]
}

const AMOUNT_WIDTH = 16

function entriesPart({ steps }: SettlementHistory, view: HistoryView): readonly string[] {
  const width = view.columns - AMOUNT_WIDTH - 2
  const rows = steps.flatMap(({ record, postings }) =>
    postings.map(([from, to, amount]) => {
      const name = `${settlementId(record.seq)}  ${from} → ${to}`
      return `  ${fit(name, width)}${fit(formatYuanGrouped(fen(amount)), AMOUNT_WIDTH, 'right')}`
    }),
  )
  return [inline({ zh: '分录（元）', en: 'Entries (yuan)' }, view.shown), ...rows]
}

const UNITS: Readonly<Record<Counter['unit'], Bilingual>> = {
  fen: { zh: '元', en: 'yuan' },
  days: { zh: '天', en: 'days' },
  times: { zh: '次', en: 'times' },
  quantity: { zh: '数量', en: 'quantity' },
}

function counted(value: number, unit: Counter['unit']): string {
  if (unit === 'fen') return formatYuan(fen(value))
  return unit === 'quantity' ? decimal(value) : String(value)
}

function countersPart({ counters }: Settlement, view: HistoryView): readonly string[] {
  const title = { zh: '累计（之前 → 之后）', en: 'Counters (before → after)' }
  const rows = counters.flatMap(({ key, unit, before, after }) => {
    const values = [before, after].map((value) => counted(value, unit)).join(' → ')
    return wrap(`${key}  ${values} ${inline(UNITS[unit], view.shown)}`, view.columns - 2)
  })
  return [inline(title, view.shown), ...rows.map((row) => `  ${row}`)]
}

function stepsPart({ steps }: SettlementHistory, view: HistoryView): readonly string[] {
  const rows = steps.flatMap(({ record }) => {
    const { at, seq, kind, request } = record
    const what = inline(KINDS[kind] ?? { zh: kind, en: kind }, view.shown)
    const by = request === undefined ? '' : `  ${request.hospital}/${request.id}`
    const reason = 'reason' in record && record.reason !== undefined ? `  ${record.reason}` : ''
    return wrap(
      `${shanghaiTime(at)}  ${settlementId(seq)}  ${what}${by}${reason}`,
      view.columns - 2,
    )
  })
  return [inline({ zh: '经过', en: 'History' }, view.shown), ...rows.map((row) => `  ${row}`)]
}
