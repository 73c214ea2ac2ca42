import type { Usage } from '../processes/usage.ts'
import { count, megabytes, ms, perSecond } from '../report/figures.ts'
import type { Chart, PartResult } from '../report/results.ts'
import { readStages, stagesBetween, type Stages } from '../stages.ts'
import { ServedLoad, type Measured, type SuiteContext } from '../served-load.ts'

const LINES = 20
const MIXED_IN_FLIGHT = 256

interface Row {
  readonly bills: string
  readonly inFlight: number
  readonly measured: Measured
  readonly stages: Stages
  /** Samples of its memory over a long run. */
  readonly soaked?: Samples
}

type Samples = Usage['samples']

/** Settlements over WebSocket, as many as the server gives. */
export async function terminalsPart(context: SuiteContext): Promise<PartResult> {
  const { options } = context
  const rows: Row[] = []
  for (const inFlight of options.inFlight) rows.push(await settleAll(context, LINES, inFlight))
  rows.push(await settleAll(context, 'mix', MIXED_IN_FLIGHT))
  if (rows.some(({ measured }) => measured.run.refused > 0)) {
    throw new Error('a closed loop within the bounds is never refused')
  }
  const charts = rows.flatMap(({ soaked }) => (soaked === undefined ? [] : [memoryChart(soaked)]))
  return {
    name: 'terminals',
    title: 'Settling over WebSocket, closed loop',
    about:
      `The service as \`qingfen serve\` opens it, on LMDB, ${count(options.persons)} persons registered, five public and two commercial layers, in a ` +
      'process of its own; terminals in another, at hospitals as Zipf has it. Each sends its next bill when it has an answer. An answer is on ' +
      'the disk before it is sent.',
    tables: [tableOf(rows), stagesTable(rows)],
    charts,
    checks: [
      'every request was answered once, and is a settlement whose shares add up to its lines and to the bill that was sent',
      'the ledger was verified: every settlement again, every balance, counter and hash',
      'the balances are what the clients were told, in all, of the patients and of each payer',
    ],
    figures: figuresOf(rows, charts),
  }
}

async function settleAll(
  context: SuiteContext,
  lines: number | 'mix',
  inFlight: number,
): Promise<Row> {
  const { options, print } = context
  const served = await ServedLoad.open(context, Math.min(options.terminals, inFlight))
  await served.use(lines)
  await served.closed(options.warm, inFlight)
  const before = await readStages(served.port)
  const measured = await served.closed(options.settlements, inFlight)
  const stages = stagesBetween(before, await readStages(served.port))
  const bills = lines === 'mix' ? 'the mix' : `${lines} lines`
  print(`  ${bills}, ${inFlight} in flight: ${perSecond(rateOf(measured))}`)
  const isSoaked =
    options.soakSeconds > 0 && lines !== 'mix' && inFlight === Math.max(...options.inFlight)
  const soaked = isSoaked
    ? await soak(served, rateOf(measured) * options.soakSeconds, inFlight)
    : undefined
  await served.close()
  return { bills, inFlight, measured, stages, ...(soaked !== undefined && { soaked }) }
}

function rateOf({ run }: Measured): number {
  return run.answered / run.seconds
}

/** Replies that the generator keeps before it looks at them. */
const SLICE = 20_000

/** Memory over a long run. */
async function soak(served: ServedLoad, settlements: number, inFlight: number): Promise<Samples> {
  const samples: (readonly [number, number])[] = []
  let past = 0
  for (let left = Math.ceil(settlements); left > 0; left -= SLICE) {
    const { usage } = await served.closed(Math.max(Math.min(left, SLICE), inFlight), inFlight)
    samples.push(...usage.samples.map(([at, memory]) => [past + at, memory] as const))
    past = samples.at(-1)?.[0] ?? past
  }
  return samples
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
      'generator CPU each, checks included',
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

/** By the server's own metrics; the flush of one commit goes on while the next is worked on. */
function stagesTable(rows: readonly Row[]): PartResult['tables'][number] {
  const each = (seconds: number, { run }: Measured) => `${count((seconds / run.answered) * 1e6)} µs`
  return {
    caption: 'Time of the stages for each settlement, by the metrics of the server',
    columns: ['bills', 'in flight', 'decode', 'work of the writer', 'flush', 'records a commit'],
    rows: rows.map(({ bills, inFlight, measured, stages }) => [
      bills,
      String(inFlight),
      each(stages.decode, measured),
      each(stages.work, measured),
      each(stages.flush, measured),
      (stages.records / Math.max(stages.commits, 1)).toFixed(1),
    ]),
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

function memoryChart(samples: Samples): Chart {
  const every = Math.ceil(samples.length / 300)
  const points = samples.filter((_, index) => index % every === 0)
  return {
    name: 'memory',
    title: 'Anonymous memory of the server, most in flight',
    x: { name: 's' },
    y: { name: 'MB' },
    series: [{ name: 'RssAnon', points }],
  }
}
