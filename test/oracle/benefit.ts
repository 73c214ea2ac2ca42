import type { Bill } from '../../src/adjudication/bill.ts'
import { COLUMN } from '../../src/rules/category.ts'
import type { FactSheet } from '../../src/rules/facts.ts'
import type { Benefit, Limit, RulePack } from '../../src/rules/pack.ts'
import { adjustedBands, bandsPayment, smallestServed } from './bands.ts'
import { columnsOf, count, isInScope, selectBase, smallestRoom, type Base } from './benefit-base.ts'
import {
  cellOf,
  IN_SCOPE_COLUMNS,
  lineOf,
  paidBy,
  type BillState,
  type PayerKey,
} from './bill-state.ts'
import { add, largestRemainder, sum, total, without, type Cells } from './exact.ts'
import { Refused } from './conditions.ts'
import { factsOfLine, keyOf, limitsOn, valueContext } from './layer-context.ts'
import { floorAmount, floorCells } from './floor.ts'
import type { CountingPlace, Ledger } from './ledger.ts'
import { money, truth, whole } from './values.ts'

/** One pack (for one policy) at work on one segment of the bill. */
export interface Layer {
  readonly pack: RulePack
  readonly payer: PayerKey
  readonly place: CountingPlace
  readonly bill: Bill
  /** `visit.*` with the number of the admission. */
  readonly visit: FactSheet
  /** `bill.*` as the layers before this one left it. */
  readonly billFacts: FactSheet
  readonly segment: { readonly index: number; readonly lines: readonly number[] }
  /** No earlier part of the bill had this pack for this policy. */
  readonly first: boolean
  readonly state: BillState
  readonly ledger: Ledger
}

export interface LimitRoom {
  readonly limit: Limit
  readonly key: string
  readonly room: number
}

/** What one benefit comes to, before anything is applied. Amounts in fen. */
export interface Outcome {
  readonly benefit: Benefit
  readonly base: Base
  readonly numbers: BenefitNumbers
  readonly payment: number
  /** By cell as the benefit found them. */
  readonly deductible: Map<number, number>
  readonly overCap: Map<number, number>
  readonly paid: Map<number, number>
  readonly extra: Map<number, number>
  /** The cells without `paid`, under their new names, before `extra`. */
  readonly labelled: Map<number, number>
  /** Cells a payment may come from: the selected ones as they remain. */
  readonly payable: Map<number, number>
  /** Cells the extra was spread over. */
  readonly extraCells: readonly number[]
  readonly counters: Map<string, number>
  /** Counters that take the payment, whatever it is in the end. */
  readonly paymentCounters: readonly string[]
}

export interface BenefitNumbers {
  readonly gross: number
  readonly base: number
  readonly filled: number
  readonly taken: number
  readonly ratedBase: number
  readonly rated: number
  readonly served: number
  readonly overCap: number
  readonly coinsurance: number
  readonly stopLoss: number
  readonly payment: number
}

/** Whether the benefit does anything at all on this bill. */
export function applies(benefit: Benefit, layer: Layer): boolean {
  const context = valueContext(layer)
  const supplement = layer.bill.supplement !== undefined
  if (benefit.settledBy === 'direct' && supplement) return false
  if (benefit.settledBy === 'supplement' && !supplement) return false
  if (!truth(benefit.when, context)) return false
  if (!benefit.requiresSettled.every((kind) => layer.state.settled.has(kind))) return false
  if (benefit.waitingDays !== undefined) {
    const end = Number(layer.place.policy['start']) + whole(benefit.waitingDays, context)
    // What would except it is asked only of who is waiting: nobody else needs the fact.
    const waiting = end > layer.place.referenceDay
    if (waiting && benefit.waitingExcept === undefined) return false
    if (waiting && !truth(benefit.waitingExcept, context)) return false
  }
  refuseUnknownGiven(benefit, layer)
  return limitsOn(benefit, layer, 'times').every((limit) => limit.room > 0)
}

