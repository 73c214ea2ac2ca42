import type { Candidate } from '../engine/replay/candidate-rules.ts'
import { replayLedger } from '../engine/replay/replay-ledger.ts'
import type { BeforeAfter, ReplayReport } from '../engine/replay/replay-report.ts'
import { StoreRows } from '../engine/store-rows.ts'
import { parseEpochDay } from '../catalog/epoch-day.ts'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import type { Store } from '../engine/ports.ts'
import { fen, formatYuanGrouped } from '../money/fen.ts'
import type { Bilingual } from '../rules/pack.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { inline } from './language.ts'
import { ProgressLine } from './ledger/progress-line.ts'
import { withLedger, type LedgerOptions } from './ledger/with-ledger.ts'
import { readAllPackFiles } from './load-rules.ts'
import { refusedWith } from './refused.ts'
import { fit, widthOf } from './render/columns.ts'
import type { Terminal } from './terminal.ts'

export interface ReplayCommandOptions extends LedgerOptions {
  /** Files and folders of the candidate packs. */
  readonly packs: readonly string[]
  readonly jurisdiction?: string
  /** Days of settlement, both inside. */
  readonly from?: string
  readonly to?: string
  readonly person?: string
}

const PROGRESS: Bilingual = { zh: '按候选政策包重算', en: 'settling again' }

/** `qingfen replay`: what the history of a ledger would have been under other packs; changes nothing. */
export async function replayCommand(
  options: ReplayCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return withLedger(options, terminal, async (store) => {
    const candidate = candidateOf(options, store)
    const days = daysOf(options)
    if (!candidate.ok) return refusedWith(candidate.problems, options, terminal)
    if (!days.ok) return refusedWith(days.problems, options, terminal)
    const { person } = options
    const progress = new ProgressLine(terminal, options.lang)
    const steps = replayLedger(store, {
      ...candidate.value,
      ...days.value,
      ...(person !== undefined && { person }),
    })
    for (;;) {
      const step = steps.next()
      if (step.done === true) {
        progress.clear()
        terminal.print(
          options.json ? JSON.stringify(step.value, null, 2) : reportText(step.value, options),
        )
        return EXIT.ok
      }
      progress.show(PROGRESS, step.value.taken, step.value.of)
    }
  })
}

interface ReadCandidate {
  readonly candidate: Candidate
  readonly content: ReadonlyMap<string, Uint8Array>
}

function candidateOf(
  { packs: paths, jurisdiction: named }: ReplayCommandOptions,
  store: Store,
): Result<ReadCandidate> {
  const files = readAllPackFiles(paths)
  if (!files.ok) return files
  const known = [...store.range('rules')].map(({ key }) => String(key))
  const [only, another] = known
  const jurisdiction = named ?? (another === undefined ? only : undefined)
  if (jurisdiction === undefined || new StoreRows(store).get('rules', jurisdiction) === undefined) {
    const details = { jurisdiction: named ?? known.join(', ') }
    return failure(problem('JURISDICTION_UNKNOWN', '--jurisdiction', details))
  }
  const { packs } = files.value
  return success({
    candidate: { jurisdiction, packs: packs.map(({ hash }) => hash) },
    content: new Map(
      packs.map((pack) => [pack.hash, Buffer.from(JSON.stringify(pack), 'utf8')] as const),
    ),
  })
}

function daysOf({ from, to }: ReplayCommandOptions): Result<{ from?: number; to?: number }> {
  const [first, last] = [from, to].map((text) =>
    text === undefined ? undefined : parseEpochDay(text),
  )
  if ((from !== undefined && first === undefined) || (to !== undefined && last === undefined)) {
    return failure(problem('REQUEST_MALFORMED', '--from', { why: '2026-01-01' }))
  }
  return success({
    ...(first !== undefined && { from: first }),
    ...(last !== undefined && { to: last }),
  })
}

/** Of the largest changes and refusals; all are in the JSON answer. */
const SHOWN = 20
const LABEL = 44
const AMOUNT = 18

function reportText(report: ReplayReport, { lang }: ReplayCommandOptions): string {
  const { settlements, payers, fixed, patients, lineGroups, largest, refusals } = report
  const say = (zh: string, en: string) => inline({ zh, en }, lang)
  const rows = (items: readonly (readonly [string, BeforeAfter])[]) =>
    items
      .filter(([, { before, after }]) => before !== after)
      .map(([label, change]) => row(label, change))
  const parts = [
    [
      say(
        `重算 ${settlements.seen} 笔：${settlements.changed} 笔有变化，${settlements.refused} 笔会被拒绝`,
        `${settlements.seen} settlements again: ${settlements.changed} change, ${settlements.refused} would be refused`,
      ),
      heading(say('元', 'yuan'), [
        say('原来', 'before'),
        say('现在', 'after'),
        say('差额', 'change'),
      ]),
    ],
    titled(say('付款方', 'Payers'), rows([...payers, ...fixed].map((one) => [one.payer, one]))),
    titled(say('患者', 'Patients'), rows([[say('合计', 'in all'), patients]])),
    titled(
      say('患者部分，按收费类别与构成', 'Patients, by charge type and category'),
      rows(lineGroups.map((one) => [`${one.chargeType || '–'} ${one.category}`, one])),
    ),
    titled(
      say('变化最大的结算', 'Largest changes'),
      rows(largest.slice(0, SHOWN).map((one) => [`${one.settlement} ${one.person}`, one])),
    ),
    titled(
      say('会被拒绝', 'Would be refused'),
      refusals.codes.map(({ code, count }) => `  ${code}  ${count}`),
    ),
  ]
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines]
}

function heading(label: string, cells: readonly string[]): string {
  return fit(label, LABEL) + cells.map((cell) => fit(cell, AMOUNT, 'right')).join('')
}

function row(label: string, { before, after }: BeforeAfter): string {
  const amounts = [before, after, after - before].map((amount) => formatYuanGrouped(fen(amount)))
  const name =
    widthOf(label) > LABEL - 2 ? `  ${label}\n${' '.repeat(LABEL)}` : fit(`  ${label}`, LABEL)
  return name + amounts.map((amount) => fit(amount, AMOUNT, 'right')).join('')
}
