import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { InForce } from '../../src/adjudication/in-force.ts'
import { settle } from '../../src/adjudication/settle.ts'
import type { Refusal, Settlement } from '../../src/adjudication/settlement.ts'
import type { Finding } from '../../src/checking/finding.ts'
import { searchPacks } from '../../src/checking/search.ts'
import { billOf, type TrialBill } from '../../src/checking/trial-bill.ts'
import { trialDocument } from '../../src/checking/trial-text.ts'
import { defaultProfile } from '../../src/cases/default-profile.ts'
import { loadRules } from '../../src/cli/load-rules.ts'
import type { Problem } from '../../src/errors/problem.ts'
import { formatYuanGrouped, fen } from '../../src/money/fen.ts'
import { readBillDocument } from '../../src/protocol/bill-document.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import { readPacks } from '../../src/rules/read/read-packs.ts'

const folder = fileURLToPath(new URL('./defects/', import.meta.url))
const files = readdirSync(folder)

function rulesAt(path: string): InForce {
  const rules = loadRules({ packs: [path], catalogs: [] })
  if (!rules.ok) throw new Error(JSON.stringify(rules.problems))
  return rules.value
}

/** The bill as a person would read it from the answer, settled. */
function settled(bill: TrialBill, rules: InForce): Settlement | Refusal {
  const read = readBillDocument(trialDocument(bill), rules.profile)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return settle(read.value.bill, read.value.coverage, read.value.counters, rules)
}

function paid(answer: Settlement | Refusal): number {
  if (answer.kind === 'refusal') throw new Error(JSON.stringify(answer.problems))
  return answer.payers.reduce((sum, { amount }) => sum + amount, 0)
}

function yuan(amount: number): string {
  return formatYuanGrouped(fen(amount))
}

type Shows = (finding: Finding, rules: InForce) => boolean

/** Whether the bill, settled, shows what the problem says. */
const SHOWS: Readonly<Record<string, Shows>> = {
  CHECK_VALUE_UNDEFINED: ({ bill, problem }, rules) =>
    isRefused(settled(bill, rules), 'VALUE_UNDEFINED', problem.where),
  CHECK_BANDS_REFUSED: ({ bill, problem }, rules) =>
    isRefused(settled(bill, rules), 'BANDS_NOT_ASCENDING', problem.where),
  CHECK_PAYS_LESS_WHEN_MORE: ({ bill, problem: { details } }, rules) => {
    const [after, before] = [bill, { ...bill, lines: bill.lines.slice(0, -1) }].map((one) =>
      paid(settled(one, rules)),
    )
    const { inScope, ...others } = bill.lines.at(-1)?.parts ?? {}
    const isInScope = inScope !== 0 && Object.values(others).every((part) => part === 0)
    const isSaid = details['before'] === yuan(before ?? 0) && details['after'] === yuan(after ?? 0)
    return isInScope && isSaid && (after ?? 0) < (before ?? 0)
  },
  CHECK_TWO_BASIC_PACKS: ({ bill, problem: { details } }, rules) => {
    const answer = settled(bill, rules)
    const payers = answer.kind === 'settlement' ? answer.payers : []
    const paying = payers.filter(({ amount, kind }) => kind === 'basic' && amount > 0)
    return paying.map(({ pack }) => pack).join() === [details['other'], details['pack']].join()
  },
  CHECK_COVER_GAP: ({ bill }, rules) =>
    paid(settled(bill, rules)) === 0 && paid(settled(dayBefore(bill), rules)) > 0,
  CHECK_BENEFIT_NOT_PAID: ({ bill, pack, problem: { details } }, rules) => {
    // The benefit alone pays the bill: only the others keep it from doing so.
    const [benefit] = rules.packs.flatMap(({ benefits }) =>
      benefits.filter((one) => one.benefit.id === details['benefit']),
    )
    const alone = rules.packs.map((one) =>
      one.pack === pack && benefit !== undefined ? { ...one, benefits: [benefit] } : one,
    )
    const isPaid = (answer: Settlement | Refusal) =>
      answer.kind === 'settlement' &&
      answer.explanation.some(
        (step) => step.step === 'benefit' && step.benefit === details['benefit'],
      )
    return !isPaid(settled(bill, rules)) && isPaid(settled(bill, { ...rules, packs: alone }))
  },
  CHECK_PROMISES_EXCEED_COST: ({ bill, problem }, rules) => {
    const cost = amountOf(settled(bill, rules))
    return problem.details['cost'] === yuan(cost) && promised(problem) > cost
  },
}

