import { expect, test } from 'vitest'
import { openEngine, type Engine } from '../../src/engine/open-engine.ts'
import type { Answer } from '../../src/engine/turn.ts'
import type { EngineRequest } from '../../src/engine/request.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { openPool } from '../../src/workers/open-pool.ts'
import { Standby } from '../../src/workers/standby.ts'
import { accepted } from '../conformance/rules.ts'
import { packsOf, REGISTER } from './town.ts'

/*
 * A recalculation that changes a counter of its own comes to a settlement that no rehearsal of it meets, and which stands under other
 * rules: outpatient bills put into the counter that the inpatient benefit reads, and the version changes in between.
 */

const townAt = (rate: string) => `
profile: town
title: { zh: 小城, en: Town }
source: 线程池测试
effective: { from: 2023-01-01 }
---
pack: town/basic
kind: basic
payer: { id: town-fund, wire: hifp_pay }
effective: { from: 2023-01-01 }
source: 甲文件 ${rate}
counters:
  ded: { per: year }
  cap: { per: year }
benefits:
  - id: op
    clause: 一
    when: "visit.kind == 'outpatient'"
    base: [inScope]
    deductible: { counter: ded, amount: 100.00 }
    rate: ${rate}
    limits: [{ on: payment, counter: cap, amount: 900.00 }]
  - id: ip
    clause: 二
    when: "visit.kind == 'inpatient'"
    base: [inScope]
    rate: 60%
    limits: [{ on: payment, counter: cap, amount: 900.00 }]
`

const NOW = Date.UTC(2024, 5, 10, 4)
/** More than these rules need, far fewer than for ever. */
const TURNS_MAX = 50

function billOf(stay: string, kind: 'outpatient' | 'inpatient', yuan: number): object {
  const dates = { start: '2024-06-10', ...(kind === 'inpatient' && { end: '2024-06-10' }) }
  const lines = [{ id: '1', name: '检查', inScope: `${yuan}.00` }]
  return { person: { id: 'A0' }, visit: { id: stay, kind, ...dates }, lines }
}

class RecalculatedTown {
  readonly engine: Engine
  readonly standby: Standby | undefined
  turns = 0
  #asked = 0

  private constructor(engine: Engine, standby: Standby | undefined) {
    this.engine = engine
    this.standby = standby
  }

  static async open(how: 'writer' | 'pool' | 'standby'): Promise<RecalculatedTown> {
    const store = openMemoryStore()
    const content = (hash: string) => {
      const bytes = store.get('content', hash)
      if (bytes === undefined) throw new Error(`no content ${hash}`)
      return bytes
    }
    const standby = how === 'standby' ? new Standby({ content, now: () => 0 }) : undefined
    const evaluator = how === 'pool' ? openPool({ workers: 1, content }) : standby
    const count = () => {
      town.turns += 1
      if (town.turns > TURNS_MAX) throw new Error('a request goes round')
    }
    const opened = await openEngine({
      store,
      clock: () => NOW,
      schedule: (work) => {
        setImmediate(() => {
          count()
          work()
        })
      },
      ...(evaluator !== undefined && { evaluator }),
      ...(standby !== undefined && { watch: standby }),
    })
    const town: RecalculatedTown = new RecalculatedTown(accepted(opened, 'engine'), standby)
    return town
  }

  /** Gives the hash of the pack. */
  async activate(rate: string): Promise<string> {
    const { profiles, packs } = packsOf(townAt(rate))
    const [[profile], [pack]] = [profiles, packs]
    if (profile === undefined || pack === undefined) throw new Error('a profile and a pack')
    accepted(await this.engine.rules.publish({ profile, packs }), 'published')
    const { hash, effective } = pack
    accepted(
      await this.engine.rules.activate({ jurisdiction: 'town', pack: hash, from: effective.from }),
      'activated',
    )
    return hash
  }

  async ask(operation: EngineRequest['operation'], body: object, hospital = 'H'): Promise<Answer> {
    this.#asked += 1
    const requestId = `R${this.#asked}`
    const reply = await this.engine.submit({ operation, hospital, requestId, body })
    if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply.problems))
    return reply.answer
  }
}

test.each(['writer', 'pool', 'standby'] as const)(
  'a recalculation that comes to rules no rehearsal met is answered: %s',
  async (how) => {
    const town = await RecalculatedTown.open(how)
    await town.activate('60%')
    accepted(await town.engine.registry('town', REGISTER), 'register')
    const first = await town.ask('settle', { bill: billOf('V1', 'outpatient', 50) })
    await town.ask('settle', { bill: billOf('V2', 'outpatient', 100) })
    const second = await town.activate('61%')
    await town.ask('settle', { bill: billOf('V3', 'inpatient', 1000) })
    await town.ask('reverse', { settlement: first['settlement'] })
    town.standby?.slow(second)
    town.turns = 0
    const answer = await town.ask('recalculate', { person: 'A0', with: 'then' }, '')
    expect(answer).toMatchObject({
      changed: [{ payers: [{ id: 'town-fund', amount: -3000 }], patient: 3000 }],
      left: [],
    })
    await town.engine.close()
  },
)
