import type { CompiledPack } from '../../src/rules/compiled.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import type { RulePack } from '../../src/rules/pack.ts'
import type { Profile } from '../../src/rules/profile.ts'
import { readPacks } from '../../src/rules/read/read-packs.ts'
import { accepted } from '../conformance/rules.ts'

/*
 * Two small jurisdictions. Their amounts are small too, so that deductibles, limits and the group's budget are met within a dozen
 * bills; each pack stands for one way of counting.
 */

const KEEP = `
profile: keep
title: { zh: 保留市, en: Keep city }
source: 模型测试
effective: { from: 2023-01-01 }
account: { pots: [current], pays: [deductible, coinsurance] }
reversal: { mode: keep, days: 30 }
---
pack: keep/basic
kind: basic
payer: { id: keep-fund, wire: hifp_pay }
effective: { from: 2023-01-01 }
source: 甲文件
benefits:
  - id: inpatient
    clause: 一
    when: visit.kind == "inpatient"
    base: [inScope]
    deductible: { per: admission, amount: { by: [hospital.level], rows: { 1: 50.00, 2: 100.00, 3: 150.00 } } }
    rate: { by: [person.tier], rows: { 1: 60%, 2: 80% } }
    limits: [{ on: payment, per: year, amount: 1500.00 }]
  - id: outpatient
    clause: 二
    when: visit.kind == "outpatient"
    base: [inScope]
    deductible: { per: year, amount: 60.00 }
    rate: 50%
    limits: [{ on: payment, per: month, amount: 180.00 }, { on: times, per: year, amount: 6 }]
---
pack: keep/major
kind: major-illness
payer: { id: keep-major, wire: hifmi_pay }
effective: { from: 2023-01-01 }
source: 乙文件
benefits:
  - id: second
    clause: 三
    requiresSettled: [basic]
    base: [deductible, coinsurance, overCap]
    deductible: { per: year, amount: 200.00 }
    bandsPer: year
    bands: [{ upTo: 600.00, rate: 60% }, { rate: 70% }]
---
pack: keep/aid
kind: medical-aid
payer: { id: keep-aid, wire: maf_pay }
effective: { from: 2023-01-01 }
source: 丙文件
benefits:
  - id: aid
    clause: 四
    when: '"低保" in person.identities'
    base: [inScope]
    rate: 50%
    limits: [{ on: payment, per: year, amount: 260.00 }]
---
pack: keep/citizen
kind: commercial
payer: { id: keep-insurer }
effective: { from: 2023-01-01, by: admission }
source: 丁条款
requires: policy
benefits:
  - id: in-scope
    clause: 五
    base: [inScope, preSelfPay]
    deductible: { per: policyYear, amount: 120.00 }
    rate: { by: [policy.preExisting], rows: { false: 70%, true: 35% } }
    limits: [{ on: payment, per: policyYear, amount: 500.00 }]
---
pack: keep/family
kind: commercial
payer: { id: keep-insurer }
effective: { from: 2023-01-01 }
source: 戊条款
requires: policy
benefits:
  - id: own
    clause: 六
    base: [preSelfPay, ownPay]
    deductible: { per: year, owner: family, amount: 90.00 }
    rate: 50%
---
pack: keep/group
kind: commercial
payer: { id: keep-group-insurer }
effective: { from: 2023-01-01 }
source: 己条款
requires: policy
counters:
  budget: { per: policyYear, owner: group }
benefits:
  - id: share
    clause: 七
    base: [inScope, preSelfPay, overLimit, ownPay]
    rate: 40%
    limits: [{ on: payment, counter: budget, amount: 350.00 }]
---
pack: keep/line
kind: mutual-aid
payer: { id: keep-mutual }
effective: { from: 2023-01-01, by: line }
source: 庚办法
benefits:
  - id: dated
    clause: 八
    base: [ownPay]
    deductible: { per: month, amount: 15.00 }
    rate: 30%
---
pack: keep/daily
kind: commercial
payer: { id: keep-daily-insurer }
effective: { from: 2023-01-01 }
source: 辛条款
requires: policy
counters:
  paid-days: { per: policyYear, unit: days }
benefits:
  - id: allowance
    clause: 九
    when: visit.kind == "inpatient"
    fixed: { per: day, amount: 12.50, waitingDays: 1 }
    limits: [{ on: days, counter: paid-days, amount: 9 }]
---
pack: keep/afterwards
kind: charity
payer: { id: keep-charity }
effective: { from: 2023-01-01 }
source: 壬办法
benefits:
  - id: late
    clause: 十
    settledBy: supplement
    base: [inScope, preSelfPay]
    deductible: { per: year, amount: 40.00 }
    rate: 50%
    limits: [{ on: payment, per: year, amount: 300.00 }]
---
pack: keep/shadowless
kind: charity
payer: { id: keep-second-charity }
effective: { from: 2023-01-01 }
source: 癸办法
benefits:
  - id: later
    clause: 十一
    settledBy: supplement
    base: [ownPay, overLimit, deductible]
    rate: 25%
`

