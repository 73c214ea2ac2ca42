import type { CellAmounts } from '../adjudication/explanation.ts'
import { problem, type Problem } from '../errors/problem.ts'
import { yuan, type Amounts } from './exact.ts'

/** Collects what differs; the replay always goes on with the recomputed amounts. */
export class Findings {
  readonly problems: Problem[] = []
  #where = ''
  #step = ''

  /** Names what is looked at from here on: a path into the settlement and a short description of it. */
  at(where: string, step: string): void {
    this.#where = where
    this.#step = step
  }

  amount(part: string, recomputed: bigint, stated: number | bigint): void {
    if (recomputed === BigInt(stated)) return
    const details = this.#details(part, yuan(recomputed), yuan(BigInt(stated)))
    this.problems.push(problem('VERIFY_AMOUNT_DIFFERS', this.#path(part), details))
  }

  /** As `amount`, of something that is not money: days, times, a running total of any unit. */
  count(part: string, recomputed: bigint, stated: number): void {
    if (recomputed === BigInt(stated)) return
    const details = this.#details(part, recomputed.toString(), String(stated))
    this.problems.push(problem('VERIFY_AMOUNT_DIFFERS', this.#path(part), details))
  }

  fact(part: string, recomputed: string, stated: string): void {
    if (recomputed === stated) return
    const details = this.#details(part, recomputed, stated)
    this.problems.push(problem('VERIFY_FACT_DIFFERS', this.#path(part), details))
  }

  unknown(part: string, stated: string | number): void {
    const details = { step: this.#step, part, stated }
    this.problems.push(problem('VERIFY_REFERENCE_UNKNOWN', this.#path(part), details))
  }

  notNegative(part: string, stated: number | bigint): void {
    if (stated >= 0) return
    const details = { step: this.#step, part, stated: yuan(BigInt(stated)) }
    this.problems.push(problem('VERIFY_AMOUNT_NEGATIVE', this.#path(part), details))
  }

  conserved(part: string, borne: bigint, stated: bigint): void {
    if (borne === stated) return
    const details = { part, recomputed: yuan(borne), stated: yuan(stated) }
    this.problems.push(problem('VERIFY_NOT_CONSERVED', this.#path(part), details))
  }

  /** Every cell of either side; a cell that is not named holds nothing. */
  cells(part: string, recomputed: Amounts, stated: CellAmounts): void {
    const said = this.read(part, stated)
    for (const cell of new Set([...recomputed.keys(), ...said.keys()])) {
      this.amount(`${part}[cell ${cell}]`, recomputed.get(cell) ?? 0n, said.get(cell) ?? 0n)
    }
  }

  /** `stated` as amounts by cell; reports cells out of order, named twice or without an amount. */
  read(part: string, stated: CellAmounts): Map<number, bigint> {
    const amounts = new Map<number, bigint>()
    let last = -1
    for (const [index, cell] of stated.cells.entries()) {
      const amount = stated.amounts[index]
      if (cell <= last || amount === undefined) this.unknown(`${part}.cells[${index}]`, cell)
      else amounts.set(cell, BigInt(amount))
      if (amount !== undefined) this.notNegative(`${part}.amounts[${index}]`, amount)
      last = cell
    }
    if (stated.amounts.length > stated.cells.length) {
      this.unknown(`${part}.amounts`, stated.amounts.length)
    }
    return amounts
  }

  #path(part: string): string {
    return this.#where === '' ? part : `${this.#where}.${part}`
  }

  #details(part: string, recomputed: string, stated: string) {
    return { step: this.#step, part, recomputed, stated }
  }
}
