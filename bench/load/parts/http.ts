import type { Shot, ShotResult } from '../http/shoot.ts'
import { swapPacks } from '../http/pack-swaps.ts'
import { Child } from '../processes/child.ts'
import type { HttpHandlers } from '../processes/http-process.ts'
import type { Usage } from '../processes/usage.ts'
import { count, ms, perSecond } from '../report/figures.ts'
import type { PartResult, Table } from '../report/results.ts'
import { ServedLoad, specOf, type SuiteContext } from '../served-load.ts'
import { latenciesOf } from '../wire/latencies.ts'
import { addTold } from '../wire/told.ts'

const LINES = 20
/** Few enough that the largest hospital keeps within what one principal may have in flight. */
const CONNECTIONS = 24
/** Settlements a second while packs are swapped. */
const BESIDE = 200
const JURISDICTION = 'bench/city'

const ABOUT =
  `autocannon in a process of its own, ${CONNECTIONS} connections of terminals at hospitals as Zipf has it, bills of ${LINES} lines as JSON, made before. Then ` +
  `versions of a commercial pack are uploaded, checked and activated one after the other, while terminals settle ${BESIDE} bills a second over WebSocket.`

const CHECKS = [
  'every request was answered 2xx; each quote’s and each settlement’s shares add up to its lines and to its bill',
  'no settlement failed or was refused while packs were swapped',
  'the ledger was verified, each settlement under the versions it names, and reconciled with what the clients were told',
]

type Fired = Omit<ShotResult, 'told'>
type Cannon = Child<HttpHandlers>

/** HTTP: bills of terminals, and packs that come while others settle. */
export async function httpPart(context: SuiteContext): Promise<PartResult> {
  const { options, print } = context
  const served = await ServedLoad.open(context, options.terminals)
  const cannon: Cannon = new Child('http-process')
  const rows: (readonly [string, Fired])[] = []
  for (const path of ['/v1/quotes', '/v1/settlements'] as const) {
    const fired = await shot(context, served, cannon, path)
    rows.push([`POST ${path}`, fired])
    print(`  POST ${path}: ${perSecond(fired.rate)}`)
  }
  for (const path of ['/health', '/metrics']) {
    const { port } = served
    const getting = { port, path, connections: CONNECTIONS, seconds: options.httpSeconds }
    rows.push([`GET ${path}`, await cannon.ask('get', getting)])
  }
  await cannon.end()
  const swapped = await swapsBeside(context, served)
  print(`  ${swapped.table.caption}`)
  await served.close()
  return {
    name: 'http',
    title: 'HTTP',
    about: ABOUT,
    tables: [cannonTable(rows), swapped.table],
    charts: [],
    checks: CHECKS,
    figures: {
      ...Object.fromEntries(rows.map(([name, fired]) => [`http.${name}`, fired.rate])),
      ...swapped.figures,
    },
  }
}

/** Bills of the terminals of as many hospitals, all different. */
async function shot(
  context: SuiteContext,
  served: ServedLoad,
  cannon: Cannon,
  path: Shot['path'],
): Promise<Fired> {
  const credentials = served.prepared.terminals(CONNECTIONS)
  const each = Math.ceil(context.options.settlements / CONNECTIONS)
  const from = served.take(each * CONNECTIONS)
  const spec = specOf(context, LINES)
  const fired = await cannon.ask('shoot', {
    port: served.port,
    path,
    credentials,
    each,
    from,
    spec,
  })
  if (path === '/v1/settlements') addTold(served.told, fired.told)
  return fired
}

function cannonTable(rows: readonly (readonly [string, Fired])[]): Table {
  return {
    caption: '',
    columns: ['request', 'answered', 'rate', 'p50', 'p99', 'max'],
    rows: rows.map(([name, { answered, rate, latency }]) => [
      name,
      count(answered),
      perSecond(rate),
      ms(latency.p50),
      ms(latency.p99),
      ms(latency.max),
    ]),
  }
}

/** The same rate without packs and with them. */
async function swapsBeside({ options }: SuiteContext, served: ServedLoad) {
  await served.use(LINES)
  const seconds = Math.max(options.httpSeconds, options.swaps)
  const before = await served.open(BESIDE * options.httpSeconds, BESIDE)
  const { port, prepared } = served
  const swapping = { port, credential: prepared.insurer, jurisdiction: JURISDICTION }
  let isOver = false
  const settling = served.open(BESIDE * seconds, BESIDE).finally(() => {
    isOver = true
  })
  const { swaps } = options
  const [beside, { times, refused }] = await Promise.all([
    settling,
    swapPacks({ ...swapping, swaps, isOver: () => isOver }),
  ])
  if (before.run.refused + beside.run.refused > 0) throw new Error('nothing is refused')
  const row = (name: string, usage: Usage, { p50, p99, max }: typeof before.run.latency) => [
    name,
    ms(p50),
    ms(p99),
    ms(max),
    `${usage.server.toFixed(1)} s`,
  ]
  const latency = latenciesOf(Float64Array.from(times))
  const table: Table = {
    caption: `${times.length} versions in force, ${refused} refused for want of time; settlements at ${BESIDE}/s`,
    columns: ['what', 'p50', 'p99', 'max', 'server CPU'],
    rows: [
      row('settling, no upload', before.usage, before.run.latency),
      row('settling, packs swapped', beside.usage, beside.run.latency),
      ['upload to in force', ms(latency.p50), ms(latency.p99), ms(latency.max), ''],
    ],
  }
  // Nothing in force is no time at all.
  const figures = times.length === 0 ? {} : { 'swap.p50': latency.p50, 'swap.max': latency.max }
  return { table, figures: { ...figures, 'swap.refused': refused } }
}
