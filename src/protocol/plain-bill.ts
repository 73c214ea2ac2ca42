import type { AccountBalances, Bill, BillLine, GivenSettlement } from '../adjudication/bill.ts'
import type { Coverage } from '../adjudication/coverage.ts'
import { fen, type Fen } from '../money/fen.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { Profile } from '../rules/profile.ts'
import { readCounters } from './bill-counters.ts'
import { addDays, addLevels, addRetired, identityWord, isStay } from './bill-people.ts'
import { checkRefunds } from './bill-refunds.ts'
import type { BillDocument } from './careful-bill.ts'
import type { Facts } from './fact-sections.ts'
import { newFindings, type Findings } from './findings.ts'
import { checkGiven, openGiven, type GivenContext } from './given-part.ts'
import { LIMITS } from './limits.ts'
import { MembersInTurn } from './members-in-turn.ts'
import { isPlainObject, plainTable, readPlainFacts } from './plain-facts.ts'
import { readPlainLine, type PlainContext } from './plain-lines.ts'
import * as plain from './plain-scalars.ts'
import { isBlank, isObject } from './section.ts'
import { stated } from './stated.ts'

/*
 * Nearly every bill states known members with right values and nothing is to be said of it. Such a bill is read here, straight
 * from the tree, at a fraction of what the careful reader takes, which keeps a map and a place for every object because it must
 * be able to say what is wrong and where. At the first thing that is not plain (a problem, a warning, a seldom member, a number
 * that is not text) this reader gives up, and the careful one reads the document from its beginning. So this file decides no
 * refusal, and whatever it gives is what the careful reader gives: test/protocol/plain-bill.test.ts compares the two.
 */

const TABLES = {
  person: plainTable('person'),
  visit: plainTable('visit'),
  hospital: plainTable('hospital'),
  policy: plainTable('policy'),
} as const

/** Members of a plain document, and the national names that some have. */
const MEMBERS = new MembersInTurn(
  new Map<string, keyof Members>([
    ['person', 'person'],
    ['familyId', 'familyId'],
    ['visit', 'visit'],
    ['hospital', 'hospital'],
    ['policies', 'policies'],
    ['settlementDate', 'settlementDate'],
    ['setl_time', 'settlementDate'],
    ['lines', 'lines'],
    ['feedetail', 'lines'],
    ['total', 'total'],
    ['medfee_sumamt', 'total'],
    ['account', 'account'],
    ['useAccount', 'useAccount'],
    ['acct_used_flag', 'useAccount'],
    ['deposit', 'deposit'],
    ['without', 'without'],
    ['given', 'given'],
    ['counters', 'counters'],
  ]),
)

interface Members {
  person: unknown
  familyId: unknown
  visit: unknown
  hospital: unknown
  policies: unknown
  settlementDate: unknown
  lines: unknown
  total: unknown
  account: unknown
  useAccount: unknown
  deposit: unknown
  without: unknown
  given: unknown
  counters: unknown
}

/** The bill of a plain document; undefined when it is not plain, whether right or wrong. */
export function readPlainBill(
  json: unknown,
  profile: Profile,
  fallbackDay?: number,
): BillDocument | undefined {
  const members = membersOf(json)
  if (members === undefined || isPlatformAnswer(members.given)) return undefined
  const coverage = readCoverage(members, profile)
  const visit = readPlainFacts(members.visit, TABLES.visit)
  const hospital = readPlainFacts(members.hospital, TABLES.hospital)
  if (coverage === undefined || visit === undefined || hospital === undefined) return undefined
  if (!isVisitRight(visit) || hospital['id'] === undefined) return undefined
  addDays(visit)
  addLevels(hospital, profile)
  const settlementDay =
    members.settlementDate === undefined ? fallbackDay : plain.plainDay(members.settlementDate)
  if (settlementDay === undefined) return undefined
  const lines = readLines(members.lines, visit, coverage.person, settlementDay)
  if (lines === undefined) return undefined
  const rest = readRest(members, coverage)
  const total = totalOf(lines)
  if (rest === undefined || total === undefined) return undefined
  const findings = newFindings()
  const given = readGiven(members.given, findings, { total, lines, visit, person: coverage.person })
  const counters = readCounters(members.counters, findings)
  // The deposit and a debit beyond the patient's share are both owed back.
  const owed = (rest.deposit ?? 0) + (given?.accountPaid ?? 0) + total
  if (!Number.isSafeInteger(owed) || isAnything(findings)) return undefined
  if (rest.statedTotal !== undefined && rest.statedTotal !== total) return undefined
  const bill: Bill = stated({
    stayId: String(visit['id']),
    visit,
    hospital,
    lines,
    statedTotal: rest.statedTotal,
    settlementDay,
    given,
    account: rest.account,
    accountUsed: rest.accountUsed,
    deposit: rest.deposit,
    without: rest.without,
  })
  return { bill, coverage, counters, warnings: [] }
}

