import { cityCatalog } from '../../micro/settle/city-catalog.ts'
import { cityRules } from '../../micro/settle/city-rules.ts'
import { sameWork, sevenLayers } from '../../micro/settle/comparisons.ts'
import { measurePaired, median, ratioOf, type Measured } from '../../micro/settle/paired.ts'
import { bookAll, type PgResult } from '../peers/pg-ledger.ts'
import { openPostgres, type Postgres } from '../peers/postgres.ts'
import { transfersOf } from '../peers/transfers.ts'
import { packFolder } from '../processes/process-file.ts'
import { count, ms, perSecond, times } from '../report/figures.ts'
import type { PartResult, Table } from '../report/results.ts'
import { specOf, type SuiteContext } from '../served-load.ts'

const LINES = 20
const BILLS = 400
/** Different settlements that are booked. */
const TRANSFERS = 400
/** One row for all waits for every commit; a few are enough to see it. */
const HOT_SHARE = 20

/** What it does beside others, on the same machine in the same run. */
export async function peersPart(context: SuiteContext): Promise<PartResult> {
  const engines = await rulePeers(context)
  const ledger = await ledgerPeer(context)
  return {
    name: 'peers',
    title: 'Peers',
    about: [
      '**Rules.** json-rules-engine and zen-engine decide the class of each line and the deductible and rate of one basic layer, nothing else: no other layer, no counters from visit to visit, no ' +
        'caps, no spreading over lines, no explanation. They are given class and rate on the line; qingfen looks both up in a catalogue of 2,000 items, spreads to the fen, records every step. json-rules-engine has no ' +
        'arithmetic, so its host adds up. Every contender pays the same on every bill, or the part fails.',
      '**Ledger.** PostgreSQL books settlements that were adjudicated beforehand: one call of a function, which is one transaction with `synchronous_commit` on: a row by hospital and request (the same request ' +
        'again gets the same id), its postings, balances updated. It does not adjudicate, keep counters, read or check a bill, explain, keep an audit or chain its records by hash. ' +
        'Each connection has balances of its own, or every transaction would wait for the commit of the one before it; the last row shows that.',
    ].join('\n\n'),
    tables: [engines.table, ...ledger.tables],
    charts: [],
    checks: [
      'the rule engines pay the same fund amount as qingfen on every bill, and qingfen’s bills pass the verifier',
      ...ledger.checks,
    ],
    figures: { ...engines.figures, ...ledger.figures },
  }
}

interface Peers {
  readonly table: Table
  readonly figures: Readonly<Record<string, number>>
}

async function rulePeers({ options, print }: SuiteContext): Promise<Peers> {
  const city = cityCatalog()
  const rules = cityRules(packFolder(), city.catalog)
  const pace = { rounds: options.rounds, millisecondsEach: options.roundMs }
  const bills = Math.min(BILLS, options.bills)
  const layers = sevenLayers(city, rules, bills, LINES).contenders.slice(0, 2)
  const [recording, silent] = await measurePaired(layers, pace)
  const same = await sameWork(city, rules, bills)
  const measured = await measurePaired(same.contenders, pace)
  const [own] = measured
  if (recording === undefined || silent === undefined || own === undefined) throw new Error('none')
  const rate = ({ rates }: Measured) => median(rates)
  print(`  seven layers: ${perSecond(rate(recording))}`)
  const others = measured.slice(2)
  const figures = {
    'pure.recorder': rate(recording),
    ...Object.fromEntries(others.map((one) => [`peer.${one.name}`, ratioOf(own, one).median])),
  }
  const rows = [
    ['qingfen, seven layers, recorder on', perSecond(rate(recording)), ''],
    ['qingfen, seven layers, recorder off', perSecond(rate(silent)), ''],
    ['qingfen, same work as the peers', perSecond(rate(own)), ''],
    ...others.map((one) => [one.name, perSecond(rate(one)), times(ratioOf(own, one).median)]),
  ]
  const columns = ['one core, bills of 20 lines', 'rate', 'qingfen is faster']
  return { table: { caption: 'Rules', columns, rows }, figures }
}

interface LedgerPeer {
  readonly tables: readonly Table[]
  readonly checks: readonly string[]
  readonly figures: Readonly<Record<string, number>>
}

const COLUMNS = ['connections', 'rate', 'p50', 'p99', 'postings each']

async function ledgerPeer(context: SuiteContext): Promise<LedgerPeer> {
  const postgres = await openPostgres()
  if ('missing' in postgres) {
    const why = `not run: ${postgres.missing}`
    context.print(`  PostgreSQL: ${why}`)
    const rows = [[why, '', '', '', '']]
    return {
      tables: [{ caption: 'PostgreSQL: **not run**', columns: COLUMNS, rows }],
      checks: [],
      figures: {},
    }
  }
  try {
    const { rows, best } = await booked(context, postgres)
    const caption = `PostgreSQL ${postgres.version}, ${count(context.options.transfers)} settlements`
    const check =
      'PostgreSQL has every settlement once, its postings, and the balances that were sent; a request sent again was booked once'
    return {
      tables: [{ caption, columns: COLUMNS, rows }],
      checks: [check],
      figures: { 'postgres.rate': best },
    }
  } finally {
    await postgres.stop()
  }
}

async function booked(context: SuiteContext, postgres: Postgres) {
  const { options, print } = context
  const spec = { ...specOf(context, LINES), persons: TRANSFERS, bills: TRANSFERS }
  const transfers = await transfersOf(spec)
  const run = { transfers, persons: options.persons, count: options.transfers, hasShards: true }
  const rows: string[][] = []
  let best = 0
  await bookAll(postgres, { ...run, count: Math.ceil(run.count / 5), connections: 16 })
  for (const connections of options.connections) {
    const result = await bookAll(postgres, { ...run, connections })
    best = Math.max(best, result.rate)
    rows.push(rowOf(String(connections), result))
    print(`  PostgreSQL, ${connections} connections: ${perSecond(result.rate)}`)
  }
  const [connections = 1] = options.connections
  const few = { ...run, count: Math.ceil(run.count / HOT_SHARE), connections, hasShards: false }
  rows.push(rowOf(`${connections}, one row a balance`, await bookAll(postgres, few)))
  return { rows, best }
}

function rowOf(name: string, { rate, latency, postings }: PgResult): string[] {
  return [name, perSecond(rate), ms(latency.p50), ms(latency.p99), postings.toFixed(1)]
}
