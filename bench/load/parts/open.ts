import { count, megabytes, ms } from '../report/figures.ts'
import type { Chart, PartResult, Table } from '../report/results.ts'
import { ServedLoad, type Measured, type SuiteContext } from '../served-load.ts'

const QUANTILES = ['p50', 'p90', 'p99', 'p999', 'max'] as const
const NAMES = ['p50', 'p90', 'p99', 'p99.9', 'max'] as const
/** While it warms up. */
const WARM_IN_FLIGHT = 64

interface Row {
  readonly rate: number
  readonly measured: Measured
}

/** Latency at rates that do not wait for the server. */
export async function openPart(context: SuiteContext): Promise<PartResult> {
  const { options } = context
  const rows: Row[] = []
  for (const rate of options.rates) rows.push(await atRate(context, rate))
  const bills = options.openLines === 'mix' ? 'of the mix' : `of ${options.openLines} lines`
  return {
    name: 'open',
    title: 'Settling over WebSocket, open loop',
    about:
      `Bills ${bills} are sent at a fixed rate over ${options.terminals} terminals for ${options.openSeconds} s, whatever comes back. Latency is from when a ` +
      'request was due, so that one that had to wait to be sent counts in full (no coordinated omission). Refused: `OVERLOADED`, not sent again, and not among the latencies.',
    tables: [tableOf(rows)],
    charts: [chartOf(rows)],
    checks: [
      'every request was replied to once; each answer’s shares add up to its lines and to its bill',
      'the ledgers were verified and their balances reconciled with what the clients were told',
    ],
    figures: Object.fromEntries(
      rows.flatMap(({ rate, measured: { run } }) => [
        [`open.${rate}.p50`, run.latency.p50],
        [`open.${rate}.p99`, run.latency.p99],
        [`open.${rate}.refused`, run.refused],
      ]),
    ),
  }
}

async function atRate(context: SuiteContext, rate: number): Promise<Row> {
  const { options, print } = context
  const served = await ServedLoad.open(context, options.terminals)
  await served.use(options.openLines)
  await served.closed(options.warm, Math.min(options.terminals, WARM_IN_FLIGHT))
  const measured = await served.open(rate * options.openSeconds, rate)
  const { answered, refused, latency } = measured.run
  print(`  ${rate}/s: p50 ${ms(latency.p50)}, p99 ${ms(latency.p99)}, ${refused} refused`)
  if (answered === 0) throw new Error('something is settled')
  await served.close()
  return { rate, measured }
}

function tableOf(rows: readonly Row[]): Table {
  return {
    caption: '',
    columns: ['due', 'answered', 'refused', ...NAMES, 'server CPU', 'RssAnon'],
    rows: rows.map(({ rate, measured: { run, usage } }) => [
      `${count(rate)}/s`,
      count(run.answered),
      count(run.refused),
      ...QUANTILES.map((name) => ms(run.latency[name])),
      `${Math.round((usage.server / run.seconds) * 100)} % of a core`,
      megabytes(usage.memory),
    ]),
  }
}

function chartOf(rows: readonly Row[]): Chart {
  return {
    name: 'latency',
    title: 'Latency from the time a request was due',
    x: { name: 'quantile' },
    y: { name: 'ms', isLog: true },
    series: rows.map(({ rate, measured: { run } }) => ({
      name: `${rate}/s`,
      points: QUANTILES.map((name, index) => [NAMES[index] ?? name, run.latency[name]]),
    })),
  }
}