/** The platform's answer cuts the lines, and is read carefully. */
function isPlatformAnswer(given: unknown): boolean {
  return isObject(given) && !isBlank(given['national'])
}

/** Amounts settled elsewhere, read as the careful reader does; what it finds is for the caller to look at. */
function readGiven(
  value: unknown,
  findings: Findings,
  context: GivenContext,
): GivenSettlement | undefined {
  if (value === undefined) return undefined
  const document = { fields: new Map([['given', value]]), writtenAs: NO_NAMES, where: '', findings }
  const given = openGiven(document)
  checkGiven(document, given, context)
  return given.settlement
}

const NO_NAMES: ReadonlyMap<string, string> = new Map()

function isAnything({ problems, warnings }: Findings): boolean {
  return problems.length > 0 || warnings.length > 0
}

function membersOf(json: unknown): Members | undefined {
  if (!isPlainObject(json)) return undefined
  const members: Members = {
    person: undefined,
    familyId: undefined,
    visit: undefined,
    hospital: undefined,
    policies: undefined,
    settlementDate: undefined,
    lines: undefined,
    total: undefined,
    account: undefined,
    useAccount: undefined,
    deposit: undefined,
    without: undefined,
    given: undefined,
    counters: undefined,
  }
  let place = 0
  for (const written in json) {
    const key = MEMBERS.at(place, written)
    place += 1
    if (key === undefined) return undefined
    const content = json[written]
    if (isBlank(content)) continue
    if (members[key] !== undefined) return undefined
    members[key] = content
  }
  return members
}

function readCoverage(members: Members, profile: Profile): Coverage | undefined {
  const person = readPlainFacts(members.person, TABLES.person)
  const policies = readPolicies(members.policies)
  if (person?.['id'] === undefined || policies === undefined) return undefined
  const words = person['identities']
  if (typeof words === 'object') {
    person['identities'] = words.map((word) => identityWord(word, profile) ?? word)
  }
  addRetired(person, profile)
  if (members.familyId === undefined) return { person, policies }
  const familyId = plain.plainCode(members.familyId)
  return familyId === undefined ? undefined : { person, familyId, policies }
}

function readPolicies(value: unknown): readonly FactSheet[] | undefined {
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length > LIMITS.policies) return undefined
  const policies: Facts[] = []
  for (const written of value as readonly unknown[]) {
    const policy = readPlainFacts(written, TABLES.policy)
    if (policy?.['id'] === undefined || policy['product'] === undefined) return undefined
    const { id } = policy
    if (policies.some((other) => other['id'] === id) || !isInOrder(policy)) return undefined
    policies.push(policy)
  }
  return policies
}

/** `#` divides a stay from its re-opened admission in counter keys. */
function isVisitRight(visit: Facts): boolean {
  const { id } = visit
  return typeof id === 'string' && !id.includes('#') && isInOrder(visit)
}

function isInOrder({ start, end }: Facts): boolean {
  return typeof start !== 'number' || typeof end !== 'number' || end >= start
}

