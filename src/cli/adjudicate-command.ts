import { settle } from '../adjudication/settle.ts'
import { sentences } from '../adjudication/sentences.ts'
import type { InForce } from '../adjudication/in-force.ts'
import type { Settlement } from '../adjudication/settlement.ts'
import { failureOf, success, type Result } from '../errors/problem.ts'
import { readBillDocument } from '../protocol/bill-document.ts'
import { checkCounters } from '../cases/check-counters.ts'
import { idlePolicies } from './check-policies.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { ShownLanguage } from './language.ts'
import { loadRules } from './load-rules.ts'
import { readBillFile } from './read-bill.ts'
import { countersText } from './render/counters-text.ts'
import { settlementText } from './render/settlement-text.ts'
import { refusedWith } from './refused.ts'
import type { Terminal } from './terminal.ts'

export interface AdjudicateOptions {
  readonly packs: readonly string[]
  readonly catalog: readonly string[]
  readonly profile?: string
  readonly json: boolean
  readonly counters: boolean
  readonly explain: boolean
  readonly lang: ShownLanguage
}

/** `qingfen adjudicate`: settles one bill and prints the split. */
export function adjudicateCommand(
  file: string,
  options: AdjudicateOptions,
  terminal: Terminal,
): ExitCode {
  const { catalog: catalogs, explain, json, lang: shown, packs, profile } = options
  const rules = loadRules({ packs, catalogs, ...(profile === undefined ? {} : { profile }) })
  if (!rules.ok) return refusedWith(rules.problems, options, terminal)
  const tree = readBillFile(file)
  const settled = tree.ok ? settleDocument(tree.value, rules.value) : tree
  if (!settled.ok) {
    const problems = settled.problems.map((item) => ({ file, ...item }))
    return refusedWith(problems, options, terminal)
  }
  if (json) {
    const words = explain ? { sentences: sentences(settled.value) } : {}
    terminal.print(JSON.stringify({ ...settled.value, ...words }, null, 2))
    return EXIT.ok
  }
  const view = {
    columns: terminal.columns,
    shown,
    explain: explain ? ('all' as const) : ('none' as const),
    packs: rules.value.packs.map(({ pack }) => pack),
  }
  terminal.print(settlementText(settled.value, view))
  if (options.counters) terminal.print(countersText(settled.value, shown))
  return EXIT.ok
}

/** The settlement of a bill document with the remarks of its reading, or why it is refused. */
export function settleDocument(tree: unknown, inForce: InForce): Result<Settlement> {
  const document = readBillDocument(tree, inForce.profile)
  if (!document.ok) return document
  const { bill, coverage, counters, warnings } = document.value
  const totals = checkCounters(countersOf(tree), document.value, inForce)
  if (totals.refused.length > 0) return failureOf(totals.refused)
  const answer = settle(bill, coverage, counters, inForce)
  if (answer.kind === 'refusal') return failureOf(answer.problems)
  const noted = [...totals.noted, ...idlePolicies(document.value, inForce)]
  return success({ ...answer, warnings: [...warnings, ...noted, ...answer.warnings] })
}

function countersOf(tree: unknown): unknown {
  return typeof tree === 'object' && tree !== null && 'counters' in tree ? tree.counters : undefined
}
