import type { Engine } from '../engine/open-engine.ts'
import type { Result } from '../errors/problem.ts'
import type { Bilingual } from '../rules/pack.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { worded } from './language.ts'
import { readAllPackFiles, type RuleSources } from './load-rules.ts'
import { problemTexts } from './problem-text.ts'
import { compareWithPublished, type PublishedAmount } from './published.ts'
import { readBillFile } from './read-bill.ts'
import { settlementText } from './render/settlement-text.ts'
import { publishRules, settleInLedger, type LedgerSettlement } from './showcase-ledger.ts'
import type { Terminal } from './terminal.ts'

/** A real bill: first as it was published, without the policies, then with them. */
export interface ShowcaseBill {
  readonly title: Bilingual
  readonly withPolicies: Bilingual
  readonly bill: string
  readonly rules: RuleSources
  readonly published: readonly PublishedAmount[]
}

/** Settles each bill twice through a ledger and prints it; `refused` when a published amount is not reproduced. */
export async function showBills(
  bills: readonly ShowcaseBill[],
  engine: Engine,
  terminal: Terminal,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok
  for (const item of bills) {
    if ((await showBill(item, engine, terminal)) !== EXIT.ok) code = EXIT.refused
  }
  return code
}

async function showBill(item: ShowcaseBill, engine: Engine, terminal: Terminal): Promise<ExitCode> {
  const rules = await publishRules(engine, item.rules)
  if (!rules.ok) return complain(rules, terminal)
  const document = readBillFile(item.bill)
  if (!document.ok) return complain(document, terminal)
  const settled = async (withPolicies: boolean) =>
    settleInLedger(engine, rules.value, document.value, {
      suffix: withPolicies ? '-B' : '-A',
      withPolicies,
    })
  const before = await settled(false)
  if (!before.ok) return complain(before, terminal)
  heading(item.title, terminal)
  printSettlement(before.value, item, terminal)
  const { isReproduced, text } = compareWithPublished(
    before.value.settlement,
    item.published,
    'both',
  )
  terminal.print(`\n与公布的数字比较 Compared with the published amounts\n${text}`)
  const after = await settled(true)
  if (!after.ok) return complain(after, terminal)
  heading(item.withPolicies, terminal)
  printSettlement(after.value, item, terminal)
  return isReproduced ? EXIT.ok : EXIT.refused
}

function heading(title: Bilingual, { columns, print }: Terminal): void {
  const rule = '═'.repeat(columns)
  print(['', rule, ...worded(title, 'both'), rule].join('\n'))
}

function printSettlement(
  { id, isRepeat, settlement }: LedgerSettlement,
  { rules }: ShowcaseBill,
  terminal: Terminal,
): void {
  const files = readAllPackFiles(rules.packs)
  const view = {
    columns: terminal.columns,
    shown: 'both',
    explain: 'brief',
    packs: files.ok ? files.value.packs : [],
  } as const
  terminal.print(settlementText(settlement, view))
  const [zh, en] = isRepeat
    ? [
        `已结算过：结果取自账本，结算编号 ${id}，没有再记一次账`,
        `settled before: answered from the ledger as ${id}; nothing was posted again`,
      ]
    : [`已记入账本，结算编号 ${id}`, `posted to the ledger as ${id}`]
  terminal.print(`\n${zh}\n${en}`)
}

function complain(result: Result<unknown>, terminal: Terminal): ExitCode {
  if (!result.ok) terminal.complain(problemTexts(result.problems, 'both', terminal.columns))
  return EXIT.refused
}