function readLines(
  value: unknown,
  visit: FactSheet,
  person: FactSheet,
  settlementDay: number,
): readonly BillLine[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > LIMITS.lines) return undefined
  const context = contextOf(visit, person, settlementDay)
  const lines: BillLine[] = []
  let before = ''
  let isAscending = true
  let hasRefunds = false
  for (let index = 0; index < value.length; index += 1) {
    const line = readPlainLine(value[index], index, context)
    if (line === undefined) return undefined
    isAscending &&= index === 0 || isBefore(before, line.id)
    before = line.id
    hasRefunds ||= line.amount < 0 || line.refundOf !== undefined
    lines.push(line)
  }
  // Ids in an order are different ids.
  if (!isAscending && new Set(lines.map(({ id }) => id)).size !== lines.length) return undefined
  return hasRefunds ? withRefunds(lines) : lines
}

/** Shorter ids come first: 9 before 10. */
function isBefore(left: string, right: string): boolean {
  return left.length === right.length ? left < right : left.length < right.length
}

function contextOf(visit: FactSheet, person: FactSheet, settlementDay: number): PlainContext {
  const [start, end] = [visit['start'], visit['end']]
  const startDay = typeof start === 'number' ? start : undefined
  const endDay = typeof end === 'number' && isStay(visit) ? end : settlementDay
  return {
    visitId: visit['id'],
    personId: person['id'],
    startDay,
    first: startDay ?? Number.NEGATIVE_INFINITY,
    last: Math.min(endDay, settlementDay),
  }
}

/** The lines, refunds with the classification of what they take back. */
function withRefunds(lines: readonly BillLine[]): readonly BillLine[] | undefined {
  const findings = newFindings()
  const checked = checkRefunds(
    lines.map((line) => ({ line, where: '' })),
    findings,
  )
  return findings.problems.length === 0 ? checked.map(({ line }) => line) : undefined
}

/** Sum of the lines; undefined when they leave the exact range together. */
function totalOf(lines: readonly BillLine[]): Fen | undefined {
  let [sum, magnitude] = [0, 0]
  for (const { amount } of lines) {
    sum += amount
    magnitude += Math.abs(amount)
  }
  return Number.isSafeInteger(magnitude) ? fen(sum) : undefined
}

interface Rest {
  readonly statedTotal: Fen | undefined
  readonly account: AccountBalances | undefined
  readonly accountUsed: boolean
  readonly deposit: Fen | undefined
  readonly without: readonly string[]
}

function readRest(members: Members, { policies }: Coverage): Rest | undefined {
  const statedTotal = members.total === undefined ? undefined : plain.plainYuan(members.total)
  if (members.total !== undefined && statedTotal === undefined) return undefined
  const account = members.account === undefined ? undefined : readAccount(members.account)
  if (members.account !== undefined && account === undefined) return undefined
  const flag = members.useAccount === undefined ? account !== undefined : flagOf(members.useAccount)
  if (flag === undefined) return undefined
  const deposit =
    members.deposit === undefined ? undefined : plain.plainYuanNotNegative(members.deposit)
  if (members.deposit !== undefined && deposit === undefined) return undefined
  const without =
    members.without === undefined ? [] : plain.plainCodes(members.without, LIMITS.names)
  const isKnown = without?.every((id) => policies.some((policy) => policy['id'] === id)) === true
  if (without === undefined || !isKnown) return undefined
  return { statedTotal, account, accountUsed: flag, deposit, without }
}

function flagOf(value: unknown): boolean | undefined {
  if (value === '1' || value === '0') return value === '1'
  return typeof value === 'boolean' ? value : undefined
}

function readAccount(value: unknown): AccountBalances | undefined {
  if (!isPlainObject(value)) return undefined
  const amounts: { current?: Fen; history?: Fen; family?: Fen } = {}
  for (const key in value) {
    if (key !== 'current' && key !== 'history' && key !== 'family') return undefined
    if (isBlank(value[key])) continue
    const amount = plain.plainYuanNotNegative(value[key])
    if (amount === undefined) return undefined
    amounts[key] = amount
  }
  const { current, history, family } = amounts
  if (!Number.isSafeInteger((current ?? 0) + (history ?? 0) + (family ?? 0))) return undefined
  return stated({ current, history, family })
}
