import type { Bill } from '../../src/adjudication/bill.ts'
import type { FactSheet } from '../../src/rules/facts.ts'
import type { Benefit, Limit, RulePack } from '../../src/rules/pack.ts'
import { adjustedBands, bandsPayment, smallestServed } from './bands.ts'
import {
  benefitLines,
  columnsOf,
  costOn,
  count,
  selectBase,
  smallestRoom,
  type Base,
} from './benefit-base.ts'
import { cellOf, lineOf, paidBy, type BillState, type PayerKey } from './bill-state.ts'
import { exact, largestRemainder, round, sum, times, total, without } from './exact.ts'
import { factsOfLine, keyOf, limitsOn, valueContext } from './layer-context.ts'
import type { CountingPlace, Ledger } from './ledger.ts'
import { money, rate, truth, whole } from './values.ts'

/** One pack (for one policy) at work on one segment of the bill. */
export interface Layer {
  readonly pack: RulePack
  readonly payer: PayerKey
  readonly place: CountingPlace
  readonly bill: Bill
  /** `visit.*` with the number of the admission. */
  readonly visit: FactSheet
  readonly segment: { readonly index: number; readonly lines: readonly number[] }
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
  /** Cells a payment may come from: the selected ones as they remain. */
  readonly payable: Map<number, number>
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
  if (!truth(benefit.when, context)) return false
  if (benefit.waitingDays !== undefined) {
    const end = Number(layer.place.policy['start']) + whole(benefit.waitingDays, context)
    const excepted = benefit.waitingExcept !== undefined && truth(benefit.waitingExcept, context)
    if (end > layer.place.referenceDay && !excepted) return false
  }
  if (benefit.settledBy === 'direct' && supplement) return false
  if (benefit.settledBy === 'supplement' && !supplement) return false
  if (!benefit.requiresSettled.every((kind) => layer.state.settled.has(kind))) return false
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
  const limited = limitPayment(benefit, layer, floored, ratedBase, bySlice)
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
  const share = total(payable) - payment
  const counted = countersOf(benefit, layer, base, numbers, share, takenBefore)
  return { benefit, base, numbers, payment, payable, ...spreads, ...counted }
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
  const filled = Math.min(owed, paidBy(layer.state, deductible.filledBy, lines))
  return { filled, left: owed - filled }
}

function bandsStart(benefit: Benefit, layer: Layer, takenBefore: number): number {
  if (benefit.bands === undefined) return 0
  const running = layer.ledger.read(keyOf(layer, benefit.bands.counter))
  return benefit.bands.axis === 'includingDeductible' ? running + takenBefore : running
}

function floorAmount(benefit: Benefit, layer: Layer): number {
  if (benefit.floor === undefined) return 0
  const cost = costOn(layer, benefitLines(benefit, layer), benefit.floor.base)
  const guaranteed = round(times(rate(benefit.floor.rate, valueContext(layer)), exact(cost)))
  return Math.min(guaranteed, total(floorCells(benefit, layer)))
}

function floorCells(benefit: Benefit, layer: Layer): Map<number, number> {
  const cells = new Map<number, number>()
  for (const line of benefitLines(benefit, layer)) {
    for (const item of benefit.floor?.base ?? []) {
      if (!truth(item.lines, valueContext(layer, factsOfLine(layer, line)))) continue
      for (const column of columnsOf(item.category)) {
        const amount = layer.state.remaining.get(cellOf(line, column)) ?? 0
        if (amount > 0) cells.set(cellOf(line, column), amount)
      }
    }
  }
  return cells
}

function limitPayment(
  benefit: Benefit,
  layer: Layer,
  payment: number,
  ratedBase: number,
  bySlice: (slice: number) => number,
): { payment: number; served: number } {
  const limits = limitsOn(benefit, layer, 'payment')
  const room = smallestRoom(limits)
  if (payment <= room) return { payment, served: ratedBase }
  const binding = limits.find((limit) => limit.room === room)
  if (binding?.limit.overCap === 'payment') return { payment: room, served: ratedBase }
  return { payment: room, served: smallestServed(room, ratedBase, bySlice) }
}

function stopLossOf(benefit: Benefit, layer: Layer, share: number): number {
  const room = smallestRoom(limitsOn(benefit, layer, 'patientShare'))
  return share > room ? share - room : 0
}

