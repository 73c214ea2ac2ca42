import { formatEpochDay, parseEpochDay } from '../../catalog/epoch-day.ts'
import type { Store } from '../../engine/ports.ts'
import type { EngineReply } from '../../engine/request.ts'
import { StoreRows } from '../../engine/store-rows.ts'
import { problem } from '../../errors/problem.ts'
import { accountsOf } from '../../ledger/balances.ts'
import { rowKey, type BalanceRow } from '../../ledger/rows.ts'
import type { HttpReply, HttpRequest, HttpServices, Route } from '../http/route.ts'
import { yielding } from '../yielding.ts'

const DAY = { type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}$` }
/** Days of one answer. */
const DAYS_MAX = 31
/** Behind every institution code. */
const LAST = '\u{10FFFF}'

const LIST = { type: 'array', items: { type: 'object' } }

/** Accounting days: balances, totals, closing; and what of prepared settlements nobody has ended. */
export const DAY_ROUTES: readonly Route[] = [
  {
    id: 'balances.list',
    method: 'GET',
    path: '/v1/balances',
    roles: ['operator', 'auditor'],
    audit: 'none',
    summary: {
      zh: '记账日余额：谁欠谁多少，按日与机构（分）',
      en: 'Who owes whom, by accounting day and hospital; fen',
    },
    query: { from: DAY, to: DAY, hospital: { type: 'string', minLength: 1, maxLength: 30 } },
    answer: { type: 'object', properties: { balances: LIST }, required: ['balances'] },
    handle: balances,
  },
  {
    id: 'days.read',
    method: 'GET',
    path: '/v1/days/{day}',
    roles: ['operator', 'auditor'],
    audit: 'none',
    summary: {
      zh: '一个记账日的合计，按机构（分）',
      en: 'What an accounting day comes to, by hospital; fen',
    },
    params: { day: DAY },
    answer: { type: 'object', properties: { hospitals: LIST }, required: ['day', 'hospitals'] },
    handle: async ({ params }, services) => {
      const { day = '' } = params
      return Promise.resolve(
        parseEpochDay(day) === undefined
          ? rangeWrong('day: YYYY-MM-DD')
          : { kind: 'json', value: dayTotals(day, services) },
      )
    },
  },
  {
    id: 'days.close',
    method: 'POST',
    path: '/v1/days/{day}/close',
    roles: ['operator'],
    audit: 'mutation',
    summary: { zh: '关账：该日及以前不再记账', en: 'Closes an accounting day and all before it' },
    params: { day: DAY },
    answer: { type: 'object', properties: { hospitals: LIST }, required: ['day', 'hospitals'] },
    handle: async ({ params }, services) => {
      const { day = '' } = params
      // Closing a day again answers as the first time.
      const requestId = `close-day-${day}`
      const request = { operation: 'closeDay', hospital: '', requestId, body: { day } } as const
      const reply = await services.engine.submit(request)
      if (reply.kind === 'refused') return refusalOf(reply)
      return { kind: 'json', value: dayTotals(day, services) }
    },
  },
  {
    id: 'unresolved.list',
    method: 'GET',
    path: '/v1/unresolved',
    roles: ['operator', 'auditor'],
    audit: 'personal',
    summary: {
      zh: '逾时未确认也未取消的预结算',
      en: 'Prepared settlements past their time',
    },
    answer: { type: 'object', properties: { settlements: LIST }, required: ['settlements'] },
    handle: async (_request, { engine }) => {
      const request = { operation: 'unresolved', hospital: '', requestId: '', body: {} } as const
      const reply = await engine.submit(request)
      return reply.kind === 'refused' ? refusalOf(reply) : { kind: 'json', value: reply.answer }
    },
  },
]

async function balances({ query }: HttpRequest, { store }: HttpServices): Promise<HttpReply> {
  const { hospital, from = '', to = from } = query
  const [first, last] = [parseEpochDay(from), parseEpochDay(to)]
  if (first === undefined || last === undefined || last < first || last - first >= DAYS_MAX) {
    return rangeWrong(`from ≤ to, ≤ ${DAYS_MAX} d, YYYY-MM-DD`)
  }
  const pause = yielding()
  const found: object[] = []
  for (let day = first; day <= last; day += 1) {
    for (const row of hospitalsOf(store, formatEpochDay(day))) {
      if (hospital !== undefined && hospital !== row.hospital) continue
      for (const [pair, amount] of row.balance.pairs) {
        const [payer, receiver] = accountsOf(pair)
        const place = { day: formatEpochDay(day), hospital: row.hospital }
        found.push({ ...place, from: payer, to: receiver, amount })
      }
      await pause()
    }
  }
  return { kind: 'json', value: { balances: found } }
}

function rangeWrong(why: string): HttpReply {
  return { kind: 'refused', problems: [problem('RANGE_WRONG', '', { why })] }
}

function dayTotals(day: string, { engine, store }: HttpServices): object {
  const { closed } = engine
  const hospitals = hospitalsOf(store, day).map(({ hospital, balance }) => {
    const { rows, cost, fund, account, cash } = balance
    return { hospital, rows, cost, fund, account, cash }
  })
  const number = parseEpochDay(day)
  return {
    day,
    closed: closed !== null && number !== undefined && number <= closed,
    closedUntil: closed === null ? null : formatEpochDay(closed),
    hospitals,
  }
}

interface HospitalDay {
  readonly hospital: string
  readonly balance: BalanceRow
}

function hospitalsOf(store: Store, day: string): readonly HospitalDay[] {
  const rows = new StoreRows(store)
  const range = { from: rowKey(day, ''), to: rowKey(day, LAST) }
  return [...store.range('balance', range)].flatMap(({ key }) => {
    const balance = rows.get('balance', key)
    const [, hospital = ''] = String(key).split('\u0000')
    return balance === undefined ? [] : [{ hospital, balance }]
  })
}

function refusalOf({
  problems,
  retryAfterMs,
}: Extract<EngineReply, { readonly kind: 'refused' }>): HttpReply {
  return { kind: 'refused', problems, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}
