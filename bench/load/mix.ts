import { assert } from '../../src/assert.ts'
import type { BillForm } from '../micro/settle/city-bills.ts'
import type { Draw } from '../micro/settle/setup.ts'

interface MixKind {
  readonly visit: BillForm['visit']
  /** Of a hundred bills. */
  readonly share: number
  readonly lines: Range
  /** Days of the stay. */
  readonly days: Range
  readonly yuan: Range
}

/** Least and most. */
type Range = readonly [number, number]

/** What a city sends in a day. */
export const MIX: readonly MixKind[] = [
  { visit: 'outpatient', share: 80, lines: [3, 15], days: [0, 0], yuan: [60, 1_500] },
  { visit: 'pharmacy', share: 12, lines: [1, 4], days: [0, 0], yuan: [20, 400] },
  { visit: 'inpatient', share: 8, lines: [50, 400], days: [3, 14], yuan: [3_000, 150_000] },
]

const FEN = 100
const FINE = 1_001

/** The form of the next bill of the mix. */
export function mixedForm(draw: Draw): BillForm {
  const kind = kindAt(draw(FINE - 1) / ((FINE - 1) / 100))
  const [least, most] = kind.yuan
  // Cheap ones are the most, as they are in a city.
  const total = least * (most / least) ** ((draw(FINE) / (FINE - 1)) ** 1.5)
  const { visit } = kind
  return {
    visit,
    lines: within(kind.lines, draw),
    days: within(kind.days, draw),
    total: total * FEN,
  }
}

function within([least, most]: Range, draw: Draw): number {
  return least + draw(most - least + 1)
}

function kindAt(percent: number): MixKind {
  let below = 0
  const found = MIX.find(({ share }) => percent < (below += share))
  assert(found !== undefined, 'the shares of the mix add up to a hundred')
  return found
}