function spread(
  benefit: Benefit,
  layer: Layer,
  base: Base,
  payable: Map<number, number>,
  amounts: { takenBefore: number; overCap: number; payment: number },
): Pick<Outcome, 'deductible' | 'overCap' | 'paid' | 'extra'> {
  const none = new Map<number, number>()
  if (benefit.of === 'cost') {
    const paid = largestRemainder(amounts.payment, payable)
    return { deductible: none, overCap: none, paid, extra: none }
  }
  const deductible = spreadDeductible(benefit, layer, base, amounts.takenBefore)
  const afterDeductible = without(base.weighted, deductible)
  const overCap = largestRemainder(amounts.overCap, afterDeductible)
  const open = without(afterDeductible, overCap)
  const paid = largestRemainder(Math.min(amounts.payment, total(open)), open)
  let missing = amounts.payment - total(paid)
  const left = without(payable, paid)
  const extra = largestRemainder(Math.min(missing, total(left)), left)
  missing -= total(extra)
  const wider = new Map([...floorCells(benefit, layer)].filter(([cell]) => !payable.has(cell)))
  for (const [cell, amount] of largestRemainder(missing, wider)) extra.set(cell, amount)
  return { deductible, overCap, paid, extra }
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
  const paymentCounters: string[] = []
  const does: Readonly<Record<string, number>> = {
    base: numbers.base,
    baseAfterDeductible: numbers.ratedBase,
    deductible: numbers.taken + numbers.filled,
    patientShare: share,
    times: numbers.payment > 0 ? 1 : 0,
  }
  if (benefit.deductible !== undefined) {
    const key = keyOf(layer, benefit.deductible.counter)
    count(counters, key, numbers.taken + numbers.filled)
  }
  if (benefit.bands !== undefined) {
    const including = benefit.bands.axis === 'includingDeductible'
    const moved = (including ? takenBefore : 0) + numbers.ratedBase
    count(counters, keyOf(layer, benefit.bands.counter), moved)
  }
  for (const limit of benefit.limits) {
    if (!truth(limit.when, valueContext(layer))) continue
    const amount = does[limit.on]
    if (limit.on === 'payment') paymentCounters.push(keyOf(layer, limit.counter))
    else if (amount !== undefined) count(counters, keyOf(layer, limit.counter), amount)
  }
  for (const one of benefit.counts) {
    const key = keyOf(layer, one.counter)
    if (one.what === 'payment') paymentCounters.push(key)
    else count(counters, key, one.what === 'days' ? base.days : (does[one.what] ?? 0))
  }
  return { counters, paymentCounters }
}

/** Cells after the benefit (step 17), the payment taken out. */
export function cellsAfter(outcome: Outcome, layer: Layer): Map<number, number> {
  const { remaining } = layer.state
  const { paid, extra } = outcome
  if (layer.pack.kind !== 'basic' || outcome.benefit.of === 'cost') {
    return without(without(remaining, paid), extra)
  }
  const after = new Map(remaining)
  const move = (cell: number, amount: number): void => {
    after.set(cell, sum([after.get(cell) ?? 0, amount]))
  }
  for (const [cell, weighted] of outcome.base.weighted) {
    const payment = paid.get(cell) ?? 0
    if (cell % 7 > 3) {
      move(cell, -payment)
      continue
    }
    const line = lineOf(cell)
    const deductible = outcome.deductible.get(cell) ?? 0
    const over = outcome.overCap.get(cell) ?? 0
    const share = outcome.base.firstShare.get(cell) ?? 0
    move(cell, -weighted - share)
    move(cellOf(line, 0), deductible)
    move(cellOf(line, 1), weighted - deductible - over - payment)
    move(cellOf(line, 2), over)
    move(cellOf(line, 4), share)
  }
  for (const [cell, amount] of extra) takeExtra(after, cell, amount)
  return without(after, new Map())
}

/** A payment beyond the base comes from the co-insurance of the line first, then its other in-scope parts. */
function takeExtra(after: Map<number, number>, cell: number, amount: number): void {
  const columns = cell % 7 > 3 ? [cell % 7] : [1, 0, 2, 3, 4]
  let missing = amount
  for (const column of columns) {
    const at = cellOf(lineOf(cell), column)
    const taken = Math.min(missing, after.get(at) ?? 0)
    after.set(at, (after.get(at) ?? 0) - taken)
    missing -= taken
  }
  if (missing > 0) throw new Error(`no ${missing} fen left in line ${lineOf(cell)}`)
}
