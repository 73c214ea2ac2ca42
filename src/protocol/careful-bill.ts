import type { AccountBalances, Bill, BillLine } from '../adjudication/bill.ts'
import type { Counters } from '../adjudication/counters.ts'
import type { Coverage } from '../adjudication/coverage.ts'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import { failureOf, success, type Problem, type Result } from '../errors/problem.ts'
import { fen, formatYuan, type Fen } from '../money/fen.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { Profile } from '../rules/profile.ts'
import { readCounters } from './bill-counters.ts'
import { checkGiven, openGiven, type GivenPart } from './given-part.ts'
import { listAt } from './bill-given.ts'
import { readLine, type ReadLine } from './bill-lines.ts'
import type { NationalLine } from './national-lines.ts'
import { isStay, readCoverage, readHospital, readVisit } from './bill-people.ts'
import { checkRefunds } from './bill-refunds.ts'
import { nationalNames } from './fact-sections.ts'
import { newFindings, placed, quoted, refuse, type Findings } from './findings.ts'
import { LIMITS } from './limits.ts'
import * as read from './scalars.ts'
import {
  isObject,
  openSection,
  placeOf,
  refuseField,
  shape,
  words,
  type Section,
} from './section.ts'
import { stated } from './stated.ts'

export interface BillDocument {
  readonly bill: Bill
  readonly coverage: Coverage
  readonly counters: Counters
  /** What was noted without refusing: one-fen differences, amounts that came through a float. */
  readonly warnings: readonly Problem[]
}

const GROUPS = ['person', 'visit', 'hospital'] as const
const FLAT_NAMES = GROUPS.flatMap((group) => [...nationalNames(group).keys()])

const DOCUMENT_SHAPE = shape(
  [
    ...words(
      'person familyId visit hospital policies settlementDate lines total account useAccount',
    ),
    ...words('deposit given counters without supplement'),
    ...FLAT_NAMES,
  ],
  {
    aliases: new Map([
      ['medfee_sumamt', 'total'],
      ['acct_used_flag', 'useAccount'],
      ['setl_time', 'settlementDate'],
      ['feedetail', 'lines'],
    ]),
    derived: new Set(['bill']),
  },
)
const ACCOUNT_SHAPE = shape(['current', 'history', 'family'])
const SUPPLEMENT_SHAPE = shape(['packs'])

/** Reads any bill document with all that is wrong with it: see `readBillDocument`, which does first what is plain. */
export function readBillCarefully(
  json: unknown,
  profile: Profile,
  day?: number,
): Result<BillDocument> {
  const findings = newFindings()
  const document = openSection(json, '', DOCUMENT_SHAPE, findings)
  const coverage = readCoverage(document, group(document, 'person'), profile)
  const visit = readVisit(document, group(document, 'visit'))
  const hospital = readHospital(document, group(document, 'hospital'), profile)
  const supplement = readSupplement(document)
  const given = openGiven(document)
  const lines = readLines(document, visit, coverage.person, supplement !== undefined, given)
  const settlementDay = readSettlementDay(document, day, lines)
  const statedTotal = read.moneyAt(document, 'total')
  const total = checkTotal(document, lines, statedTotal)
  checkGiven(document, given, { total, lines, visit, person: coverage.person })
  const counters = readCounters(document.fields.get('counters'), findings)
  const account = readAccount(document)
  const deposit = read.moneyNotNegativeAt(document, 'deposit')
  // A debit beyond the patient's share and the deposit are both owed back.
  refuseSumTooLarge(document, 'deposit', [deposit, given.settlement?.accountPaid, total])
  const bill: Bill = stated({
    stayId: String(visit['id']),
    visit,
    hospital,
    lines,
    statedTotal,
    settlementDay: settlementDay ?? 0,
    given: given.settlement,
    account,
    accountUsed: read.flagAt(document, 'useAccount') ?? account !== undefined,
    deposit,
    without: readWithout(document, coverage),
    supplement,
  })
  const { problems, warnings } = findings
  return problems.length > 0 ? failureOf(problems) : success({ bill, coverage, counters, warnings })
}

/** The object of a group, with the national fields of that group that stand beside it in the document. */
function group(document: Section, name: (typeof GROUPS)[number]): unknown {
  const own = document.fields.get(name)
  const flat = [...nationalNames(name).keys()].filter((key) => document.fields.has(key))
  if (own !== undefined && !isObject(own)) return own
  if (flat.length === 0) return own ?? {}
  return { ...own, ...Object.fromEntries(flat.map((key) => [key, document.fields.get(key)])) }
}

function readLines(
  document: Section,
  visit: FactSheet,
  person: FactSheet,
  supplement: boolean,
  given: GivenPart,
): readonly BillLine[] {
  const { findings } = document
  const written = lineList(document, given.lines)
  const context = {
    visitId: textOf(visit['id']),
    personId: textOf(person['id']),
    startDay: numberOf(visit['start']),
    supplement,
    national: new Map(given.lines.map((line) => [line.id, line])),
    findings,
  }
  const lines = written.flatMap((value, index) => readLine(value, index, context) ?? [])
  checkIds(lines, findings)
  // The lines of a supplement come from other visits.
  if (!supplement) for (const line of lines) checkDate(line, visit, findings)
  return checkRefunds(lines, findings).map(({ line }) => line)
}