/** Versions of packs above that a history activates later: other rates and deductibles, the same counters. */
const KEEP_LATER = `
pack: keep/basic
kind: basic
payer: { id: keep-fund, wire: hifp_pay }
effective: { from: 2023-01-01 }
source: 甲文件 修订
benefits:
  - id: inpatient
    clause: 一
    when: visit.kind == "inpatient"
    base: [inScope]
    deductible: { per: admission, amount: 80.00 }
    rate: 75%
    limits: [{ on: payment, per: year, amount: 1200.00 }]
  - id: outpatient
    clause: 二
    when: visit.kind == "outpatient"
    base: [inScope]
    deductible: { per: year, amount: 30.00 }
    rate: 55%
    limits: [{ on: payment, per: month, amount: 200.00 }, { on: times, per: year, amount: 6 }]
---
pack: keep/group
kind: commercial
payer: { id: keep-group-insurer }
effective: { from: 2023-01-01 }
source: 己条款 修订
requires: policy
counters:
  budget: { per: policyYear, owner: group }
benefits:
  - id: share
    clause: 七
    base: [inScope, preSelfPay, overLimit, ownPay]
    rate: 60%
    limits: [{ on: payment, counter: budget, amount: 420.00 }]
---
pack: keep/line
kind: mutual-aid
payer: { id: keep-mutual-new }
effective: { from: 2023-01-01, by: line }
source: 庚办法 修订
benefits:
  - id: dated
    clause: 八
    base: [ownPay]
    deductible: { per: month, amount: 5.00 }
    rate: 45%
`

const STRICT = `
profile: strict
title: { zh: 严格市, en: Strict city }
source: 模型测试
effective: { from: 2023-01-01 }
yearBy: admission
yearStart: '01-01'
reversal: { mode: strict, days: 20 }
---
pack: strict/basic
kind: basic
payer: { id: strict-fund, wire: hifp_pay }
effective: { from: 2023-01-01 }
source: 子文件
benefits:
  - id: all
    clause: 一
    base: [inScope]
    deductible: { per: year, amount: 100.00 }
    rate: 65%
    limits: [{ on: patientShare, per: year, amount: 700.00 }]
---
pack: strict/civil
kind: civil-servant
payer: { id: strict-civil, wire: cvlserv_pay }
effective: { from: 2023-01-01 }
source: 丑文件
covers: person.civilServant
benefits:
  - id: more
    clause: 二
    base: [inScope, preSelfPay]
    firstShare: 10%
    rate: 50%
---
pack: strict/citizen
kind: commercial
payer: { id: strict-insurer }
effective: { from: 2023-01-01 }
source: 寅条款
requires: policy
counters:
  hospital-payment: { per: policyYear }
benefits:
  - id: in-scope
    clause: 三
    base: [inScope, preSelfPay]
    deductible: { per: policyYear, amount: 60.00 }
    rate: 80%
    limits: [{ on: payment, counter: hospital-payment, amount: 300.00 }]
  - id: own-pay
    clause: 四
    base: [ownPay]
    itemLimits: [{ per: item, amount: 200.00, within: policyYear }]
    rate: 40%
    limits: [{ on: payment, counter: hospital-payment, amount: 300.00 }]
---
pack: strict/afterwards
kind: charity
payer: { id: strict-charity }
effective: { from: 2023-01-01 }
source: 卯办法
benefits:
  - id: late
    clause: 五
    settledBy: supplement
    base: [inScope, ownPay]
    rate: 35%
    limits: [{ on: payment, per: year, amount: 150.00 }]
`

const STRICT_LATER = `
pack: strict/basic
kind: basic
payer: { id: strict-fund, wire: hifp_pay }
effective: { from: 2023-01-01 }
source: 子文件 修订
benefits:
  - id: all
    clause: 一
    base: [inScope]
    deductible: { per: year, amount: 70.00 }
    rate: 70%
    limits: [{ on: patientShare, per: year, amount: 600.00 }]
---
pack: strict/citizen
kind: commercial
payer: { id: strict-insurer }
effective: { from: 2023-01-01 }
source: 寅条款 修订
requires: policy
counters:
  hospital-payment: { per: policyYear }
benefits:
  - id: in-scope
    clause: 三
    base: [inScope, preSelfPay]
    deductible: { per: policyYear, amount: 30.00 }
    rate: 90%
    limits: [{ on: payment, counter: hospital-payment, amount: 380.00 }]
`

/** A jurisdiction of the model: what is in force from the start, and what a history may activate. */
export interface ModelPlace {
  readonly jurisdiction: string
  readonly profile: Profile
  readonly packs: readonly RulePack[]
  readonly later: readonly RulePack[]
}

export const PLACES: readonly ModelPlace[] = [
  place('keep', KEEP, KEEP_LATER),
  place('strict', STRICT, STRICT_LATER),
]

/** Every pack compiled, by hash. */
export const COMPILED: ReadonlyMap<string, CompiledPack> = new Map(
  PLACES.flatMap(({ packs, later }) => [...packs, ...later]).map((pack) => [
    pack.hash,
    accepted(compilePack(pack), pack.id),
  ]),
)

function place(jurisdiction: string, first: string, later: string): ModelPlace {
  const read = readText(first)
  const [profile] = read.profiles
  if (profile === undefined) throw new Error(`${jurisdiction} has no profile`)
  return { jurisdiction, profile, packs: read.packs, later: readText(later).packs }
}

function readText(text: string) {
  return accepted(
    readPacks(text, 'model.yaml', () => undefined),
    'packs of the model',
  )
}