/** The split of one benefit (steps 2 to 16); nothing is changed by it. */
export function computeBenefit(benefit: Benefit, layer: Layer): Outcome {
  const base = selectBase(benefit, layer)
  const payable = payableCells(benefit, layer, base)
  const gross = total(base.weighted)
  const baseAmount = Math.min(gross, smallestRoom(limitsOn(benefit, layer, 'base')))
  const owed = owedDeductible(benefit, layer, base)
  const before = benefit.deductible?.taken === 'before'
  const takenBefore = before ? Math.min(baseAmount, owed.left) : 0
  const ratedBase = Math.min(
    baseAmount - takenBefore,
    smallestRoom(limitsOn(benefit, layer, 'baseAfterDeductible')),
  )
  const bands = adjustedBands(benefit, layer)
  const start = bandsStart(benefit, layer, takenBefore)
  const rounding = benefit.bands?.rounding ?? 'band'
  const bySlice = (slice: number): number => bandsPayment(bands, start, slice, rounding)
  const inFull = bySlice(ratedBase)
  const takenAfter = benefit.deductible?.taken === 'afterRate' ? Math.min(inFull, owed.left) : 0
  const rated =
    benefit.of === 'cost' ? Math.min(inFull - takenAfter, total(payable)) : inFull - takenAfter
  const floored = Math.max(rated, floorAmount(benefit, layer))
  const limited = limitPayment(benefit, layer, floored, ratedBase, bySlice, takenAfter)
  const overCap = gross - takenBefore - ratedBase + (ratedBase - limited.served)
  const stopLoss = stopLossOf(benefit, layer, total(payable) - limited.payment)
  const payment = limited.payment + stopLoss
  const spreads = spread(benefit, layer, base, payable, { takenBefore, overCap, payment })
  const numbers: BenefitNumbers = {
    gross,
    base: baseAmount,
    filled: owed.filled,
    taken: takenBefore + takenAfter,
    ratedBase,
    rated,
    served: limited.served,
    overCap,
    coinsurance:
      benefit.of === 'cost' ? 0 : Math.max(0, gross - takenBefore - overCap - total(spreads.paid)),
    stopLoss,
    payment,
  }
  const share = Math.max(0, total(payable) - payment)
  const counted = countersOf(benefit, layer, base, numbers, share, takenBefore)
  return { benefit, base, numbers, payment, payable, ...spreads, ...counted }
}

/** A benefit on the deductible or what is over the cap needs to know them from a settlement made elsewhere. */
function refuseUnknownGiven(benefit: Benefit, layer: Layer): void {
  const { given } = layer.bill
  if (given?.kinds.includes('basic') !== true) return
  for (const { category } of benefit.base) {
    if (category !== 'deductible' && category !== 'overCap') continue
    if (given[category] === undefined) {
      throw new Refused('GIVEN_LAYER_INCOMPLETE', `${layer.pack.id} ${benefit.id}`)
    }
  }
}

/** Remaining cells behind the selection; the in-scope cost of a line is all of its in-scope part. */
function payableCells(benefit: Benefit, layer: Layer, base: Base): Map<number, number> {
  const cells = new Map<number, number>()
  for (const cell of base.selected.keys()) {
    const columns = benefit.of === 'cost' && cell % 7 === 3 ? columnsOf('inScope') : [cell % 7]
    for (const column of columns) {
      const at = cellOf(lineOf(cell), column)
      const amount = layer.state.remaining.get(at) ?? 0
      if (amount > 0) cells.set(at, amount)
    }
  }
  return cells
}

function owedDeductible(
  benefit: Benefit,
  layer: Layer,
  base: Base,
): { filled: number; left: number } {
  const deductible = benefit.deductible
  if (deductible === undefined) return { filled: 0, left: 0 }
  const used = layer.ledger.read(keyOf(layer, deductible.counter))
  const amount = money(deductible.amount, valueContext(layer))
  const owed = Math.min(
    Math.max(0, amount - used),
    smallestRoom(limitsOn(benefit, layer, 'deductible')),
  )
  const lines = new Set([...base.selected.keys()].map(lineOf))
  // What other payers paid: money of its own cannot fill a payer's deductible.
  const others = new Map([...layer.state.paid].filter(([key]) => key !== layer.payer.key))
  const earlier = paidBy({ ...layer.state, paid: others }, deductible.filledBy, lines)
  const filled = Math.min(owed, earlier)
  return { filled, left: owed - filled }
}

