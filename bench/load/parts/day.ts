import type { Audited } from '../prepared-ledger.ts'
import { count, megabytes, ms, perSecond } from '../report/figures.ts'
import type { PartResult } from '../report/results.ts'
import { ServedLoad, type Measured, type SuiteContext } from '../served-load.ts'

/** Settlements of a day in the whole country. */
const NATION = 28_000_000
const IN_FLIGHT = 256
/** Replies that the generator keeps before it looks at them, with its clock stopped. */
const SLICE = 20_000
const BYTES_A_GB = 2 ** 30

/** So many settlements of the mix, as fast as they go. */
export async function dayPart(context: SuiteContext): Promise<PartResult> {
  const { options, print } = context
  const inFlight = Math.max(IN_FLIGHT, options.terminals)
  const served = await ServedLoad.open(context, options.terminals)
  await served.use('mix')
  await served.closed(options.warm, inFlight)
  const before = served.bytes
  const slices: Measured[] = []
  for (let left = options.day; left > 0; left -= SLICE) {
    slices.push(await served.closed(Math.min(left, SLICE), inFlight))
  }
  const bytesEach = (served.bytes - before) / options.day
  const rate = options.day / slices.reduce((sum, { run }) => sum + run.seconds, 0)
  print(`  ${count(options.day)} settlements at ${perSecond(rate)}; verifying`)
  const memory = Math.max(...slices.map(({ usage }) => usage.memory))
  const verified = await served.close()
  const day = { settlements: options.day, rate, bytesEach, memory, slices, verified }
  return {
    name: 'day',
    title: 'A national day',
    about:
      `${count(options.day)} settlements of the mix (outpatient of 3–15 lines 80 %, pharmacy of 1–4 lines 12 %, inpatient of 50–400 lines 8 %) over ${options.terminals} ` +
      `terminals, ${inFlight} in flight, one after the other without a pause. \`--day=28000000\` is the whole day.`,
    tables: [{ caption: '', columns: ['what', 'figure'], rows: rowsOf(day) }],
    charts: [],
    checks: [
      'every request was answered once; each answer’s shares add up to its lines and to its bill',
      'the ledger was verified after the day: every settlement again, every balance, counter and hash',
      'its balances are what the clients were told, in all, of the patients and of each payer',
    ],
    figures: { 'day.rate': rate, 'day.memory': memory, 'day.bytes': bytesEach },
  }
}

interface Day {
  readonly settlements: number
  readonly rate: number
  readonly bytesEach: number
  /** MB, highest. */
  readonly memory: number
  readonly slices: readonly Measured[]
  readonly verified: Audited
}

function rowsOf({ settlements, rate, bytesEach, memory, slices, verified }: Day): string[][] {
  const gigabytes = (bytesEach * NATION) / BYTES_A_GB
  return [
    ['settlements', count(settlements)],
    ['rate', perSecond(rate)],
    ['a national day of 28 million at this rate', `${(NATION / rate / 3600).toFixed(1)} h`],
    ['the rate of a national day, spread over 24 hours', perSecond(NATION / 86_400)],
    ['p99', ms(Math.max(...slices.map(({ run }) => run.latency.p99)))],
    ['growth of the file', `${count(bytesEach)} B a settlement`],
    ['the same for a national day', `${gigabytes.toFixed(0)} GB`],
    ['RssAnon, highest', megabytes(memory)],
    ['verified', perSecond(verified.settlements / verified.seconds)],
  ]
}
