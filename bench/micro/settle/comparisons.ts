import { NO_COUNTERS } from '../../../src/adjudication/counter-sums.ts'
import { openAdjudicator } from '../../../src/adjudication/adjudicator.ts'
import type { InForce } from '../../../src/adjudication/in-force.ts'
import { assert } from '../../../src/assert.ts'
import { checkCases, checkPeers, type Coverage } from './checks.ts'
import { carryCounters, cityBills, settled, type SettleCase } from './city-bills.ts'
import type { CityCatalog } from './city-catalog.ts'
import { widePack, type CityRules } from './city-rules.ts'
import type { Contender } from './paired.ts'
import { jsonRulesPeer, peerBill, zenPeer, type Peer, type PeerBill } from './peers.ts'
import { sumsOnly } from './sums-only.ts'
import { wideBills } from './wide-bills.ts'

/** Contenders whose answers have been checked, ready to be timed. */
export interface Comparison {
  readonly contenders: readonly Contender[]
  readonly coverage?: Coverage
}

const SEED = 7

/** One adjudicator over every case; the checksum is what the patients pay. `render`: the whole settlement as an object. */
export function settling(
  name: string,
  cases: readonly SettleCase[],
  inForce: InForce,
  explain: boolean,
  render = false,
): Contender {
  const adjudicator = openAdjudicator(inForce)
  const pass = (): number => {
    let patients = 0
    for (const { bill, coverage, counters } of cases) {
      const result = adjudicator.adjudicate(bill, coverage, counters, { explain })
      assert(result.kind === 'adjudication', 'no bill of a benchmark is refused')
      patients += render ? result.settlement().patient.total : result.patient.total
    }
    return patients
  }
  return { name, bills: cases.length, pass }
}

/** Seven layers over bills of `lines`, with the recorder on, off, rendered as an object, and on with the lines classified beforehand. */
export function sevenLayers(
  city: CityCatalog,
  rules: CityRules,
  bills: number,
  lines: number,
): Comparison {
  const inForce = rules.sevenLayers
  const cases = carryCounters(cityBills({ bills, lines, seed: SEED + lines }, city.items), inForce)
  const coverage = checkCases(cases, inForce)
  const classified = cases.map((item) => withClassification(item, inForce))
  const { catalog: _, ...withoutCatalog } = inForce
  return {
    coverage,
    contenders: [
      settling('recorder on', cases, inForce, true),
      settling('recorder off', cases, inForce, false),
      settling('recorder on, settlement rendered', cases, inForce, true, true),
      settling('recorder on, classes on the bill', classified, withoutCatalog, true),
      sumsOnly(cases, inForce, city.items),
    ],
  }
}

/** The same bill with the classification that the catalogue gave it, as bills with their own bring it. */
function withClassification(item: SettleCase, inForce: InForce): SettleCase {
  const settlement = settled(item, inForce, false)
  const lines = item.bill.lines.map((line, index) => {
    const classification = settlement.lines[index]?.classification
    assert(classification !== undefined, 'every line has its parts')
    return { ...line, classification }
  })
  return { ...item, bill: { ...item.bill, lines } }
}

/** Classification and one basic layer, beside the peers; every engine must pay the same. */
export async function sameWork(
  city: CityCatalog,
  rules: CityRules,
  bills: number,
): Promise<Comparison> {
  const inForce = rules.sameWork
  const items = city.items.filter(({ limited }) => !limited)
  const shape = { bills, lines: 20, seed: SEED }
  const cases = cityBills(shape, items).map((item) => ({ ...item, counters: NO_COUNTERS }))
  checkCases(cases, inForce)
  const byCode = new Map(items.map((item) => [item.code, item]))
  const peerBills = cases.map(({ bill }) => peerBill(bill, byCode))
  const peers: readonly (readonly [string, Peer])[] = [
    ['json-rules-engine', jsonRulesPeer()],
    ['zen-engine, decision tables', zenPeer('tables')],
    ['zen-engine, one expression', zenPeer('expressions')],
  ]
  const engines = peers.map(([, peer]) => peer)
  await checkPeers(cases, peerBills, inForce, engines)
  return {
    contenders: [
      settling('qingfen, recorder on', cases, inForce, true),
      settling('qingfen, recorder off', cases, inForce, false),
      ...peers.map(([name, peer]) => asking(name, peerBills, peer)),
    ],
  }
}

/** A peer over every bill; the checksum is what the fund pays. A fifth of the bills a pass, it is slow. */
function asking(name: string, bills: readonly PeerBill[], peer: Peer): Contender {
  const some = bills.slice(0, Math.ceil(bills.length / 5))
  const pass = async (): Promise<number> => {
    let fund = 0
    for (const bill of some) fund += await peer(bill)
    return fund
  }
  return { name, bills: some.length, pass }
}

/** Packs of so many rows, over bills whose facts lie all over the rows. */
export function packLengths(
  city: CityCatalog,
  rules: CityRules,
  bills: number,
  rowCounts: readonly number[] = [100, 10_000],
): Comparison {
  const { profile } = rules.sevenLayers
  const cases = carryCounters(
    cityBills({ bills, lines: 20, seed: SEED }, city.items),
    rules.sevenLayers,
  )
  const lengths = rowCounts.map((rows) => {
    const inForce: InForce = { profile, packs: [widePack(rows)] }
    return { rows, inForce, cases: wideBills(cases, rows) }
  })
  const payments = lengths.map((length) => {
    checkCases(length.cases, length.inForce)
    return length.cases.map((item) => settled(item, length.inForce, false).patient.total).join()
  })
  assert(new Set(payments).size === 1, 'all lengths pay the same')
  return {
    contenders: lengths.map((length) =>
      settling(`${length.rows} rows`, length.cases, length.inForce, true),
    ),
  }
}
