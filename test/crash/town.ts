import type { Engine } from '../../src/engine/open-engine.ts'
import type { RegistryEntry } from '../../src/ledger/record.ts'
import { readPacks } from '../../src/rules/read/read-packs.ts'
import { accepted } from '../conformance/rules.ts'
import { HOSPITALS, PERSONS } from './load.ts'

/*
 * A town in which money moves in every way a settlement knows: funds, an insurer, a family's and a group's sums, days that are paid
 * in fixed amounts, a package price, a hospital that waives, accounts, makers that are paid directly, a charity that pays afterwards.
 */
const TOWN = `
profile: town
title: { zh: 小镇, en: Town }
source: 断电测试
effective: { from: 2023-01-01 }
account: { pots: [current, history], pays: [deductible, coinsurance] }
reversal: { mode: keep, days: 30 }
---
pack: town/basic
kind: basic
payer: { id: town-fund, wire: hifp_pay }
effective: { from: 2023-01-01 }
source: 甲文件
packages:
  - id: appendix
    title: { zh: 阑尾炎手术, en: Appendectomy }
    clause: 定额
    when: visit.disease == "K35"
    standard: 500.00
benefits:
  - id: inpatient
    clause: 一
    when: visit.kind == "inpatient"
    base: [inScope]
    deductible: { per: admission, amount: { by: [hospital.level], rows: { 2: 100.00, 3: 150.00 } } }
    rate: 60%
    limits: [{ on: payment, per: year, amount: 60000.00 }]
  - id: outpatient
    clause: 二
    when: visit.kind == "outpatient"
    base: [inScope]
    deductible: { per: year, amount: 60.00 }
    rate: 50%
    limits: [{ on: payment, per: month, amount: 1800.00 }]
---
pack: town/major
kind: major-illness
payer: { id: town-major, wire: hifmi_pay }
effective: { from: 2023-01-01 }
source: 乙文件
benefits:
  - id: second
    clause: 三
    requiresSettled: [basic]
    base: [deductible, coinsurance, overCap]
    deductible: { per: year, amount: 2000.00 }
    bandsPer: year
    bands: [{ upTo: 6000.00, rate: 60% }, { rate: 70% }]
---
pack: town/citizen
kind: commercial
payer: { id: town-insurer }
effective: { from: 2023-01-01 }
source: 丙条款
requires: policy
benefits:
  - id: in-scope
    clause: 四
    base: [inScope, preSelfPay]
    deductible: { per: policyYear, amount: 120.00 }
    rate: 70%
    limits: [{ on: payment, per: policyYear, amount: 5000.00 }]
---
pack: town/family
kind: commercial
payer: { id: town-insurer }
effective: { from: 2023-01-01 }
source: 丁条款
requires: policy
benefits:
  - id: own
    clause: 五
    base: [ownPay]
    deductible: { per: year, owner: family, amount: 900.00 }
    rate: 50%
---
pack: town/group
kind: commercial
payer: { id: town-group-insurer }
effective: { from: 2023-01-01 }
source: 戊条款
requires: policy
counters:
  budget: { per: policyYear, owner: group }
benefits:
  - id: share
    clause: 六
    base: [inScope, preSelfPay, ownPay]
    rate: 40%
    limits: [{ on: payment, counter: budget, amount: 90000.00 }]
---
pack: town/daily
kind: commercial
payer: { id: town-daily-insurer }
effective: { from: 2023-01-01 }
source: 己条款
requires: policy
benefits:
  - id: allowance
    clause: 七
    when: visit.kind == "inpatient"
    fixed: { per: day, amount: 12.50, waitingDays: 1 }
---
pack: town/waiver
kind: hospital
payer: { id: town-waiver, wire: hosp_part_amt }
effective: { from: 2023-01-01 }
source: 庚办法
benefits:
  - id: waiver
    clause: 八
    when: '"低保" in person.identities'
    base: [inScope, preSelfPay]
    rate: 20%
---
pack: town/afterwards
kind: charity
payer: { id: town-charity }
effective: { from: 2023-01-01 }
source: 辛办法
benefits:
  - id: late
    clause: 九
    settledBy: supplement
    base: [inScope, preSelfPay]
    deductible: { per: year, amount: 40.00 }
    rate: 50%
`

/** Publishes the rules and registers everybody, if the ledger is new. */
export async function installTown(engine: Engine): Promise<void> {
  const { profiles, packs } = accepted(
    readPacks(TOWN, 'town.yaml', () => undefined),
    'the packs of the town',
  )
  const [profile] = profiles
  if (profile === undefined || engine.rulesState(profile.id) !== undefined) return
  accepted(await engine.registry('town', townRegister(profile.id)), 'the register')
  accepted(await engine.rules.publish({ profile, packs }), 'publish')
  for (const { hash, effective } of packs) {
    const activation = { jurisdiction: profile.id, pack: hash, from: effective.from }
    accepted(await engine.rules.activate(activation), 'activate')
  }
}

function townRegister(jurisdiction: string): readonly RegistryEntry[] {
  const persons = PERSONS.map((id, index) => ({
    kind: 'person' as const,
    id,
    entry: personEntry(id, index, { jurisdiction }),
  }))
  const hospitals = HOSPITALS.map((id, index) => ({
    kind: 'hospital' as const,
    id,
    entry: { id, facts: { level: 2 + index } },
  }))
  return [...persons, ...hospitals]
}

/** Two and two are a family; every third is poor; those of one family share a policy. */
export function personEntry(
  id: string,
  index: number,
  { jurisdiction = 'town', isPoor = index % 3 === 0 }: { jurisdiction?: string; isPoor?: boolean },
): unknown {
  const term = { start: '2024-01-01', end: '2024-12-31' }
  const family = Math.floor(index / 2)
  return {
    id,
    jurisdiction,
    familyId: `F${family}`,
    facts: { age: 30 + index, insutype: index % 2 === 0 ? '310' : '390' },
    identities: isPoor ? [{ word: '低保', from: '2024-01-01' }] : [],
    coverage: [{ from: '2023-01-01', facts: {} }],
    policies: [
      { id: `SH${family}`, product: 'town/citizen', ...term, shared: true },
      { id: `F-${id}`, product: 'town/family', ...term },
      ...(index % 4 === 0 ? [{ id: `D-${id}`, product: 'town/daily', ...term }] : []),
      ...(index % 5 === 0 ? [{ id: `G-${id}`, product: 'town/group', ...term, groupId: 'G' }] : []),
    ],
  }
}
