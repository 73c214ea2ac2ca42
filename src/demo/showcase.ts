import { EXIT, type ExitCode } from '../cli/exit-codes.ts'
import { worded } from '../cli/language.ts'
import { readAllPackFiles, type RuleSources } from '../cli/load-rules.ts'
import { compareWithPublished, type PublishedAmount } from '../cli/published.ts'
import { readBillFile } from '../cli/read-bill.ts'
import { refusedWith } from '../cli/refused.ts'
import { settlementText } from '../cli/render/settlement-text.ts'
import type { Terminal } from '../cli/terminal.ts'
import type { Settlement } from '../adjudication/settlement.ts'
import type { Engine } from '../engine/open-engine.ts'
import type { Result } from '../errors/problem.ts'
import { success } from '../errors/problem.ts'
import type { Bilingual } from '../rules/pack.ts'
import { publishRules } from './publish-rules.ts'
import { registerMissing, splitDocument, type Tree } from './showcase-register.ts'

/** A real bill: first as it was published, without the policies, then with them. */
export interface ShowcaseBill {
  readonly title: Bilingual
  readonly withPolicies: Bilingual
  readonly jurisdiction: string
  readonly hospital: string
  readonly bill: string
  readonly rules: RuleSources
  readonly published: readonly PublishedAmount[]
}

/** Settles a bill at the terminal of a hospital, or finds that it was settled. */
export type Cashier = (
  hospital: string,
  requestId: string,
  bill: Tree,
) => Promise<Result<{ readonly settlement: string; readonly repeat: boolean }>>

export interface Stage {
  readonly engine: Engine
  readonly settle: Cashier
  readonly terminal: Terminal
}

interface Settled {
  readonly id: string
  readonly isRepeat: boolean
  /** Adjudicated again from the record, with the explanation. */
  readonly settlement: Settlement
}

/** Publishes what the bills need and does not know yet. */
export async function prepareBills(
  bills: readonly ShowcaseBill[],
  engine: Engine,
): Promise<Result<undefined>> {
  for (const item of bills) {
    const rules = await publishRules(engine, item.rules)
    if (!rules.ok) return rules
    const document = readBillFile(item.bill)
    if (!document.ok) return document
    for (const withPolicies of [false, true]) {
      const { register } = splitDocument(document.value, item.jurisdiction, variant(withPolicies))
      const registered = await registerMissing(engine, register)
      if (!registered.ok) return registered
    }
  }
  return success(undefined)
}

/** Settles each bill twice and prints it; `refused` when a published amount is not reproduced. */
export async function showBills(bills: readonly ShowcaseBill[], stage: Stage): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok
  for (const item of bills) {
    if ((await showBill(item, stage)) !== EXIT.ok) code = EXIT.refused
  }
  return code
}

async function showBill(item: ShowcaseBill, stage: Stage): Promise<ExitCode> {
  const { terminal } = stage
  const before = await settled(item, stage, false)
  if (!before.ok) return refusedWith(before.problems, { json: false, lang: 'both' }, terminal)
  heading(item.title, terminal)
  printSettlement(before.value, item, terminal)
  const { isReproduced, text } = compareWithPublished(
    before.value.settlement,
    item.published,
    'both',
  )
  terminal.print(`\n与公布的数字比较 Compared with the published amounts\n${text}`)
  const after = await settled(item, stage, true)
  if (!after.ok) return refusedWith(after.problems, { json: false, lang: 'both' }, terminal)
  heading(item.withPolicies, terminal)
  printSettlement(after.value, item, terminal)
  return isReproduced ? EXIT.ok : EXIT.refused
}

async function settled(
  { bill: file, jurisdiction, hospital }: ShowcaseBill,
  { engine, settle }: Stage,
  withPolicies: boolean,
): Promise<Result<Settled>> {
  const document = readBillFile(file)
  if (!document.ok) return document
  const { bill } = splitDocument(document.value, jurisdiction, variant(withPolicies))
  const requestId = `demo-${jurisdiction}${variant(withPolicies).suffix}`
  const done = await settle(hospital, requestId, bill)
  if (!done.ok) return done
  const { settlement: id, repeat: isRepeat } = done.value
  const again = engine.recompute(id)
  return again.ok ? success({ id, isRepeat, settlement: again.value.settlement }) : again
}

/** Two persons with a stay each, so that what the one has used up is not missing to the other. */
function variant(withPolicies: boolean) {
  return { suffix: withPolicies ? '-2' : '-1', withPolicies }
}

function heading(title: Bilingual, { columns, print }: Terminal): void {
  const rule = '═'.repeat(columns)
  print(['', rule, ...worded(title, 'both'), rule].join('\n'))
}

function printSettlement(
  { id, isRepeat, settlement }: Settled,
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
    : [
        `收费终端经 WebSocket 结算，已记入账本，结算编号 ${id}`,
        `settled by a terminal over WebSocket, posted to the ledger as ${id}`,
      ]
  terminal.print(`\n${zh}\n${en}`)
}
