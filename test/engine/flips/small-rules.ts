import type { RulePack } from '../../../src/rules/pack.ts'
import type { Profile } from '../../../src/rules/profile.ts'
import { readPacks } from '../../../src/rules/read/read-packs.ts'
import { given } from '../../store/places.ts'

/** A city with one pack for each holder of counters: person, family, shared policy, group. */
const TEXT = `
profile: small
title: { zh: 小城, en: Small city }
source: 核验测试
effective: { from: 2023-01-01 }
account: { pots: [current], pays: [deductible, coinsurance] }
reversal: { mode: keep, days: 30 }
---
pack: small/basic
kind: basic
payer: { id: small-fund, wire: hifp_pay }
effective: { from: 2023-01-01 }
source: 甲文件
benefits:
  - id: inpatient
    clause: 一
    base: [inScope]
    deductible: { per: year, amount: 100.00 }
    rate: 60%
    limits: [{ on: payment, per: year, amount: 1500.00 }]
---
pack: small/citizen
kind: commercial
payer: { id: small-insurer }
effective: { from: 2023-01-01 }
source: 乙条款
requires: policy
benefits:
  - id: in-scope
    clause: 二
    base: [inScope]
    deductible: { per: policyYear, amount: 120.00 }
    rate: 70%
    limits: [{ on: payment, per: policyYear, amount: 500.00 }]
---
pack: small/family
kind: commercial
payer: { id: small-family-insurer }
effective: { from: 2023-01-01 }
source: 丙条款
requires: policy
benefits:
  - id: own
    clause: 三
    base: [ownPay]
    deductible: { per: year, owner: family, amount: 90.00 }
    rate: 50%
---
pack: small/group
kind: commercial
payer: { id: small-group-insurer }
effective: { from: 2023-01-01 }
source: 丁条款
requires: policy
counters:
  budget: { per: policyYear, owner: group }
benefits:
  - id: share
    clause: 四
    base: [inScope, ownPay]
    rate: 40%
    limits: [{ on: payment, counter: budget, amount: 350.00 }]
---
pack: small/afterwards
kind: enterprise-supplement
payer: { id: small-employer }
effective: { from: 2023-01-01 }
source: 戊办法
benefits:
  - id: rest
    clause: 五
    settledBy: supplement
    base: [inScope]
    rate: 10%
`

export interface SmallRules {
  readonly profile: Profile
  readonly packs: readonly RulePack[]
}

export function smallRules(): SmallRules {
  const { packs, profiles } = given(readPacks(TEXT, 'small.yaml', () => undefined))
  const [profile] = profiles
  if (profile === undefined) throw new Error('no profile')
  return { profile, packs }
}
