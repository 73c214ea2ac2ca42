import type { Bill, BillLine, Classification } from '../../src/adjudication/bill.ts'
import type { Counters } from '../../src/adjudication/counters.ts'
import type { Coverage } from '../../src/adjudication/coverage.ts'
import { fen } from '../../src/money/fen.ts'
import { CATEGORIES } from '../../src/rules/category.ts'
import type { FactSheet } from '../../src/rules/facts.ts'
import type { Profile } from '../../src/rules/profile.ts'
import type { RulePack } from '../../src/rules/pack.ts'
import { payFromAccount, type OracleAccount } from './account.ts'
import { cellOf, columnOf, netLines, pay, startingCells, type BillState } from './bill-state.ts'
import { Refused } from './conditions.ts'
import type { Layer } from './benefit.ts'
import { add, largestRemainder, sum, TooLarge, total } from './exact.ts'
import type { OracleFixed } from './fixed.ts'
import { payGiven } from './given.ts'
import { billFacts, factsOfLayer } from './layer-context.ts'
import { candidatesOf, isAdmission, segmentsOf, type Candidate, type Segment } from './layers.ts'
import { insuranceYear, Ledger } from './ledger.ts'
import { runEqualRank, runLayer, type BenefitRecord, type Records } from './run-layers.ts'
import { money, truth, type ValueContext } from './values.ts'

export interface OracleRules {
  readonly profile: Profile
  readonly packs: readonly RulePack[]
  readonly classify?: (line: BillLine) => Classification
}

/** The split of one bill, keyed instead of listed. Payer key: `pack|policy|payer`, or `#id` for given layers. */
export interface OracleSettlement {
  readonly payers: ReadonlyMap<string, number>
  /** By line id (netted lines only): what each payer pays. */
  readonly lines: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** By line id: what the patient owes, by category. */
  readonly residual: ReadonlyMap<string, readonly number[]>
  readonly patient: number
  readonly packageAdjustment: number
  readonly benefits: readonly BenefitRecord[]
  readonly fixed: readonly OracleFixed[]
  readonly account: OracleAccount
  /** Counters that changed, after. */
  readonly counters: ReadonlyMap<string, number>
}

export type OracleAnswer = OracleSettlement | { readonly refused: readonly string[] }

/** The settlement as the specification words it, slowly. */
export function oracleSettle(
  bill: Bill,
  coverage: Coverage,
  counters: Counters,
  rules: OracleRules,
): OracleAnswer {
  try {
    return settle(bill, coverage, counters, rules)
  } catch (error) {
    if (error instanceof Refused) return { refused: [error.code] }
    if (error instanceof TooLarge) return { refused: ['VALUE_UNDEFINED'] }
    throw error
  }
}

interface Run {
  readonly bill: Bill
  readonly coverage: Coverage
  readonly rules: OracleRules
  readonly ledger: Ledger
  readonly state: BillState
  readonly visit: FactSheet
  /** Segment that last had a pack, by pack and policy. */
  readonly took: Map<string, number>
}

function settle(
  bill: Bill,
  coverage: Coverage,
  counters: Counters,
  rules: OracleRules,
): OracleSettlement {
  const lines = netLines(bill, rules.classify)
  const state: BillState = {
    lines,
    remaining: startingCells(lines),
    paid: new Map(),
    payerKinds: new Map(),
    settled: new Set(),
  }
  const ledger = new Ledger(counters)
  const run: Run = {
    bill,
    coverage,
    rules,
    ledger,
    state,
    visit: visitFacts(bill, coverage, rules, ledger),
    took: new Map(),
  }
  const packageAdjustment = applyPackage(run)
  if (bill.given !== undefined) payGiven(state, bill.given, rules.profile)
  const records: Records = { benefits: [], fixed: [] }
  const ran = new Set<string>()
  for (const segment of segmentsOf(bill, state.lines, rules, coverage))
    runSegment(run, segment, records, ran)
  const missing = bill.supplement?.packs.find((pack) => !ran.has(pack))
  if (missing !== undefined) throw new Refused('SUPPLEMENT_PACK_UNKNOWN', missing)
  return answer(run, records, packageAdjustment)
}

/**
 * `visit.*` with the number of the admission, which the settlement counts once for a stay, in the year of the profile's
 * date; a bill cut by line counts it where it began.
 */
function visitFacts(bill: Bill, coverage: Coverage, rules: OracleRules, ledger: Ledger): FactSheet {
  if (!isAdmission(bill) || bill.supplement !== undefined) return bill.visit
  const start = bill.visit['start']
  if (typeof start !== 'number' || typeof coverage.person['id'] !== 'string') return bill.visit
  const end = bill.visit['end']
  const days = {
    settlement: bill.settlementDay,
    discharge: typeof end === 'number' ? end : start,
    admission: start,
    line: start,
  }
  const year = insuranceYear(days[rules.profile.yearBy], rules.profile)
  const ofYear = `person:${coverage.person['id']}|admissions|${year}|`
  const ofStay = `stay:${bill.stayId}|admission|${bill.stayId}|`
  const known = ledger.read(ofStay)
  const stated = bill.visit['admissionNo']
  const number = typeof stated === 'number' ? stated : known > 0 ? known : ledger.read(ofYear) + 1
  if (known === 0) {
    ledger.add(ofYear, 1)
    ledger.add(ofStay, number)
  }
  return { ...bill.visit, admissionNo: number }
}

