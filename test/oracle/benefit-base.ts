import type { BaseItem, Benefit, ItemLimit, Limit } from '../../src/rules/pack.ts'
import { COLUMN } from '../../src/rules/category.ts'
import { IN_SCOPE_COLUMNS, cellOf, columnOf, costCell, lineOf } from './bill-state.ts'
import type { Layer, LimitRoom } from './benefit.ts'
import { factsOfLine, keyOf, limitsOn, valueContext } from './layer-context.ts'
import { add, compare, exact, largestRemainder, round, sum, times, total } from './exact.ts'
import { money, rate, text, truth } from './values.ts'

/** What a benefit works on and what selecting it adds to counters (by key). */
export interface Base {
  readonly selected: Map<number, number>
  readonly weighted: Map<number, number>
  readonly firstShare: Map<number, number>
  readonly days: number
  readonly counted: Map<string, number>
}

/** Which lines of the segment the benefit looks at. */
export function benefitLines(benefit: Benefit, layer: Layer): number[] {
  return layer.segment.lines.filter((line) =>
    truth(benefit.lines, valueContext(layer, factsOfLine(layer, line))),
  )
}

/** Columns a category means when a benefit names it. */
export function columnsOf(category: BaseItem['category']): readonly number[] {
  return category === 'inScope' ? IN_SCOPE_COLUMNS : [COLUMN[category]]
}

export function selectBase(benefit: Benefit, layer: Layer): Base {
  const lines = benefitLines(benefit, layer)
  const counted = new Map<string, number>()
  const itemOf = new Map<number, BaseItem>()
  const selected = new Map<number, number>()
  for (const item of benefit.base) {
    for (const [cell, amount] of cellsOfItem(item, benefit.of, lines, layer)) {
      if (itemOf.has(cell)) continue
      itemOf.set(cell, item)
      selected.set(cell, amount)
    }
  }
  let cells = withinDays(benefit, layer, selected)
  const days = new Set([...cells.keys()].map((cell) => dayOf(layer, lineOf(cell)))).size
  cells = withinQuantity(benefit, layer, cells, counted)
  for (const limit of benefit.itemLimits) cells = withinItemLimit(limit, layer, cells, counted)
  cells = weigh(benefit, layer, cells, itemOf)
  return { selected, ...takeFirstShares(benefit, layer, cells), days, counted }
}

function cellsOfItem(
  item: BaseItem,
  of: Benefit['of'],
  lines: readonly number[],
  layer: Layer,
): Map<number, number> {
  const cells = new Map<number, number>()
  for (const line of lines) {
    if (!truth(item.lines, valueContext(layer, factsOfLine(layer, line)))) continue
    const columns = of === 'cost' ? [COLUMN[item.category]] : columnsOf(item.category)
    for (const column of columns) {
      const amount =
        of === 'cost' ? costOfLine(layer, line, column) : remainingIn(layer, line, column)
      if (amount > 0) cells.set(cellOf(line, column), amount)
    }
  }
  return cells
}

function remainingIn(layer: Layer, line: number, column: number): number {
  return layer.state.remaining.get(cellOf(line, column)) ?? 0
}

function costOfLine(layer: Layer, line: number, column: number): number {
  const found = layer.state.lines[line]
  return found === undefined ? 0 : costCell(found, column)
}

/** Cost of some categories on some lines. */
export function costOn(layer: Layer, lines: readonly number[], items: readonly BaseItem[]): number {
  const cells = new Map<number, number>()
  for (const item of items) {
    for (const [cell, amount] of cellsOfItem(item, 'cost', lines, layer)) cells.set(cell, amount)
  }
  return total(cells)
}

function dayOf(layer: Layer, line: number): number {
  return layer.state.lines[line]?.line.day ?? 0
}

function quantityOf(layer: Layer, line: number): number {
  return layer.state.lines[line]?.line.quantity ?? 0
}

function withinDays(
  benefit: Benefit,
  layer: Layer,
  selected: ReadonlyMap<number, number>,
): Map<number, number> {
  const dates = new Set([...selected.keys()].map((cell) => dayOf(layer, lineOf(cell))))
  const room = smallestRoom(limitsOn(benefit, layer, 'days'))
  const kept = [...dates].sort((a, b) => a - b).slice(0, room)
  return new Map([...selected].filter(([cell]) => kept.includes(dayOf(layer, lineOf(cell)))))
}

export function count(counted: Map<string, number>, key: string, amount: number): void {
  counted.set(key, (counted.get(key) ?? 0) + amount)
}

function withinQuantity(
  benefit: Benefit,
  layer: Layer,
  selected: ReadonlyMap<number, number>,
  counted: Map<string, number>,
): Map<number, number> {
  const limits = benefit.limits.filter(
    (one) => one.on === 'quantity' && truth(one.when, valueContext(layer)),
  )
  if (limits.length === 0) return new Map(selected)
  const cells = new Map<number, number>()
  for (const line of linesOf(selected)) {
    const mine = cellsOnLines(selected, [line])
    const quantity = quantityOf(layer, line)
    const rooms = limits.map((limit) => roomForLine(limit, line, layer, counted))
    const covered = Math.min(quantity, ...rooms.map(({ room }) => room))
    for (const key of new Set(rooms.map((one) => one.key))) count(counted, key, covered)
    const kept = quantity === 0 ? exact(1) : exact(covered, quantity)
    add(cells, largestRemainder(round(times(exact(total(mine)), kept)), mine))
  }
  return cells
}

