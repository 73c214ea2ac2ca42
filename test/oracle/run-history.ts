import type { Bill } from '../../src/adjudication/bill.ts'
import type { Refusal, Settlement } from '../../src/adjudication/settlement.ts'
import type { Benefit, RulePack } from '../../src/rules/pack.ts'
import { differences } from './compare.ts'
import type { Core } from './core.ts'
import { isoDay } from './conditions.ts'
import type { History } from './generators.ts'
import { oracleSettle } from './oracle-settle.ts'

/**
 * Settles the bills of a history both ways, one after the other; differences of the first bill that has any, and what
 * else is wrong with its settlement. `saw` is told every answer of the core.
 */
export function runHistory(
  history: History,
  core: Core,
  saw: (answer: Settlement | Refusal) => void = () => {},
): string[] {
  let counters: ReadonlyMap<string, number> = new Map()
  for (const [index, bill] of history.bills.entries()) {
    const oracle = oracleSettle(bill, history.coverage, counters, history)
    const answer = core.settle(bill, counters)
    saw(answer)
    const found = [...differences(answer, oracle), ...core.faults(bill, counters, answer)]
    if (found.length > 0) return found.map((text) => `bill ${index + 1}: ${text}`)
    if ('refused' in oracle) continue
    counters = withEarlier(new Map([...counters, ...oracle.counters]), history.earlier)
  }
  return []
}

function withEarlier(
  counters: ReadonlyMap<string, number>,
  earlier: readonly number[],
): Map<string, number> {
  const isMoney = (key: string) => !/admission|\.limit-|fixed/.test(key)
  return new Map(
    [...counters]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value], index) => [
        key,
        isMoney(key) ? value + (earlier[index % Math.max(1, earlier.length)] ?? 0) : value,
      ]),
  )
}

/** A history for people: what is plain is left out, amounts in fen, days as dates. */
export function describeHistory(history: History): string {
  const { coverage, profile, packs, bills } = history
  return [
    `profile: yearBy ${profile.yearBy}, yearStart ${JSON.stringify(profile.yearStart)}`,
    `account: ${JSON.stringify(profile.account)}`,
    `equal rank: ${profile.order.filter((rank) => rank.sharing === 'equal').length > 0}`,
    `person: ${JSON.stringify(coverage.person)}`,
    ...coverage.policies.map((policy) => `policy: ${JSON.stringify(policy)}`),
    ...packs.flatMap(describePack),
    ...bills.flatMap(describeBill),
  ].join('\n')
}

function describePack(pack: RulePack): string[] {
  const { effective, covers, packages, parameters } = pack
  return [
    `pack ${pack.id} ${pack.kind} ${JSON.stringify({ effective, covers, packages, parameters })}`,
    ...pack.benefits.map((benefit) => `  ${describeBenefit(benefit)}`),
  ]
}

function describeBenefit(benefit: Benefit): string {
  const { title: _title, clause: _clause, ...rest } = benefit
  const told = Object.entries(rest).filter(
    ([, value]) => !(Array.isArray(value) && value.length === 0) && value !== 'residual',
  )
  return JSON.stringify(Object.fromEntries(told)).replaceAll(
    /\{"type":"literal","num":(\d+),"den":(\d+)\}/g,
    '$1/$2',
  )
}

function describeBill(bill: Bill): string[] {
  const { lines, settlementDay, visit, hospital, given, stayId, supplement } = bill
  return [
    `bill of ${stayId} settled ${isoDay(settlementDay)} ${JSON.stringify({ visit, hospital, given, supplement })}`,
    ...lines.map((line) => {
      const { id, amount, refundOf, quantity, classification, cells, facts } = line
      return `  ${isoDay(line.day)} ${JSON.stringify({ id, amount, refundOf, quantity, classification, cells, facts })}`
    }),
  ]
}