function layerOf(run: Run, segment: Segment, candidate: Candidate): Layer {
  const { bill, coverage, rules, ledger, state, visit } = run
  const policyId = candidate.policy?.['id']
  return {
    pack: candidate.pack,
    payer: {
      key: [candidate.pack.id, policyId ?? '', candidate.pack.payer.id].join('|'),
      kind: candidate.pack.kind,
    },
    place: {
      bill,
      coverage,
      profile: rules.profile,
      policy: candidate.policy ?? {},
      referenceDay: candidate.referenceDay,
      reopened: segment.reopened,
    },
    bill,
    visit,
    billFacts: billFacts({ state, bill }),
    segment,
    first: run.took.get(placeOf(candidate)) === undefined,
    state,
    ledger,
  }
}

function placeOf({ pack, policy }: Candidate): string {
  return `${pack.id}|${String(policy?.['id'] ?? '')}`
}

function layersOf(run: Run, segment: Segment): { candidate: Candidate; layer: Layer }[] {
  const { bill, coverage, rules, state, visit } = run
  const facts = { visit, bill: billFacts({ state, bill }) }
  return candidatesOf(bill, coverage, rules, segment, facts).map((candidate) => ({
    candidate,
    layer: layerOf(run, segment, candidate),
  }))
}

function runSegment(run: Run, segment: Segment, records: Records, ran: Set<string>): void {
  const layers = layersOf(run, segment)
  for (const { candidate, layer } of layers) {
    ran.add(layer.pack.id)
    run.took.set(placeOf(candidate), segment.index)
  }
  let next = 0
  while (next < layers.length) {
    const first = layers[next]
    const rest = layers.slice(next)
    const end = rest.findIndex((one) => !sameRank(first, one, run))
    // Those in between decide: a layer behind one of another priority is no peer of a layer before it.
    const peers = end === -1 ? rest : rest.slice(0, end)
    next += peers.length
    const now = peers.map(({ layer }) => ({ ...layer, billFacts: billFacts(layer) }))
    const only = now.length === 1 ? now[0] : undefined
    if (only !== undefined) runLayer(only, records)
    else runEqualRank(now, records)
    for (const peer of peers) run.state.settled.add(peer.layer.pack.kind)
  }
}

function sameRank(
  a: { candidate: Candidate } | undefined,
  b: { candidate: Candidate },
  run: Run,
): boolean {
  if (a === undefined || a.candidate === b.candidate) return true
  const rank = run.rules.profile.order[a.candidate.rank]
  return (
    rank?.sharing === 'equal' &&
    a.candidate.rank === b.candidate.rank &&
    a.candidate.policy?.['priority'] === b.candidate.policy?.['priority']
  )
}

/** The package price of a covering basic pack: an extra line, or what the hospital bears; a supplement's bill has had it. */
function applyPackage(run: Run): number {
  const { bill, state } = run
  if (bill.supplement !== undefined) return 0
  const cost = sum(state.lines.map(({ line }) => line.amount))
  const first = segmentsOf(bill, state.lines, run.rules, run.coverage)[0]
  if (first === undefined) return 0
  for (const { layer } of layersOf(run, first)) {
    if (layer.pack.kind !== 'basic') continue
    const context: ValueContext = { pack: layer.pack, facts: factsOfLayer(layer), counter: () => 0 }
    const found = layer.pack.packages.find((price) => truth(price.when, context))
    if (found === undefined) continue
    const adjustment = money(found.standard, context) - cost
    if (adjustment > 0) addPackageLine(run, found.id, adjustment)
    if (adjustment < 0) {
      const spread = largestRemainder(-adjustment, state.remaining)
      pay(state, { key: '#hospital', kind: 'hospital' }, spread)
    }
    return adjustment
  }
  return 0
}

function addPackageLine(run: Run, id: string, amount: number): void {
  const day = run.bill.settlementDay
  const lineId = `package:${id}`
  const none = fen(0)
  const cost = { ownPay: none, overLimit: none, preSelfPay: none, inScope: fen(amount) }
  run.state.lines.push({
    line: { id: lineId, amount: fen(amount), day, facts: { id: lineId, amount, date: day } },
    cost,
  })
  add(run.state.remaining, new Map([[cellOf(run.state.lines.length - 1, 3), amount]]))
}

function answer(run: Run, records: Records, packageAdjustment: number): OracleSettlement {
  const { state, ledger, bill, rules } = run
  const lines = new Map<string, Map<string, number>>()
  const residual = new Map<string, number[]>()
  state.lines.forEach(({ line }, index) => {
    const byPayer = new Map<string, number>()
    for (const [payer, byLine] of state.paid) {
      const amount = byLine.get(index) ?? 0
      if (amount > 0) byPayer.set(payer, amount)
    }
    const left = CATEGORIES.map((_, column) => state.remaining.get(cellOf(index, column)) ?? 0)
    if (sum([...byPayer.values(), ...left]) !== line.amount) {
      throw new Error(`line ${line.id} does not add up`)
    }
    lines.set(line.id, byPayer)
    residual.set(line.id, left)
  })
  const payers = new Map(
    [...state.paid]
      .map(([payer, byLine]): [string, number] => [payer, sum(byLine.values())])
      .filter(([, amount]) => amount > 0),
  )
  return {
    payers,
    lines,
    residual,
    patient: total(state.remaining),
    packageAdjustment,
    benefits: records.benefits,
    fixed: records.fixed,
    account: payFromAccount(bill, rules.profile, patientByColumn(state)),
    counters: ledger.changed(),
  }
}

function patientByColumn(state: BillState): number[] {
  return CATEGORIES.map((_, column) =>
    sum([...state.remaining].filter(([cell]) => columnOf(cell) === column).map(([, left]) => left)),
  )
}