function bandsStart(benefit: Benefit, layer: Layer, takenBefore: number): number {
  if (benefit.bands === undefined) return 0
  const running = layer.ledger.read(keyOf(layer, benefit.bands.counter))
  return benefit.bands.axis === 'includingDeductible' ? running + takenBefore : running
}

function limitPayment(
  benefit: Benefit,
  layer: Layer,
  payment: number,
  ratedBase: number,
  bySlice: (slice: number) => number,
  takenAfter: number,
): { payment: number; served: number } {
  const limits = limitsOn(benefit, layer, 'payment')
  const room = smallestRoom(limits)
  if (payment <= room) return { payment, served: ratedBase }
  const binding = limits.filter((limit) => limit.room === room)
  if (binding.some(({ limit }) => limit.overCap === 'payment'))
    return { payment: room, served: ratedBase }
  return { payment: room, served: smallestServed(room + takenAfter, ratedBase, bySlice) }
}

function stopLossOf(benefit: Benefit, layer: Layer, share: number): number {
  const room = smallestRoom(limitsOn(benefit, layer, 'patientShare'))
  return share > room ? share - room : 0
}

type Spreads = Pick<
  Outcome,
  'deductible' | 'overCap' | 'paid' | 'labelled' | 'extra' | 'extraCells'
>

function spread(
  benefit: Benefit,
  layer: Layer,
  base: Base,
  payable: Map<number, number>,
  amounts: { takenBefore: number; overCap: number; payment: number },
): Spreads {
  const none = new Map<number, number>()
  if (benefit.of === 'cost') {
    const paid = largestRemainder(Math.min(amounts.payment, total(payable)), payable)
    const labelled = without(layer.state.remaining, paid)
    const missing = amounts.payment - total(paid)
    const wider = new Set(missing > 0 ? floorCells(benefit, layer).keys() : [])
    const extra = largestRemainder(missing, only(labelled, wider))
    return { deductible: none, overCap: none, paid, labelled, extra, extraCells: [...wider] }
  }
  const deductible = spreadDeductible(benefit, layer, base, amounts.takenBefore)
  const afterDeductible = without(base.weighted, deductible)
  const overCap = largestRemainder(amounts.overCap, afterDeductible)
  const open = without(afterDeductible, overCap)
  const paid = largestRemainder(Math.min(amounts.payment, total(open)), open)
  const labelled = labelledCells(layer, base, { deductible, overCap, paid })
  const missing = amounts.payment - total(paid)
  return {
    deductible,
    overCap,
    paid,
    labelled,
    ...spreadExtra(benefit, layer, base, labelled, missing),
  }
}

/** The cells once the benefit has paid from its base and, in a basic layer, named the in-scope part (step 17). */
function labelledCells(
  layer: Layer,
  base: Base,
  spreads: Pick<Outcome, 'deductible' | 'overCap' | 'paid'>,
): Map<number, number> {
  if (layer.pack.kind !== 'basic') return without(layer.state.remaining, spreads.paid)
  const after = new Map(layer.state.remaining)
  const move = (cell: number, amount: number): void => {
    after.set(cell, sum([after.get(cell) ?? 0, amount]))
  }
  for (const [cell, weighted] of base.weighted) {
    const payment = spreads.paid.get(cell) ?? 0
    if (!isInScope(cell)) {
      move(cell, -payment)
      continue
    }
    const line = lineOf(cell)
    const deductible = spreads.deductible.get(cell) ?? 0
    const over = spreads.overCap.get(cell) ?? 0
    const share = base.firstShare.get(cell) ?? 0
    move(cell, -weighted - share)
    move(cellOf(line, COLUMN.deductible), deductible)
    move(cellOf(line, COLUMN.coinsurance), weighted - deductible - over - payment)
    move(cellOf(line, COLUMN.overCap), over)
    move(cellOf(line, COLUMN.preSelfPay), share)
  }
  return without(after, new Map())
}

/**
 * What a payment exceeds its base by: over what is left of the selected cells, in a basic layer over every in-scope
 * column of their lines, whatever its new name, and the first share under its own; what that does not bear, over the cells
 * of the floor.
 */
