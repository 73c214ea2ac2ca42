import type { InForce } from '../adjudication/in-force.ts'
import type { Settlement } from '../adjudication/settlement.ts'
import type { Result } from '../errors/problem.ts'
import type { Bilingual } from '../rules/pack.ts'
import { settleDocument } from './adjudicate-command.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { worded } from './language.ts'
import { loadRules, type RuleSources } from './load-rules.ts'
import { problemTexts } from './problem-text.ts'
import { compareWithPublished, type PublishedAmount } from './published.ts'
import { readBillFile } from './read-bill.ts'
import { settlementText } from './render/settlement-text.ts'
import type { Terminal } from './terminal.ts'

/** A real bill: first as it was published, without the policies, then with them. */
export interface ShowcaseBill {
  readonly title: Bilingual
  readonly withPolicies: Bilingual
  readonly bill: string
  readonly rules: RuleSources
  readonly published: readonly PublishedAmount[]
}

/** Settles each bill twice and prints it; `refused` when a published amount is not reproduced. */
export function showBills(bills: readonly ShowcaseBill[], terminal: Terminal): ExitCode {
  const codes = bills.map((item) => showBill(item, terminal))
  return codes.every((code) => code === EXIT.ok) ? EXIT.ok : EXIT.refused
}

function showBill(item: ShowcaseBill, terminal: Terminal): ExitCode {
  const rules = loadRules(item.rules)
  if (!rules.ok) return complain(rules, terminal)
  const document = readBillFile(item.bill)
  if (!document.ok) return complain(document, terminal)
  const before = settleDocument(withoutPolicies(document.value), rules.value)
  if (!before.ok) return complain(before, terminal)
  heading(item.title, terminal)
  printSettlement(before.value, rules.value, terminal)
  const { isReproduced, text } = compareWithPublished(before.value, item.published, 'both')
  terminal.print(`\n与公布的数字比较 Compared with the published amounts\n${text}`)
  const after = settleDocument(document.value, rules.value)
  if (!after.ok) return complain(after, terminal)
  heading(item.withPolicies, terminal)
  printSettlement(after.value, rules.value, terminal)
  return isReproduced ? EXIT.ok : EXIT.refused
}

/** The document with every policy left out on the cashier's word. */
function withoutPolicies(document: unknown): unknown {
  if (typeof document !== 'object' || document === null) return document
  const policies =
    'policies' in document && Array.isArray(document.policies) ? document.policies : []
  const without = policies.flatMap((policy: unknown) => {
    return typeof policy === 'object' && policy !== null && 'id' in policy ? [policy.id] : []
  })
  return { ...document, without }
}

function heading(title: Bilingual, { columns, print }: Terminal): void {
  const rule = '═'.repeat(columns)
  print(['', rule, ...worded(title, 'both'), rule].join('\n'))
}

function printSettlement(settlement: Settlement, rules: InForce, terminal: Terminal): void {
  const view = {
    columns: terminal.columns,
    shown: 'both',
    explain: 'brief',
    packs: rules.packs.map(({ pack }) => pack),
  } as const
  terminal.print(settlementText(settlement, view))
}

function complain(result: Result<unknown>, terminal: Terminal): ExitCode {
  if (!result.ok) terminal.complain(problemTexts(result.problems, 'both', terminal.columns))
  return EXIT.refused
}