function isRefused(answer: Settlement | Refusal, code: string, where: string): boolean {
  const [first] = answer.kind === 'refusal' ? answer.problems : []
  return first?.code === code && first.where === where
}

function dayBefore(bill: TrialBill): TrialBill {
  const lines = bill.lines.map((line) => ({ ...line, day: line.day - 1 }))
  return { ...bill, day: bill.day - 1, lines }
}

function amountOf(answer: Settlement | Refusal): number {
  return answer.kind === 'settlement' ? answer.total : 0
}

function promised({ details }: Problem): number {
  const amounts = String(details['promises']).match(/[\d,]+\.\d\d/g) ?? []
  return amounts.reduce((sum, text) => sum + Number(text.replaceAll(/[,.]/g, '')), 0)
}

test.each(files)('%s: the search finds exactly its fault, with a bill that shows it', (name) => {
  const rules = rulesAt(folder + name)
  const { findings } = searchPacks(rules)
  const [, code, where] = /^# (\w+) (\S+)/.exec(readFileSync(folder + name, 'utf8')) ?? []
  expect(findings.map(({ problem }) => [problem.code, problem.where])).toEqual([[code, where]])
  for (const finding of findings) {
    expect(SHOWS[finding.problem.code]?.(finding, rules)).toBe(true)
  }
})

test('what two plans promise is what each pays alone', () => {
  const rules = rulesAt(`${folder}two-plans-over-the-cost.yaml`)
  const [finding] = searchPacks(rules).findings
  if (finding === undefined) throw new Error('nothing found')
  const alone = rules.packs.map((pack) => paid(settled(finding.bill, { ...rules, packs: [pack] })))
  // 100.00 × 70 % and 100.00 × 60 %
  expect(alone).toEqual([7000, 6000])
  expect(finding.problem.details['promises']).toBe('demo/plan-a 70.00 + demo/plan-b 60.00')
})

test('a product that pays after basic insurance is tried as if that had settled elsewhere', () => {
  const text = `pack: demo/plan
kind: commercial
payer: { id: demo-pool }
effective: { from: 2023-01-01 }
source: 示例
requires: policy
benefits:
  - { id: after-basic, clause: 第一条, requiresSettled: [basic], base: [coinsurance], rate: 50% }
`
  const read = readPacks(text, 'plan.yaml', () => undefined)
  const packs = (read.ok ? read.value.packs : []).map((pack) => compilePack(pack))
  const rules: InForce = {
    profile: defaultProfile(),
    packs: packs.flatMap((compiled) => (compiled.ok ? [compiled.value] : [])),
  }
  expect(rules.packs).toHaveLength(1)
  expect(searchPacks(rules).findings).toEqual([])
})

test('a trial bill and the document of it are settled alike', () => {
  const rules = rulesAt('rules/chongqing')
  const [finding] = searchPacks(rules, { settlements: 500 }).findings
  if (finding === undefined) throw new Error('nothing found')
  const { bill, coverage } = billOf(finding.bill)
  expect(settled(finding.bill, rules)).toEqual(settle(bill, coverage, new Map(), rules))
})

test('the same packs give the same findings, within the settlements allowed', () => {
  const rules = rulesAt('rules/chongqing')
  expect(searchPacks(rules, { settlements: 500 })).toEqual(searchPacks(rules, { settlements: 500 }))
  expect(searchPacks(rules, { settlements: 500 }).bills).toBeLessThanOrEqual(500)
})

/** Long: other work may share the machine. */
const TIMEOUT_MS = 60_000
/** Enough for every benefit once; the command itself looks further. */
const SETTLEMENTS = 1_500
const jurisdictions = ['beijing', 'chongqing', 'guangzhou', 'nanchang', 'shanxi-linfen', 'shenzhen']

test.each([...jurisdictions, 'wuxi', 'zhenjiang', 'commercial'])(
  'nothing is wrong with the packs of rules/%s',
  (name) => {
    const { findings } = searchPacks(rulesAt(`rules/${name}`), { settlements: SETTLEMENTS })
    expect(findings.filter(({ problem }) => problem.code !== 'CHECK_PROMISES_EXCEED_COST')).toEqual(
      [],
    )
  },
  TIMEOUT_MS,
)