/** Key of the running total of a line's code, and how much of the line's quantity it still takes. */
function roomForLine(
  limit: Limit,
  line: number,
  layer: Layer,
  counted: ReadonlyMap<string, number>,
): { key: string; room: number } {
  const facts = factsOfLine(layer, line)
  const name =
    limit.counter.key === undefined
      ? String(facts.line['code'])
      : text(limit.counter.key, valueContext(layer, facts))
  const key = keyOf(layer, limit.counter, name)
  const allowed = money(limit.amount, valueContext(layer)) * 10_000
  const used = layer.ledger.read(key) + (counted.get(key) ?? 0)
  return { key, room: Math.max(0, allowed - used) }
}

function linesOf(cells: ReadonlyMap<number, number>): number[] {
  return [...new Set([...cells.keys()].map(lineOf))].sort((a, b) => a - b)
}

function cellsOnLines(
  cells: ReadonlyMap<number, number>,
  lines: readonly number[],
): Map<number, number> {
  return new Map([...cells].filter(([cell]) => lines.includes(lineOf(cell))))
}

function withinItemLimit(
  limit: ItemLimit,
  layer: Layer,
  cells: ReadonlyMap<number, number>,
  counted: Map<string, number>,
): Map<number, number> {
  const touched = linesOf(cells).filter((line) =>
    truth(limit.lines, valueContext(layer, factsOfLine(layer, line))),
  )
  const groups = new Map<string, number[]>()
  for (const line of touched) {
    const name = groupName(limit, layer, line)
    groups.set(name, [...(groups.get(name) ?? []), line])
  }
  const next = new Map([...cells].filter(([cell]) => !touched.includes(lineOf(cell))))
  for (const lines of groups.values()) {
    const mine = cellsOnLines(cells, lines)
    add(next, largestRemainder(keptOfGroup(limit, layer, lines, total(mine), counted), mine))
  }
  return next
}

function groupName(limit: ItemLimit, layer: Layer, line: number): string {
  switch (limit.per) {
    case 'line':
    case 'unit':
      return String(line)
    case 'item':
      return String(factsOfLine(layer, line).line['code'])
    case 'day':
      return String(dayOf(layer, line))
  }
}

function keptOfGroup(
  limit: ItemLimit,
  layer: Layer,
  lines: readonly number[],
  amount: number,
  counted: Map<string, number>,
): number {
  const first = lines[0] ?? 0
  const context = valueContext(layer, factsOfLine(layer, first))
  const stated = money(limit.amount, context)
  const units = limit.per === 'unit' ? exact(quantityOf(layer, first), 10_000) : exact(1)
  const whole = times(exact(stated), units)
  // More than there is money: no cap at all.
  const cap = compare(whole, exact(Number.MAX_SAFE_INTEGER)) > 0 ? Infinity : round(whole)
  if (limit.counter === undefined) return Math.min(amount, cap)
  const name =
    limit.counter.key !== undefined
      ? text(limit.counter.key, context)
      : limit.per === 'item'
        ? String(context.facts.line['code'])
        : ''
  const key = keyOf(layer, limit.counter, name)
  const room = Math.max(0, cap - layer.ledger.read(key) - (counted.get(key) ?? 0))
  const kept = Math.min(amount, room)
  count(counted, key, kept)
  return kept
}

function weigh(
  benefit: Benefit,
  layer: Layer,
  cells: ReadonlyMap<number, number>,
  itemOf: ReadonlyMap<number, BaseItem>,
): Map<number, number> {
  const result = new Map<number, number>()
  for (const item of benefit.base) {
    const mine = new Map([...cells].filter(([cell]) => itemOf.get(cell) === item))
    const weight = item.weight === undefined ? exact(1) : rate(item.weight, valueContext(layer))
    const after = round(times(weight, exact(total(mine))))
    add(result, compare(weight, exact(1)) === 0 ? mine : largestRemainder(after, mine))
  }
  return result
}

function takeFirstShares(
  benefit: Benefit,
  layer: Layer,
  cells: ReadonlyMap<number, number>,
): { weighted: Map<number, number>; firstShare: Map<number, number> } {
  let weighted = new Map(cells)
  const firstShare = new Map<number, number>()
  for (const share of benefit.firstShares) {
    if (!truth(share.when, valueContext(layer))) continue
    const amount = round(times(rate(share.rate, valueContext(layer)), exact(total(weighted))))
    const taken = largestRemainder(amount, weighted)
    add(firstShare, taken)
    weighted = new Map(
      [...weighted].map(([cell, value]) => [cell, sum([value, -(taken.get(cell) ?? 0)])]),
    )
  }
  return { weighted, firstShare }
}

/** Smallest room among limits, or no limit. */
export function smallestRoom(limits: readonly LimitRoom[]): number {
  return limits.reduce((room, limit) => Math.min(room, limit.room), Number.POSITIVE_INFINITY)
}

/** Whether a cell is of the in-scope part of its line. */
export function isInScope(cell: number): boolean {
  return columnOf(cell) <= COLUMN.inScope
}
