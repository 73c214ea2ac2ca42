import { count, megabytes, ms, perSecond } from '../report/figures.ts'
import type { Chart, PartResult } from '../report/results.ts'
import { ServedLoad, type Measured, type SuiteContext } from '../served-load.ts'

const LINES = 20
const MIXED_IN_FLIGHT = 256

interface Row {
  readonly bills: string
  readonly inFlight: number
  readonly measured: Measured
}

/** Settlements over WebSocket, as many as the server gives. */
export async function terminalsPart(context: SuiteContext): Promise<PartResult> {
  const { options, print } = context
  const rows: Row[] = []
  const load = async (lines: number | 'mix', inFlight: number) => {
    const terminals = Math.min(options.terminals, inFlight)
    const served = await ServedLoad.open(context, terminals)
    await served.use(lines)
    await served.closed(Math.ceil(options.settlements / 5), inFlight)
    const measured = await served.closed(options.settlements, inFlight)
    const bills = lines === 'mix' ? 'the mix' : `${lines} lines`
    rows.push({ bills, inFlight, measured })
    print(`  ${bills}, ${inFlight} in flight: ${perSecond(rateOf(measured))}`)
    const soaked =
      options.soakSeconds > 0 && lines !== 'mix' && inFlight === Math.max(...options.inFlight)
        ? await soak(served, rateOf(measured) * options.soakSeconds, inFlight)
        : undefined
    await served.close()
    return soaked
  }
  const charts: Chart[] = []
  for (const inFlight of options.inFlight) {
    const soaked = await load(LINES, inFlight)
    if (soaked !== undefined) charts.push(memoryChart(soaked))
  }
  await load('mix', MIXED_IN_FLIGHT)
  const { length } = rows.filter(({ measured }) => measured.run.refused > 0)
  if (length > 0) throw new Error('a closed loop within the bounds is never refused')
  return {
    name: 'terminals',
    title: 'Settling over WebSocket, closed loop',
    about:
      `The service as \`qingfen serve\` opens it, on LMDB, ${count(options.persons)} persons registered, five public and two commercial layers, in a ` +
      'process of its own; terminals in another, at hospitals as Zipf has it. Each sends its next bill when it has an answer. An answer is on ' +
      'the disk before it is sent.',
    tables: [tableOf(rows)],
    charts,
    checks: [
      'every request was answered once, and is a settlement whose shares add up to its lines and to the bill that was sent',
      'the ledger was verified: every settlement again, every balance, counter and hash',
      'the balances are what the clients were told, in all, of the patients and of each payer',
    ],
    figures: figuresOf(rows, charts),
  }
}

function rateOf({ run }: Measured): number {
  return run.answered / run.seconds
}

async function soak(served: ServedLoad, settlements: number, inFlight: number): Promise<Measured> {
  return served.closed(Math.ceil(settlements), inFlight)
}

function tableOf(rows: readonly Row[]): PartResult['tables'][number] {
  return {
    caption: '',
    columns: [
      'bills',
      'in flight',
      'rate',
      'p50',
      'p99',
      'p99.9',
      'server CPU each',
      'generator CPU each',
      'RssAnon',
    ],
    rows: rows.map(({ bills, inFlight, measured }) => {
      const { run, usage } = measured
      return [
        bills,
        String(inFlight),
        perSecond(rateOf(measured)),
        ms(run.latency.p50),
        ms(run.latency.p99),
        ms(run.latency.p999),
        `${Math.round((usage.server / run.answered) * 1e6)} µs`,
        `${Math.round((usage.generator / run.answered) * 1e6)} µs`,
        megabytes(usage.memory),
      ]
    }),
  }
}

function figuresOf(rows: readonly Row[], charts: readonly Chart[]): Record<string, number> {
  const figures: Record<string, number> = {}
  for (const { bills, inFlight, measured } of rows) {
    const name = `${bills === 'the mix' ? 'mix' : 'settle'}.${inFlight}`
    figures[`${name}.rate`] = rateOf(measured)
    figures[`${name}.memory`] = measured.usage.memory
  }
  const [soaked] = charts
  if (soaked !== undefined) {
    const memory = (soaked.series[0]?.points ?? []).map(([, megabyte]) => megabyte)
    const half = Math.floor(memory.length / 2)
    figures['soak.growth'] = Math.max(...memory.slice(half)) / Math.max(...memory.slice(0, half))
  }
  return figures
}

function memoryChart({ usage }: Measured): Chart {
  const every = Math.ceil(usage.samples.length / 300)
  const points = usage.samples.filter((_, index) => index % every === 0)
  return {
    name: 'memory',
    title: 'Anonymous memory of the server, most in flight',
    x: { name: 's' },
    y: { name: 'MB' },
    series: [{ name: 'RssAnon', points }],
  }
}
