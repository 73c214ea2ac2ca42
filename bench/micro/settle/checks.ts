import { isDeepStrictEqual } from 'node:util'
import type { InForce } from '../../../src/adjudication/in-force.ts'
import type { Settlement } from '../../../src/adjudication/settlement.ts'
import { assert } from '../../../src/assert.ts'
import { CATEGORIES } from '../../../src/rules/category.ts'
import { verifySettlement } from '../../../src/verifier/verify-settlement.ts'
import { settled, type SettleCase } from './city-bills.ts'
import type { Peer, PeerBill } from './peers.ts'

/** How often a thing occurs among the settlements of a workload, 0 to 1. */
export interface Coverage {
  readonly payers: Readonly<Record<string, number>>
  /** Of what is charged and what is left to the patient: bills in which the part is above zero. */
  readonly parts: Readonly<Record<string, number>>
}

/**
 * Settles every case once and checks it: each line's shares add up to the line, the verifier recomputes every amount
 * from the explanation, and without the recorder the amounts are the same. Throws otherwise.
 */
export function checkCases(cases: readonly SettleCase[], inForce: InForce): Coverage {
  const payers: Record<string, number> = {}
  const parts: Record<string, number> = {}
  const count = (counts: Record<string, number>, name: string, amount: number) => {
    counts[name] = (counts[name] ?? 0) + (amount > 0 ? 1 / cases.length : 0)
  }
  for (const item of cases) {
    const settlement = settled(item, inForce, true)
    assertConserved(settlement, item)
    const [broken] = verifySettlement(settlement)
    assert(broken === undefined, `the verifier agrees: ${JSON.stringify(broken)}`)
    const silent = settled(item, inForce, false)
    assert(
      isDeepStrictEqual({ ...settlement, explanation: [] }, silent),
      'the recorder changes no amount',
    )
    for (const { pack, amount } of settlement.payers) count(payers, pack ?? '?', amount)
    const { ownPay, overLimit, preSelfPay, inScope } = settlement.classification
    for (const [part, amount] of Object.entries<number>({
      ownPay,
      overLimit,
      preSelfPay,
      inScope,
    })) {
      count(parts, `charged ${part}`, amount)
    }
    for (const category of CATEGORIES)
      count(parts, `left ${category}`, settlement.residual[category])
  }
  return { payers, parts }
}

function assertConserved(settlement: Settlement, { bill }: SettleCase): void {
  let total = 0
  settlement.lines.forEach((line, index) => {
    let shares: number = line.patient
    for (const amount of line.paid) shares += amount
    assert(shares === bill.lines[index]?.amount, 'the shares of a line add up to it')
    total += shares
  })
  assert(total === settlement.total, 'the lines add up to the bill')
}

/** All engines pay the same on every bill; throws otherwise. Gives the fund amounts in fen. */
export async function checkPeers(
  cases: readonly SettleCase[],
  bills: readonly PeerBill[],
  inForce: InForce,
  peers: readonly Peer[],
): Promise<readonly number[]> {
  const funds: number[] = []
  for (const [index, item] of cases.entries()) {
    const fund = settled(item, inForce, true).payers[0]?.amount
    const bill = bills[index]
    assert(fund !== undefined && bill !== undefined, 'a fund amount of every bill')
    for (const peer of peers) {
      const other = await peer(bill)
      assert(other === fund, `bill ${index}: a peer pays ${other}, the pack ${fund}`)
    }
    funds.push(fund)
  }
  return funds
}
