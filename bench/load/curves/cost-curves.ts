import { assert } from '../../../src/assert.ts'
import { checkCases } from '../../micro/settle/checks.ts'
import { carryCounters, cityBills } from '../../micro/settle/city-bills.ts'
import type { CityCatalog } from '../../micro/settle/city-catalog.ts'
import type { CityRules } from '../../micro/settle/city-rules.ts'
import { packLengths, settling } from '../../micro/settle/comparisons.ts'
import { measurePaired, median, type Contender, type Pace } from '../../micro/settle/paired.ts'
import type { Points } from './fit.ts'
import { layeredCases, layeredRules } from './layered.ts'

const LAYERS = [1, 2, 3, 4, 6, 8, 10, 12] as const
const SEED = 7
/** Lines of all bills of one contender, about: long bills are few, so that each takes as long. */
const LINES_IN_ALL = 8_000
const BILLS_MOST = 400
const BILLS_LEAST = 8

interface Curves {
  readonly city: CityCatalog
  readonly rules: CityRules
  readonly pace: Pace
  /** Most bills of a contender. */
  readonly bills: number
}

/** Microseconds of one core for a settlement, recorder on, by the lines of the bill; seven layers. */
export async function lineCurve(
  { city, rules, pace, bills }: Curves,
  lineCounts: readonly number[],
): Promise<Points> {
  const inForce = rules.sevenLayers
  const contenders = lineCounts.map((lines) => {
    const many = Math.min(
      bills,
      BILLS_MOST,
      Math.max(BILLS_LEAST, Math.round(LINES_IN_ALL / lines)),
    )
    const shape = { bills: many, lines, seed: SEED + lines }
    const cases = carryCounters(cityBills(shape, city.items), inForce)
    checkCases(cases, inForce)
    return settling(String(lines), cases, inForce, true)
  })
  return curve(lineCounts, contenders, pace)
}

/** The same by the number of layers; bills of 20 lines. */
export async function layerCurve({ city, rules, pace, bills }: Curves): Promise<Points> {
  const contenders = LAYERS.map((layers) => {
    const inForce = layeredRules(rules, layers)
    const shape = { bills: Math.min(bills, BILLS_MOST), layers, lines: 20 }
    const cases = layeredCases(city, inForce, shape)
    const { payers } = checkCases(cases, inForce)
    assert(Object.keys(payers).length === layers, 'every layer pays something')
    return settling(String(layers), cases, inForce, true)
  })
  return curve(LAYERS, contenders, pace)
}

/** The same by the rows of the only pack: a table and a list; bills of 20 lines. */
export async function rowCurve(
  { city, rules, pace, bills }: Curves,
  rowCounts: readonly number[],
): Promise<Points> {
  const { contenders } = packLengths(city, rules, Math.min(bills, BILLS_MOST), rowCounts)
  return curve(rowCounts, contenders, pace)
}

async function curve(
  sizes: readonly number[],
  contenders: readonly Contender[],
  pace: Pace,
): Promise<Points> {
  const measured = await measurePaired(contenders, pace)
  return sizes.map((size, index) => [size, 1e6 / median(measured[index]?.rates ?? [])])
}
