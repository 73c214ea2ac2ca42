import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { cityCatalog } from '../../micro/settle/city-catalog.ts'
import { cityRules } from '../../micro/settle/city-rules.ts'
import { layerCurve, lineCurve, rowCurve } from '../curves/cost-curves.ts'
import { lineThrough, powerOf, type Points } from '../curves/fit.ts'
import { measureGrowth, type GrownTo } from '../ledger-growth.ts'
import { copyLedger } from '../prepared-ledger.ts'
import { packFolder } from '../processes/process-file.ts'
import { count, megabytes, ms, perSecond } from '../report/figures.ts'
import type { Chart, PartResult, Table } from '../report/results.ts'
import { specOf, type SuiteContext } from '../served-load.ts'
import { workloadOf } from '../workload-spec.ts'

const LINES = 20
const IN_FLIGHT = 256
/** Below it a bill is mostly what every bill costs. */
const LINEAR_FROM = 50

const ABOUT =
  'One core adjudicates, recorder on, by turns: bills of the city of so many lines over seven layers; 20 lines over 1 to 12 layers, the basic one and products that are all alike; 20 lines over one ' +
  'pack whose table and list have so many rows (a table ends at 20,000, its list goes on). Then the embedded engine settles into a ledger that already has so many settlements.'

const CHECKS = [
  'each bill was settled before it was timed: shares add up, the verifier recomputes every amount, the recorder changes none; every layer pays; all lengths of the pack pay the same',
  'the balances of the ledger add up to nothing, and hospitals are owed something, at each size',
]

/** How costs grow. */
export async function growthPart(context: SuiteContext): Promise<PartResult> {
  const { options, print } = context
  const grown = await ledger(context)
  const city = cityCatalog()
  const rules = cityRules(packFolder(), city.catalog)
  const pace = { rounds: options.rounds, millisecondsEach: options.roundMs }
  const shared = { city, rules, pace, bills: options.bills }
  const lines = await lineCurve(shared, options.curveLines)
  const layers = await layerCurve(shared)
  const rows = await rowCurve(shared, options.packRows)
  print('  curves of lines, layers and rows')
  const long = lines.filter(([size]) => size >= LINEAR_FROM)
  const [perLine, power] = [lineThrough(long).slope, powerOf(long)]
  const perLayer = lineThrough(layers).slope
  const ratio = (rows.at(-1)?.[1] ?? 0) / (rows[0]?.[1] ?? 1)
  const [least, most] = [count(rows[0]?.[0] ?? 0), count(rows.at(-1)?.[0] ?? 0)]
  const byLines = `${perLine.toFixed(2)} µs a line; grows with lines^${power.toFixed(2)} from ${LINEAR_FROM} lines`
  const byRows = `rows^${powerOf(rows).toFixed(3)}; ${most} rows take ${ratio.toFixed(2)} × as long as ${least}`
  return {
    name: 'growth',
    title: 'Growth',
    about: ABOUT,
    tables: [
      curveTable('by lines', 'lines', lines, byLines),
      curveTable('by layers', 'layers', layers, `${perLayer.toFixed(1)} µs a layer`),
      curveTable('by rows of the pack', 'rows', rows, byRows),
      ledgerTable(grown),
    ],
    charts: [
      chart('lines', 'Cost by lines, seven layers', lines, true),
      chart('layers', 'Cost by layers, 20 lines', layers, false),
      chart('rows', 'Cost by rows of the pack, 20 lines', rows, true),
    ],
    checks: CHECKS,
    figures: { 'lines.power': power, 'rows.ratio': ratio, ...ledgerFigures(grown) },
  }
}

function ledgerFigures(grown: readonly GrownTo[]): Record<string, number> {
  const [first, last] = [grown[0], grown.at(-1)]
  return {
    'ledger.least': first?.size ?? 0,
    'ledger.most': last?.size ?? 0,
    'ledger.ratio': (last?.rate ?? 0) / (first?.rate ?? 1),
    'ledger.first': Math.max(...grown.map(({ firstAnswerMs }) => firstAnswerMs)),
  }
}

async function ledger(context: SuiteContext): Promise<readonly GrownTo[]> {
  const { options, print } = context
  const folder = copyLedger(await context.prepared())
  const { persons, sizes, settlements, rounds } = options
  const grown = await measureGrowth(
    {
      directory: join(folder, 'ledger'),
      workload: workloadOf(specOf(context, LINES)),
      isPrepared: true,
      persons,
      sizes,
      settlements: Math.ceil(settlements / 2),
      rounds: Math.min(rounds, 3),
      inFlight: IN_FLIGHT,
    },
    print,
  )
  rmSync(folder, { recursive: true })
  return grown
}

function curveTable(caption: string, what: string, points: Points, slope: string): Table {
  return {
    caption: `Cost ${caption}: ${slope}`,
    columns: [what, ...points.map(([size]) => count(size))],
    rows: [['µs', ...points.map(([, cost]) => (cost < 100 ? cost.toFixed(1) : count(cost)))]],
  }
}

function chart(name: string, title: string, points: Points, isLog: boolean): Chart {
  const axis = (text: string) => ({ name: text, ...(isLog && { isLog: true as const }) })
  return {
    name,
    title,
    x: axis(name),
    y: { name: 'µs a settlement', ...(name === 'lines' && { isLog: true as const }) },
    series: [{ name: 'recorder on', points }],
  }
}

function ledgerTable(grown: readonly GrownTo[]): Table {
  return {
    caption: 'The ledger',
    columns: ['settlements', 'rate', 'bytes each', 'file', 'opened, first answer'],
    rows: grown.map((one) => [
      count(one.size),
      perSecond(one.rate),
      count(one.bytesEach),
      megabytes(one.fileBytes / 2 ** 20),
      ms(one.firstAnswerMs),
    ]),
  }
}
