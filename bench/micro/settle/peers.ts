import { ZenEngine } from '@gorules/zen-engine'
import { Engine } from 'json-rules-engine'
import { assert } from '../../../src/assert.ts'
import type { Bill } from '../../../src/adjudication/bill.ts'
import type { CityItem } from './city-catalog.ts'
import { zenGraph, type ZenStyle } from './zen-graph.ts'

/** What a peer is given: class and rate stand on the line, so it need not look them up. */
export interface PeerBill {
  readonly level: number
  readonly lines: readonly PeerLine[]
}

export interface PeerLine {
  readonly level: 'A' | 'B' | 'C'
  readonly amount: number
  readonly percent: number
}

/** Fund amount of one bill in fen. */
export type Peer = (bill: PeerBill) => Promise<number>

export function peerBill(bill: Bill, items: ReadonlyMap<string, CityItem>): PeerBill {
  const level = bill.hospital['level']
  assert(typeof level === 'number', 'a bill states the hospital level')
  return {
    level,
    lines: bill.lines.map(({ amount, facts }) => {
      const item = items.get(String(facts['code']))
      assert(item !== undefined, 'a line names an item of the catalogue')
      return { level: item.level, amount, percent: item.selfPayPercent }
    }),
  }
}

/** round(amount × percent / 100), half up; all are whole and far inside the safe range. */
function percentOf(amount: number, percent: number): number {
  return Math.floor((amount * percent + 50) / 100)
}

/**
 * Two engines built once: one decides each line by its class, one the deductible and rate by hospital level. Rules can not do
 * sums in json-rules-engine, so the host does them on what the events say, as its users have to.
 */
export function jsonRulesPeer(): Peer {
  const lineEngine = new Engine([
    equalRule('level', 'A', 'whole', {}),
    equalRule('level', 'B', 'share', {}),
    equalRule('level', 'C', 'none', {}),
  ])
  const levelEngine = new Engine([
    equalRule('level', 1, 'level', { deductible: 20_000, percent: 95 }),
    equalRule('level', 2, 'level', { deductible: 50_000, percent: 90 }),
    equalRule('level', 3, 'level', { deductible: 80_000, percent: 85 }),
  ])
  return async (bill) => {
    let inScope = 0
    for (const line of bill.lines) {
      const { events } = await lineEngine.run({ level: line.level })
      const event = events[0]?.type
      assert(event !== undefined, 'one rule matches a line')
      if (event === 'whole') inScope += line.amount
      else if (event === 'share') inScope += line.amount - percentOf(line.amount, line.percent)
    }
    const { events } = await levelEngine.run({ level: bill.level })
    const params = events[0]?.params
    const [deductible, percent] = [Number(params?.['deductible']), Number(params?.['percent'])]
    return percentOf(Math.max(0, inScope - deductible), percent)
  }
}

function equalRule(
  fact: string,
  value: string | number,
  type: string,
  params: Record<string, number>,
) {
  return { conditions: { all: [{ fact, operator: 'equal', value }] }, event: { type, params } }
}

/** One decision compiled once, one evaluation a bill, tracing off. */
export function zenPeer(style: ZenStyle): Peer {
  const decision = new ZenEngine().createDecision(zenGraph(style))
  return async (bill) => {
    const answer: unknown = (await decision.evaluate(bill)).result
    assert(
      typeof answer === 'object' && answer !== null && 'fund' in answer,
      'the decision answers with the fund amount',
    )
    return Number(answer.fund)
  }
}
