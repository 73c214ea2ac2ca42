import { setImmediate as nextTick } from 'node:timers/promises'
import { Findings, type FindingsSummary } from '../../engine/verification/finding.ts'
import type { LedgerVerification } from '../../engine/verification/verify-ledger.ts'
import { checkStore } from '../../store/check-store.ts'
import type { SealedStore } from '../../store/sealed-store.ts'
import { verifyOnThreads } from '../../workers/on-threads.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { counted, worded } from '../language.ts'
import { problemData, problemTexts } from '../problem-text.ts'
import { refusedWith } from '../refused.ts'
import type { Terminal } from '../terminal.ts'
import { ProgressLine } from './progress-line.ts'
import { openExisting, type LedgerOptions } from './with-ledger.ts'

export interface VerifyOptions extends LedgerOptions {
  /** First record whose settlement is adjudicated again. */
  readonly from?: number
}

const SEALS = { zh: '核对每一行', en: 'checking every row' }
const JOURNAL = { zh: '重做日志', en: 'doing the journal again' }

/** `qingfen ledger verify`: pages, seals, and the whole journal done again; names the first difference and counts the others. */
export async function verifyCommand(options: VerifyOptions, terminal: Terminal): Promise<ExitCode> {
  const opened = await openExisting(options.directory, { checkWholeFile: true })
  if (!opened.ok) return refusedWith(opened.problems, options, terminal)
  const store = opened.value
  const progress = new ProgressLine(terminal, options.lang)
  try {
    const rows = checkRows(store, progress)
    const { from } = options
    const verified = await verifyOnThreads(store, store.sums.of('request').rows, {
      ...(from !== undefined && { from }),
      progress: async (done, total) => {
        progress.show(JOURNAL, done, total)
        await nextTick()
      },
    })
    progress.clear()
    const all = new Findings()
    all.merge(verified.findings)
    all.merge(rows)
    return answer(verified, all.summary(), options, terminal)
  } finally {
    progress.clear()
    await store.close()
  }
}

/** What is wrong with rows belongs to no record; what the journal finds comes first. */
function checkRows(store: SealedStore, progress: ProgressLine): FindingsSummary {
  const findings = new Findings()
  for (const step of checkStore(store)) {
    if (step.kind === 'problem') findings.add(Number.POSITIVE_INFINITY, step.problem)
    else progress.show(SEALS, step.rows, step.of)
  }
  return findings.summary()
}

function answer(
  { records, splits, head }: LedgerVerification,
  { total, first, counts }: FindingsSummary,
  { json, lang }: VerifyOptions,
  terminal: Terminal,
): ExitCode {
  const [foremost] = first
  if (json) {
    const data = {
      records,
      settlements: splits,
      head: { seq: head.seq, hash: Buffer.from(head.hash).toString('hex'), at: head.at },
      findings: total,
      counts: Object.fromEntries(counts),
      first: first.map(({ seq, problem }) => ({
        ...(Number.isFinite(seq) && { record: seq }),
        ...problemData(problem),
      })),
    }
    terminal.print(JSON.stringify(data, null, 2))
  } else {
    const size = `${records.toLocaleString('en')} / ${splits.toLocaleString('en')}`
    const verdict =
      foremost === undefined
        ? {
            zh: `账本无误：记录 / 结算 ${size}，末端哈希 ${hashText(head.hash)}`,
            en: `the ledger is right: records / settlements ${size}, hash of the end ${hashText(head.hash)}`,
          }
        : {
            zh: `账本有 ${total} 处不符（记录 / 结算 ${size}）；第一处：`,
            en: `${counted(total, 'difference')} in the ledger (records / settlements ${size}); the first one:`,
          }
    terminal.print(worded(verdict, lang).join('\n'))
    if (foremost !== undefined) {
      terminal.print(problemTexts([foremost.problem], lang, terminal.columns))
      terminal.print(counts.map(([code, count]) => `  ${code} × ${count}`).join('\n'))
    }
  }
  return foremost === undefined ? EXIT.ok : EXIT.refused
}

function hashText(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex').slice(0, 16)
}
