import { EXIT, type ExitCode } from '../cli/exit-codes.ts'
import { refusedWith } from '../cli/refused.ts'
import type { Terminal } from '../cli/terminal.ts'
import { success, type Result } from '../errors/problem.ts'
import { SERVER_LIMITS } from '../server/limits.ts'
import { jsonLog } from '../service/service-log.ts'
import { untilSignal } from '../service/until-signal.ts'
import { showcaseBills } from './bills.ts'
import { openCashiers } from './cashier.ts'
import { keyFileOf } from './demo-keys.ts'
import { openDemo, type DemoPlace, type DemoService } from './demo-service.ts'
import { DEMO_HOSPITAL, demoPerson } from './people.ts'
import { showBills, type Cashier } from './showcase.ts'
import { tryNextText } from './try-next.ts'
import { verifyCopy } from './verify-copy.ts'

export interface DemoOptions extends DemoPlace {
  /** Ends when the bills are settled; otherwise at SIGTERM or SIGINT. */
  readonly isOnce: boolean
  readonly port: number
}

const BOTH = { json: false, lang: 'both' } as const

/** `npm start`: a served ledger in `directory`, the real bills settled through it, and what to try next. */
export async function runDemo(options: DemoOptions, terminal: Terminal): Promise<ExitCode> {
  // What the server says of itself is no part of the show, but what it refuses is for whoever tries.
  const log = jsonLog(terminal.complain, 'warning', Date.now)
  const opened = await openDemo(options, options.port, log)
  if (!opened.ok) return refusedWith(opened.problems, BOTH, terminal)
  const { service } = opened.value
  const code = await show(opened.value, options, terminal)
  if (options.isOnce) await service.stop()
  else {
    await untilSignal(service, { log, stopMs: SERVER_LIMITS.stopMs })
    terminal.print('\n已停止，账本完好。\nStopped; the ledger is as it was.')
  }
  return code
}

async function show(
  { service, keys }: DemoService,
  options: DemoOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { engine, store, terminalUrl, server } = service
  const cashiers = openCashiers(terminalUrl, keys)
  try {
    const stage = { engine, settle: cashiers.settle, terminal }
    const code = await showBills(showcaseBills(options.root), stage)
    const visited = await firstVisit(cashiers.settle)
    if (!visited.ok) return refusedWith(visited.problems, BOTH, terminal)
    const verified = await verifyCopy(store)
    if (!verified.ok) return refusedWith(verified.problems, BOTH, terminal)
    const { findings, splits } = verified.value
    terminal.print(
      findings.total === 0
        ? `\n核验：${splits} 笔结算全部重算无误。\nVerified: all ${splits} settlements recomputed, no difference.`
        : `\n核验发现 ${findings.total} 处差异，请停止后运行 qingfen ledger verify data\n` +
            `${findings.total} differences found; stop this and run qingfen ledger verify data`,
    )
    const { directory, isOnce } = options
    terminal.print(
      `\n账本在 ${directory}；再运行一次 npm start，答案取自账本。\n` +
        `The ledger is in ${directory}; run npm start again and it answers from there.`,
    )
    const keyFile = keyFileOf(directory)
    const next = { port: server.port, terminalUrl, keyFile, person: demoPerson(1), day: today() }
    if (!isOnce) terminal.print(tryNextText(next, terminal.columns))
    return findings.total === 0 ? code : EXIT.refused
  } finally {
    cashiers.close()
  }
}

/** In China, as the ledger has it. */
function today(): string {
  return new Date(Date.now() + SHANGHAI_MS).toISOString().slice(0, 10)
}

const SHANGHAI_MS = 8 * 3_600_000

/** A visit at the beginning of the year uses up the yearly deductible of the first person, so that whoever tries next sees a payment. */
async function firstVisit(settle: Cashier): Promise<Result<undefined>> {
  const year = today().slice(0, 4)
  const done = await settle(DEMO_HOSPITAL, `demo-visit-${year}`, {
    person: { id: demoPerson(1) },
    visit: { id: `V-DEMO-${year}`, kind: 'outpatient', start: `${year}-01-01` },
    lines: [{ id: '1', name: '检查', inScope: '300.00' }],
  })
  return done.ok ? success(undefined) : done
}
