import { parseEpochDay } from '../../catalog/epoch-day.ts'
import { StoreRows } from '../../engine/store-rows.ts'
import { problem, type Problem, type Result } from '../../errors/problem.ts'
import { seqOf, settlementId } from '../../ledger/settlement-id.ts'
import type { HttpReply, HttpRequest, HttpServices, Route } from '../http/route.ts'
import { yielding } from '../yielding.ts'
import { disclose, type Disclosure } from './disclosure.ts'
import { csvHeading, csvRow } from './export-settlements.ts'
import {
  findSettlements,
  QUERY_DAYS_MAX,
  settlementQuery,
  type SettlementQuery,
} from './find-settlements.ts'
import { grantKept, payerGrant, type Grant } from './grants.ts'
import { isOwn, ownSettlement, type OwnSettlement } from './own-settlement.ts'
import { payerTotals } from './payer-totals.ts'

const TEXT = { type: 'string', minLength: 1, maxLength: 120 }
const DAY = { type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}$` }
const SETTLEMENT = { type: 'string', pattern: '^S[0-9]{12}$' }
const FILTERS = { payer: TEXT, person: TEXT, hospital: TEXT, stay: TEXT, from: DAY, to: DAY }

const NDJSON = 'application/x-ndjson; charset=utf-8'
const CSV = 'text/csv; charset=utf-8'

/** Settlements of one answer, and records looked at for it. */
const PAGE_MAX = 500
const PAGE_STANDARD = 100
const LOOKED_MAX = 20_000
const CHUNK_CHARACTERS = 64 * 1024
const NOTHING_YET = new Uint8Array()

/** Settlements in which a payer of the insurer's grant took part; of everybody else's only sums. */
export const SETTLEMENT_ROUTES: readonly Route[] = [
  {
    id: 'settlements.find',
    method: 'GET',
    path: '/v1/settlements',
    roles: ['insurer'],
    audit: 'personal',
    summary: {
      zh: '查询自己承保方参与的结算：按人员、就诊或记账日',
      en: "Settlements of one's own payers, by person, stay or accounting days",
    },
    query: {
      ...FILTERS,
      after: SETTLEMENT,
      limit: { type: 'string', pattern: '^[1-9][0-9]{0,2}$' },
    },
    answer: {
      type: 'object',
      properties: {
        settlements: { type: 'array', items: { type: 'object' } },
        next: { type: ['string', 'null'] },
      },
      required: ['settlements', 'next'],
    },
    handle: find,
  },
  {
    id: 'settlements.read',
    method: 'GET',
    path: '/v1/settlements/{settlement}',
    roles: ['insurer'],
    audit: 'personal',
    summary: {
      zh: '一笔结算：自己的金额、费用行与获准知悉的事实',
      en: "One settlement: one's own amounts, lines and the facts that may be told",
    },
    params: { settlement: SETTLEMENT },
    answer: { type: 'object' },
    handle: read,
  },
  {
    id: 'settlements.export',
    method: 'GET',
    path: '/v1/exports/settlements',
    roles: ['insurer'],
    audit: 'personal',
    summary: {
      zh: '导出自己承保方参与的结算（NDJSON 或 CSV）',
      en: "Export of the settlements of one's own payers (NDJSON or CSV)",
    },
    query: {
      ...FILTERS,
      format: { enum: ['ndjson', 'csv'] },
      detail: { enum: ['summary', 'full'] },
    },
    answer: { contentType: [NDJSON, CSV] },
    handle: exportAll,
  },
  {
    id: 'settlements.totals',
    method: 'GET',
    path: '/v1/totals',
    roles: ['insurer'],
    audit: 'none',
    summary: {
      zh: '自己承保方的应付合计：按记账日、机构、承保方',
      en: "What one's own payers owe, by accounting day, hospital and payer",
    },
    query: { payer: TEXT, hospital: TEXT, from: DAY, to: DAY },
    answer: {
      type: 'object',
      properties: { totals: { type: 'array', items: { type: 'object' } } },
      required: ['totals'],
    },
    handle: totals,
  },
]

interface Asked {
  readonly grant: Grant
  readonly query: SettlementQuery
}

function asked({ principal, query }: HttpRequest, { engine }: HttpServices): Result<Asked> {
  const grant = payerGrant({ engine }, principal)
  if (!grant.ok) return grant
  const read = settlementQuery(query, grant.value.payers)
  return read.ok ? { ok: true, value: { grant: grant.value, query: read.value } } : read
}

/** What the audit says of a query: whom or which days it was about. */
function subjectOf({ query }: HttpRequest): string {
  const { person, hospital, stay, from, to } = query
  return [person, hospital, stay, from, to].filter((part) => part !== undefined).join(' ')
}

async function find(request: HttpRequest, services: HttpServices): Promise<HttpReply> {
  request.subject(subjectOf(request))
  const read = asked(request, services)
  if (!read.ok) return refused(read.problems)
  const { query } = read.value
  const { engine, store } = services
  const limit = Math.min(Number(request.query['limit'] ?? PAGE_STANDARD), PAGE_MAX)
  const rows = new StoreRows(store)
  const settlements: OwnSettlement[] = []
  let [looked, next] = [0, null as string | null]
  for await (const found of findSettlements(store, query, engine.seq)) {
    const seq = found.kind === 'settlement' ? found.split.seq : found.seq
    if (settlements.length === limit || looked === LOOKED_MAX) {
      next = settlementId(seq - 1)
      break
    }
    looked += 1
    if (found.kind === 'settlement') {
      settlements.push(ownSettlement(rows, found.split, query.payers))
    }
  }
  return { kind: 'json', value: { settlements, next } }
}

async function read(request: HttpRequest, services: HttpServices): Promise<HttpReply> {
  const { engine } = services
  const settlement = request.params['settlement'] ?? ''
  request.subject(settlement)
  const grant = payerGrant({ engine }, request.principal)
  if (!grant.ok) return refused(grant.problems)
  const { payers } = grant.value
  const rows = new StoreRows(services.store)
  const seq = seqOf(settlement) ?? 0
  const split = seq > 0 && seq <= engine.seq ? rows.record(seq) : undefined
  // One in which no payer of the insurer took part is unknown in the same words.
  const isSplit = split?.kind === 'settlement' || split?.kind === 'prepared'
  if (!isSplit || !isOwn(split.answer, payers)) {
    return refused([problem('SETTLEMENT_UNKNOWN', 'settlement', { settlement })])
  }
  const own = ownSettlement(rows, split, payers)
  return { kind: 'json', value: { ...own, ...disclosed(engine, settlement, grant.value) } }
}

async function exportAll(request: HttpRequest, services: HttpServices): Promise<HttpReply> {
  request.subject(subjectOf(request))
  const read = asked(request, services)
  if (!read.ok) return refused(read.problems)
  const isCsv = request.query['format'] === 'csv'
  const isFull = request.query['detail'] === 'full'
  if (isCsv && isFull) return refused([problem('RANGE_WRONG', '', { why: 'csv: summary' })])
  return {
    kind: 'stream',
    contentType: isCsv ? CSV : NDJSON,
    fileName: isCsv ? 'settlements.csv' : 'settlements.ndjson',
    chunks: exported(services, read.value, { isCsv, isFull }),
    isAllowed: grantKept(services, request.principal, read.value.grant),
  }
}

async function* exported(
  { engine, store }: HttpServices,
  { grant, query }: Asked,
  { isCsv, isFull }: { readonly isCsv: boolean; readonly isFull: boolean },
): AsyncGenerator<Uint8Array> {
  const rows = new StoreRows(store)
  const own = { ...grant, payers: query.payers }
  const pause = yielding()
  let text = isCsv ? csvHeading() : ''
  for await (const found of findSettlements(store, query, engine.seq)) {
    if (found.kind !== 'settlement') continue
    const shown = ownSettlement(rows, found.split, query.payers)
    if (isCsv) text += csvRow(shown)
    else {
      const more = isFull ? disclosed(engine, shown.settlement, own) : {}
      text += `${JSON.stringify({ ...shown, ...more })}\n`
    }
    if (text.length >= CHUNK_CHARACTERS) {
      yield Buffer.from(text)
      text = ''
    }
    if (await pause()) yield NOTHING_YET
  }
  yield Buffer.from(text)
}

function disclosed(
  engine: HttpServices['engine'],
  settlement: string,
  grant: Grant,
): Partial<Disclosure> {
  const again = engine.recompute(settlement, 'now')
  return again.ok ? disclose(again.value, grant) : {}
}

async function totals(
  { principal, query }: HttpRequest,
  { engine, store }: HttpServices,
): Promise<HttpReply> {
  const grant = payerGrant({ engine }, principal)
  if (!grant.ok) return refused(grant.problems)
  const { payer, hospital, from = '', to = from } = query
  const wrong = (why: string) => refused([problem('RANGE_WRONG', '', { why })])
  if (payer !== undefined && !grant.value.payers.includes(payer)) return wrong('payer')
  const [first, last] = [parseEpochDay(from), parseEpochDay(to)]
  if (first === undefined || last === undefined) return wrong('from, to: YYYY-MM-DD')
  if (last < first || last - first > QUERY_DAYS_MAX)
    return wrong(`from ≤ to, ≤ ${QUERY_DAYS_MAX} d`)
  const payers = payer === undefined ? grant.value.payers : [payer]
  const range = { from: first, to: last, ...(hospital !== undefined && { hospital }) }
  return { kind: 'json', value: { totals: await payerTotals(store, payers, range) } }
}

function refused(problems: readonly Problem[]): HttpReply {
  return { kind: 'refused', problems }
}
