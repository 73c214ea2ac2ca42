import type { Engine } from '../../../src/engine/open-engine.ts'
import type { EngineRequest } from '../../../src/engine/request.ts'
import { readPacks } from '../../../src/rules/read/read-packs.ts'
import { accepted } from '../../conformance/rules.ts'

/** 2024-05-06, ten in the morning in Shanghai, ms. */
export const NOW = Date.UTC(2024, 4, 6, 2)
export const BUDGET_FEN = 98_765_43
const PERSONS = 500
/** What the pack pays of a bill while there is budget, fen. */
const RATE_PERCENT = 40

/** One pack whose payments count against a sum that all employees of a group share, or that each has for himself. */
function budgetPacks(owner: 'group' | 'policy'): string {
  return `
profile: plant
title: { zh: 厂区, en: Plant }
source: 共享额度测试
effective: { from: 2023-01-01 }
---
pack: plant/group
kind: commercial
payer: { id: plant-insurer }
effective: { from: 2023-01-01 }
source: 甲条款
requires: policy
counters:
  budget: { per: policyYear, owner: ${owner} }
benefits:
  - id: share
    clause: 一
    base: [inScope, ownPay]
    rate: ${RATE_PERCENT}%
    limits: [{ on: payment, counter: budget, amount: ${(BUDGET_FEN / 100).toFixed(2)} }]
`
}

export async function installPlant(engine: Engine, owner: 'group' | 'policy'): Promise<void> {
  const read = readPacks(budgetPacks(owner), 'plant.yaml', () => undefined)
  const { profiles, packs } = accepted(read, 'the pack of the plant')
  const [profile] = profiles
  if (profile === undefined) throw new Error('no profile')
  accepted(await engine.rules.publish({ profile, packs }), 'publish')
  for (const { hash, effective } of packs) {
    const activation = { jurisdiction: profile.id, pack: hash, from: effective.from }
    accepted(await engine.rules.activate(activation), 'activate')
  }
  const term = { start: '2024-01-01', end: '2024-12-31' }
  const persons = Array.from({ length: PERSONS }, (_, index) => ({
    kind: 'person' as const,
    id: `P${index}`,
    entry: {
      id: `P${index}`,
      jurisdiction: 'plant',
      facts: {},
      identities: [],
      coverage: [{ from: '2023-01-01', facts: {} }],
      policies: [{ id: `G${index}`, product: 'plant/group', ...term, groupId: 'G' }],
    },
  }))
  const hospital = { kind: 'hospital' as const, id: 'H1', entry: { id: 'H1', facts: {} } }
  accepted(await engine.registry('plant', [...persons, hospital]), 'register')
}

/** Bill number `index`, of about 25 yuan. */
export function plantRequest(index: number): EngineRequest {
  const fen = 1_500 + ((index * 7_919) % 2_003)
  return {
    operation: 'settle',
    hospital: 'H1',
    requestId: `R${index}`,
    body: {
      bill: {
        person: { id: `P${(index * 7) % PERSONS}` },
        visit: { id: `V${index}`, kind: 'outpatient', start: '2024-05-06' },
        lines: [{ id: '1', name: '药品', inScope: (fen / 100).toFixed(2) }],
      },
    },
  }
}

/** What the pack would pay of bill `index` if there were no budget, fen; half a fen up. */
export function unlimitedShare(index: number): number {
  const fen = 1_500 + ((index * 7_919) % 2_003)
  return Math.floor((fen * RATE_PERCENT + 50) / 100)
}
