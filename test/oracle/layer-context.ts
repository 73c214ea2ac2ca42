import type { FactSheet } from '../../src/rules/facts.ts'
import type { Benefit, CounterDefinition, LimitOn } from '../../src/rules/pack.ts'
import { isSocial, paidBy } from './bill-state.ts'
import type { Layer, LimitRoom } from './benefit.ts'
import type { Facts } from './conditions.ts'
import { sum } from './exact.ts'
import { counterKey } from './ledger.ts'
import { SOCIAL_KINDS } from '../../src/rules/kind.ts'
import { money, text, truth, whole, type ValueContext } from './values.ts'

/** Facts of the bill that the settlement itself makes. */
export function billFacts(layer: Pick<Layer, 'state' | 'bill'>): FactSheet {
  const own = layer.state.lines.filter(({ line }) => !line.id.startsWith('package:'))
  return {
    total: sum(own.map(({ line }) => line.amount)),
    inScope: sum(own.map(({ cost }) => cost.inScope)),
    preSelfPay: sum(own.map(({ cost }) => cost.preSelfPay)),
    overLimit: sum(own.map(({ cost }) => cost.overLimit)),
    ownPay: sum(own.map(({ cost }) => cost.ownPay)),
    socialPaid: paidBy(layer.state, SOCIAL_KINDS),
    commercialPaid: paidBy(layer.state, ['commercial']),
    socialSettled: [...layer.state.settled].some(isSocial),
    settledKinds: [...layer.state.settled],
    supplement: layer.bill.supplement !== undefined,
  }
}

export function factsOfLayer(layer: Layer): Facts {
  return {
    person: layer.place.coverage.person,
    visit: layer.visit,
    hospital: layer.bill.hospital,
    bill: layer.billFacts,
    policy: layer.place.policy,
    line: {},
  }
}

export function factsOfLine(layer: Layer, line: number): Facts {
  return { ...factsOfLayer(layer), line: layer.state.lines[line]?.line.facts ?? {} }
}

export function valueContext(layer: Layer, facts: Facts = factsOfLayer(layer)): ValueContext {
  const context: ValueContext = {
    pack: layer.pack,
    facts,
    counter: (name) => {
      const counter = layer.pack.counters[name]
      if (counter === undefined) throw new Error(`no counter ${name}`)
      return layer.ledger.read(keyOf(layer, counter, ownKeyName(counter, context)))
    },
  }
  return context
}

function ownKeyName(counter: CounterDefinition, context: ValueContext): string {
  return counter.key === undefined ? '' : text(counter.key, context)
}

/** Key of a counter that belongs to the whole benefit; its own key expression may say more. */
export function keyOf(layer: Layer, counter: CounterDefinition, name?: string): string {
  return counterKey(counter, layer.place, name ?? ownKeyName(counter, valueContext(layer)))
}

/** Limits of one sort that apply now, with the room earlier settlements left them. */
export function limitsOn(benefit: Benefit, layer: Layer, on: LimitOn): LimitRoom[] {
  return benefit.limits
    .filter((limit) => limit.on === on && truth(limit.when, valueContext(layer)))
    .map((limit) => {
      const key = keyOf(layer, limit.counter)
      const counts = on === 'days' || on === 'times'
      const amount = (counts ? whole : money)(limit.amount, valueContext(layer))
      return { limit, key, room: Math.max(0, amount - layer.ledger.read(key)) }
    })
}