function spreadExtra(
  benefit: Benefit,
  layer: Layer,
  base: Base,
  labelled: Cells,
  amount: number,
): Pick<Outcome, 'extra' | 'extraCells'> {
  if (amount === 0) return { extra: new Map(), extraCells: [] }
  const basic = layer.pack.kind === 'basic'
  const near = new Set(
    [...base.selected.keys()].flatMap((cell) =>
      basic && isInScope(cell)
        ? IN_SCOPE_COLUMNS.map((column) => cellOf(lineOf(cell), column))
        : [cell],
    ),
  )
  const wider = new Set(floorCells(benefit, layer).keys())
  const held = only(labelled, near)
  for (const [cell, share] of basic ? base.firstShare : []) {
    const named = cellOf(lineOf(cell), COLUMN.preSelfPay)
    if (isInScope(cell) && !near.has(named)) held.set(named, sum([held.get(named) ?? 0, share]))
  }
  const extra = largestRemainder(Math.min(amount, total(held)), held)
  const missing = amount - total(extra)
  if (missing > 0) add(extra, largestRemainder(missing, only(without(labelled, extra), wider)))
  return {
    extra,
    extraCells: [...new Set([...near, ...held.keys(), ...(missing > 0 ? wider : [])])],
  }
}

function only(cells: Cells, names: ReadonlySet<number>): Map<number, number> {
  return new Map([...cells].filter(([cell]) => names.has(cell)))
}

function spreadDeductible(
  benefit: Benefit,
  layer: Layer,
  base: Base,
  amount: number,
): Map<number, number> {
  let left = new Map(base.weighted)
  let missing = amount
  for (const source of benefit.deductible?.from ?? []) {
    const group = new Map(
      [...left].filter(([cell]) =>
        source.type === 'category'
          ? columnsOf(source.category).includes(cell % 7)
          : truth(source.lines, valueContext(layer, factsOfLine(layer, lineOf(cell)))),
      ),
    )
    const taken = largestRemainder(Math.min(missing, total(group)), group)
    missing -= total(taken)
    left = without(left, taken)
  }
  left = without(left, largestRemainder(missing, left))
  return without(base.weighted, left)
}

function countersOf(
  benefit: Benefit,
  layer: Layer,
  base: Base,
  numbers: BenefitNumbers,
  share: number,
  takenBefore: number,
): Pick<Outcome, 'counters' | 'paymentCounters'> {
  const counters = new Map(base.counted)
  const paymentCounters = new Set<string>()
  const does: Readonly<Record<string, number>> = {
    base: numbers.base,
    baseAfterDeductible: numbers.ratedBase,
    deductible: numbers.taken + numbers.filled,
    patientShare: share,
    times: numbers.payment > 0 ? 1 : 0,
    days: base.days,
  }
  // One measure goes into one running total once, however many parts of the benefit name it.
  const counted = new Set<string>()
  const put = (key: string, what: string): void => {
    if (what === 'payment') paymentCounters.add(key)
    const amount = does[what]
    if (amount === undefined || counted.has(`${what} ${key}`)) return
    counted.add(`${what} ${key}`)
    count(counters, key, amount)
  }
  if (benefit.deductible !== undefined) put(keyOf(layer, benefit.deductible.counter), 'deductible')
  if (benefit.bands !== undefined) {
    const including = benefit.bands.axis === 'includingDeductible'
    const moved = (including ? takenBefore : 0) + numbers.ratedBase
    count(counters, keyOf(layer, benefit.bands.counter), moved)
  }
  for (const limit of benefit.limits) {
    if (limit.on === 'quantity' || !truth(limit.when, valueContext(layer))) continue
    put(keyOf(layer, limit.counter), limit.on)
  }
  for (const one of benefit.counts) put(keyOf(layer, one.counter), one.what)
  return { counters, paymentCounters: [...paymentCounters] }
}

/** Cells after the benefit, everything it pays taken out. */
export function cellsAfter(outcome: Outcome): Map<number, number> {
  return without(outcome.labelled, outcome.extra)
}
