import type { Candidate } from '../engine/replay/candidate-rules.ts'
import { replayLedger } from '../engine/replay/replay-ledger.ts'
import type { ReplayReport } from '../engine/replay/replay-report.ts'
import { StoreRows } from '../engine/store-rows.ts'
import type { Store } from '../engine/ports.ts'
import { failure, failureOf, problem, success, type Result } from '../errors/problem.ts'
import { sha256Hex } from '../ledger/hash.ts'
import { compilePack } from '../rules/compile/compile-pack.ts'
import type { Bilingual, RulePack } from '../rules/pack.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { dayOption } from './ledger/day-option.ts'
import { ledgerJurisdiction } from './ledger/ledger-jurisdiction.ts'
import { ProgressLine } from './ledger/progress-line.ts'
import { withLedger, type LedgerOptions } from './ledger/with-ledger.ts'
import { readAllPackFiles } from './load-rules.ts'
import { problemData } from './problem-text.ts'
import { refusedWith } from './refused.ts'
import { replayText, type ReplayView } from './render/replay-text.ts'
import type { Terminal } from './terminal.ts'

export interface ReplayCommandOptions extends LedgerOptions {
  /** Files and folders of the candidate: packs, and a profile when that is to change, too. */
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
    const candidate = readCandidate(options, store)
    const days = daysOf(options)
    if (!candidate.ok) return refusedWith(candidate.problems, options, terminal)
    if (!days.ok) return refusedWith(days.problems, options, terminal)
    const report = settledAgain(store, candidate.value, days.value, options, terminal)
    const view = viewOf(store, candidate.value, report, options)
    terminal.print(
      options.json
        ? JSON.stringify(replayData(view, candidate.value), null, 2)
        : replayText(view, options.lang, terminal.columns),
    )
    return Promise.resolve(EXIT.ok)
  })
}

function settledAgain(
  store: Store,
  { candidate, content }: ReadCandidate,
  days: Days,
  { lang, person }: ReplayCommandOptions,
  terminal: Terminal,
): ReplayReport {
  const progress = new ProgressLine(terminal, lang)
  const stated = { ...days, ...(person !== undefined && { person }) }
  const steps = replayLedger(store, { candidate, content, ...stated })
  for (;;) {
    const step = steps.next()
    if (step.done === true) {
      progress.clear()
      return step.value
    }
    progress.show(PROGRESS, step.value.taken, step.value.of)
  }
}

interface ReadCandidate {
  readonly candidate: Candidate
  readonly packs: readonly RulePack[]
  readonly content: ReadonlyMap<string, Uint8Array>
}

function readCandidate(
  { packs: paths, jurisdiction: named }: ReplayCommandOptions,
  store: Store,
): Result<ReadCandidate> {
  const jurisdiction = ledgerJurisdiction(store, named)
  if (!jurisdiction.ok) return jurisdiction
  const files = readAllPackFiles(paths)
  if (!files.ok) return files
  const { packs, profiles } = files.value
  const problems = packs.flatMap((pack) => {
    const compiled = compilePack(pack)
    return compiled.ok ? [] : compiled.problems
  })
  if (problems.length > 0) return failureOf(problems)
  const profile = profiles.find(({ id }) => id === jurisdiction.value)
  if (packs.length === 0 && profile === undefined) {
    return failure(problem('CLI_USAGE', '', { why: `--packs ${paths.join(' ')}: 0 packs` }))
  }
  const content = new Map(packs.map((pack) => [pack.hash, jsonBytes(pack)]))
  if (profile === undefined) {
    const hashes = packs.map(({ hash }) => hash)
    return success({
      candidate: { jurisdiction: jurisdiction.value, packs: hashes },
      packs,
      content,
    })
  }
  const bytes = jsonBytes(profile)
  const hash = sha256Hex(bytes)
  const candidate = {
    jurisdiction: jurisdiction.value,
    packs: packs.map((pack) => pack.hash),
    profile: hash,
  }
  return success({ candidate, packs, content: new Map([...content, [hash, bytes]]) })
}

function jsonBytes(value: object): Uint8Array {
  return Buffer.from(JSON.stringify(value), 'utf8')
}

interface Days {
  readonly from?: number
  readonly to?: number
}

function daysOf({ from, to }: ReplayCommandOptions): Result<Days> {
  const [first, last] = [dayOption('--from', from), dayOption('--to', to)]
  if (!first.ok) return first
  if (!last.ok) return last
  if ((first.value ?? -Infinity) > (last.value ?? Infinity)) {
    return failure(problem('CLI_USAGE', '', { why: `--from ${from} ≤ --to ${to}` }))
  }
  return success({
    ...(first.value !== undefined && { from: first.value }),
    ...(last.value !== undefined && { to: last.value }),
  })
}

function viewOf(
  store: Store,
  { candidate, packs }: ReadCandidate,
  report: ReplayReport,
  { from, to, person }: ReplayCommandOptions,
): ReplayView {
  const state = new StoreRows(store).get('rules', candidate.jurisdiction)
  const versions = state?.packs ?? []
  const active = new Set(versions.filter((one) => one.state === 'active').map(({ hash }) => hash))
  const known = versions.flatMap(({ hash }) => {
    const bytes = store.get('content', hash)
    return bytes === undefined ? [] : [JSON.parse(Buffer.from(bytes).toString('utf8')) as RulePack]
  })
  return {
    report,
    jurisdiction: candidate.jurisdiction,
    candidates: packs.length,
    inForce: packs.filter(({ hash }) => active.has(hash)).length,
    period: { ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
    ...(person !== undefined && { person }),
    payers: new Map([...known, ...packs].map(({ payer }) => [payer.id, payer.name])),
  }
}

/** Amounts in fen, as everywhere in data of the ledger. */
function replayData(view: ReplayView, { packs }: ReadCandidate): object {
  const { report, jurisdiction, period, person } = view
  const { refusals, ...rest } = report
  return {
    jurisdiction,
    candidates: packs.map(({ id, hash }) => ({ id, hash })),
    ...period,
    person,
    ...rest,
    refusals: {
      codes: refusals.codes,
      first: refusals.first.map((refusal) => ({
        ...refusal,
        problems: refusal.problems.map(problemData),
      })),
    },
  }
}
