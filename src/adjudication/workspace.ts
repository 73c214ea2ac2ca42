import { CATEGORY_COUNT } from '../rules/category.ts'
import { RatedBands } from './benefit-payment.ts'
import type { KnownPeriods } from './known-periods.ts'
import type { OpenLimit } from './limit-room.ts'

/** A quarter of a megabyte: some thirty bills of 20 lines. */
const KEPT_NUMBERS = 32_768

/**
 * Arrays that one adjudicator uses for bill after bill, grown to the largest: without them a bill of 20 lines would
 * allocate some hundred arrays. Every bill writes what it reads, and nothing of a result lies in them.
 */
export class Workspace {
  /** Fen still unpaid, and fen of the classification; cell = line × 7 + column. */
  remaining = new Float64Array(0)
  cost = new Float64Array(0)
  /** Fen paid: payer × lines + line. */
  paid = new Float64Array(0)
  readonly selection = new Selection()
  /** Fen left to the patient by category. */
  readonly totals = new Float64Array(CATEGORY_COUNT)
  readonly bands = new RatedBands()
  /** Where the limits of a benefit are found before they are cut to a list of their own. */
  readonly limits: OpenLimit[] = []
  readonly periods: KnownPeriods
  /** What the recorder wrote of this bill; see `trace.ts`. */
  trace = new Float64Array(0)
  traceLength = 0
  /** What results are cut from, one behind the other, until it is used up. */
  private kept = new Float64Array(0)
  private keptLength = 0

  constructor(periods: KnownPeriods) {
    this.periods = periods
  }

  /**
   * `count` numbers that outlive the bill and that nobody else ever has, for the caller to write: cut from a long array, since
   * each array by itself would be memory of its own outside the heap.
   */
  keptNumbers(count: number): Float64Array {
    if (count > KEPT_NUMBERS / 4) return new Float64Array(count)
    if (this.keptLength + count > this.kept.length) {
      // As long as one bill at first: most who open an adjudicator for one bill need no more.
      this.kept = new Float64Array(Math.max(count, Math.min(KEPT_NUMBERS, 8 * this.kept.length)))
      this.keptLength = 0
    }
    this.keptLength += count
    return this.kept.subarray(this.keptLength - count, this.keptLength)
  }

  /** Room for a bill of `lines`, its cells at zero. */
  open(lines: number): void {
    const cells = lines * CATEGORY_COUNT
    if (this.remaining.length < cells) {
      this.remaining = new Float64Array(2 * cells)
      this.cost = new Float64Array(2 * cells)
    } else {
      this.remaining.fill(0, 0, cells)
      this.cost.fill(0, 0, cells)
    }
    this.selection.grow(cells)
    this.traceLength = 0
  }

  /** Room for `payers` on a bill of `lines`; the last payer's amounts at zero. */
  openPayer(payers: number, lines: number): void {
    const end = payers * lines
    if (this.paid.length < end) {
      const wider = new Float64Array(2 * end)
      wider.set(this.paid)
      this.paid = wider
    }
    this.paid.fill(0, end - lines, end)
  }

  /** Makes sure that `count` more numbers fit into the trace. */
  reserveTrace(count: number): void {
    if (this.traceLength + count <= this.trace.length) return
    const longer = new Float64Array(2 * (this.traceLength + count))
    longer.set(this.trace)
    this.trace = longer
  }
}

/** The cells the benefit at work has chosen and what it does to each: the arrays run in parallel over `count` cells. */
export class Selection {
  count = 0
  /** Ascending. */
  cells = new Int32Array(0)
  /** Base item each cell belongs to. */
  items = new Int32Array(0)
  /** Fen of each cell before anything was cut. */
  selected = new Float64Array(0)
  /** Fen after days, quantity and item limits; the same array as `selected` where there are none. */
  kept = this.selected
  /** Fen after weights and first shares: the base, cell by cell; the same array as `kept` where there are none. */
  weighted = this.selected
  firstShare = new Float64Array(0)
  deductible = new Float64Array(0)
  overCap = new Float64Array(0)
  payment = new Float64Array(0)
  /** Cells the payment may come from: the chosen ones, or with `of: cost` what is unpaid of those lines. */
  payable = this.cells
  payableCount = 0
  /** Whether limits, weights or first shares changed anything. */
  isCut = false
  isWeighted = false
  hasFirstShare = false
  /** How many dates of the chosen lines stay; counted only where a limit or a counter asks. */
  days = 0
  /** Of `weighted` while it is being spread. */
  left = new Float64Array(0)
  keptRoom = new Float64Array(0)
  weightedRoom = new Float64Array(0)
  scratch = new Float64Array(0)
  costCells = new Int32Array(0)

  grow(cells: number): void {
    if (this.cells.length >= cells) return
    const room = 2 * cells
    this.cells = new Int32Array(room)
    this.items = new Int32Array(room)
    this.costCells = new Int32Array(room)
    this.selected = new Float64Array(room)
    this.keptRoom = new Float64Array(room)
    this.weightedRoom = new Float64Array(room)
    this.firstShare = new Float64Array(room)
    this.deductible = new Float64Array(room)
    this.overCap = new Float64Array(room)
    this.payment = new Float64Array(room)
    this.left = new Float64Array(room)
    this.scratch = new Float64Array(room)
    this.payable = this.cells
  }
}