/** The lines as written; without any, those of the platform's answer. */
function lineList(document: Section, rows: readonly NationalLine[]): readonly unknown[] {
  if (!document.fields.has('lines') && rows.length > 0) return rows.map(({ id }) => ({ id }))
  const value = document.fields.get('lines')
  if (Array.isArray(value) && value.length > LIMITS.lines) {
    const details = { count: value.length, max: LIMITS.lines }
    refuseField(document, 'lines', 'BILL_LINES_TOO_MANY', details)
    return []
  }
  const list = listAt(document, 'lines', LIMITS.lines)
  if (list.length === 0) refuseField(document, 'lines', 'BILL_EMPTY')
  return list
}

function checkIds(lines: readonly ReadLine[], findings: Findings): void {
  const seen = new Set<string>()
  for (const { line, where } of lines) {
    const details = { line: line.id }
    if (seen.has(line.id)) refuse(findings, 'LINE_ID_REPEATED', placed(where, 'id'), details)
    // A package price adds a line of this name.
    if (line.id.startsWith('package:')) {
      refuse(findings, 'LINE_ID_RESERVED', placed(where, 'id'), details)
    }
    seen.add(line.id)
  }
}

/** A line lies inside the visit, first and last day included; an open end is not checked. */
function checkDate({ line, where }: ReadLine, visit: FactSheet, findings: Findings): void {
  const [start, end] = [numberOf(visit['start']), numberOf(visit['end'])]
  const tooEarly = start !== undefined && line.day < start
  const tooLate = end !== undefined && line.day > end
  if (!tooEarly && !(tooLate && isStay(visit))) return
  refuse(findings, 'LINE_DATE_OUTSIDE_VISIT', placed(where, 'date'), {
    line: line.id,
    date: formatEpochDay(line.day),
    start: start === undefined ? '…' : formatEpochDay(start),
    end: end === undefined ? '…' : formatEpochDay(end),
  })
}

function readSettlementDay(
  document: Section,
  fallback: number | undefined,
  lines: readonly BillLine[],
): number | undefined {
  const isStated = document.fields.has('settlementDate')
  const day = isStated ? read.dayAt(document, 'settlementDate') : fallback
  if (day === undefined) {
    if (!isStated) {
      refuseField(document, 'settlementDate', 'FIELD_MISSING', { key: 'settlementDate' })
    }
    return undefined
  }
  const last = lines.reduce((latest, line) => Math.max(latest, line.day), Number.NEGATIVE_INFINITY)
  if (last > day) {
    const details = { date: formatEpochDay(day), last: formatEpochDay(last) }
    refuseField(document, 'settlementDate', 'SETTLEMENT_BEFORE_LAST_LINE', details)
  }
  return day
}

/** Sum of the lines, compared with the stated total; undefined after a problem when it is out of range. */
function checkTotal(
  document: Section,
  lines: readonly BillLine[],
  total: Fen | undefined,
): Fen | undefined {
  let [sum, magnitude] = [0, 0]
  for (const { amount } of lines) {
    sum += amount
    magnitude += Math.abs(amount)
  }
  if (!Number.isSafeInteger(magnitude)) {
    refuseField(document, 'lines', 'BILL_TOTAL_OUT_OF_RANGE')
    return undefined
  }
  if (total !== undefined && total !== sum) {
    const details = { stated: formatYuan(total), sum: formatYuan(fen(sum)) }
    refuseField(document, 'total', 'BILL_TOTAL_DIFFERS', details)
  }
  return fen(sum)
}

function readAccount(document: Section): AccountBalances | undefined {
  const value = document.fields.get('account')
  if (value === undefined) return undefined
  const section = openSection(value, 'account', ACCOUNT_SHAPE, document.findings)
  const current = read.moneyNotNegativeAt(section, 'current')
  const history = read.moneyNotNegativeAt(section, 'history')
  const family = read.moneyNotNegativeAt(section, 'family')
  refuseSumTooLarge(document, 'account', [current, history, family])
  return stated({ current, history, family })
}

/** Amounts that are added up later must stay in the exact range together. */
function refuseSumTooLarge(
  document: Section,
  key: string,
  amounts: readonly (number | undefined)[],
): void {
  const sum = amounts.reduce((so: number, amount) => so + (amount ?? 0), 0)
  if (Number.isSafeInteger(sum)) return
  refuseField(document, key, 'AMOUNT_OUT_OF_RANGE', { text: `${sum} fen` })
}

function readSupplement(document: Section): Bill['supplement'] {
  const value = document.fields.get('supplement')
  if (value === undefined) return undefined
  const section = openSection(value, 'supplement', SUPPLEMENT_SHAPE, document.findings)
  const packs = read.codesAt(section, 'packs', LIMITS.names)
  if (packs !== undefined && packs.length > 0) return { packs }
  if (!section.fields.has('packs')) {
    refuseField(section, 'packs', 'FIELD_MISSING', { key: placeOf(section, 'packs') })
  }
  return { packs: [] }
}

function readWithout(document: Section, { policies }: Coverage): readonly string[] {
  const without = read.codesAt(document, 'without', LIMITS.names) ?? []
  for (const id of without) {
    if (policies.some((policy) => policy['id'] === id)) continue
    refuseField(document, 'without', 'POLICY_UNKNOWN', { policy: quoted(id) })
  }
  return without
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
