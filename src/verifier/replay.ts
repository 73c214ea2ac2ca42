import type { Settlement } from '../adjudication/settlement.ts'
import { total, within, type Amounts } from './exact.ts'
import { Findings } from './findings.ts'

/** Columns of a line's cells, written here once more so that the verifier shares no code with what it verifies. */
export const COLUMNS = 7
export const DEDUCTIBLE = 0
export const COINSURANCE = 1
export const OVER_CAP = 2
export const IN_SCOPE = 3
export const PRE_SELF_PAY = 4
export const OVER_LIMIT = 5
export const OWN_PAY = 6

export function lineOf(cell: number): number {
  return Math.floor(cell / COLUMNS)
}

export function columnOf(cell: number): number {
  return cell % COLUMNS
}

/** Deductible, coinsurance, over cap and in scope: the in-scope part of a line, whatever it is called by now. */
export function isInScope(cell: number): boolean {
  return columnOf(cell) <= IN_SCOPE
}

/** `cell`'s line, other column. */
export function inColumn(cell: number, column: number): number {
  return lineOf(cell) * COLUMNS + column
}

export interface ReplayedLine {
  readonly index: number
  readonly id: string
  readonly amount: bigint
  readonly parts: {
    readonly ownPay: bigint
    readonly overLimit: bigint
    readonly preSelfPay: bigint
    readonly inScope: bigint
  }
  /** Added by a package price; not part of what the hospital charged. */
  readonly added: boolean
  /** By payer; grows as they pay. */
  readonly paid: Map<number, bigint>
}

export interface ReplayedCounter {
  readonly before: bigint
  readonly after: bigint
}

export interface ReplayedLayer {
  readonly payer: number
  readonly kind: Settlement['payers'][number]['kind']
  readonly pack: string
  readonly policyId: string
}

/** What the last benefit of a layer of equal rank would take from the cells it was computed on. */
export interface Claim {
  own: bigint
  readonly cells: Set<number>
  /** What each benefit would pay, and the running totals its payment went into. */
  readonly payments: { readonly amount: bigint; readonly keys: readonly string[] }[]
}

/** State of the replay. `remaining` is what nobody has paid yet, by cell. */
export interface Replay {
  readonly settlement: Settlement
  readonly findings: Findings
  remaining: Map<number, bigint>
  /** Cost by cell as classified, never reduced. */
  readonly cost: Map<number, bigint>
  readonly lines: Map<number, ReplayedLine>
  readonly counters: Map<string, ReplayedCounter>
  readonly refunds: Map<string, bigint>
  layer: ReplayedLayer | undefined
  /** Present while layers of equal rank are computed: they all start from the same cells and take nothing. */
  equalRank:
    { readonly start: Map<number, bigint>; readonly claims: Map<number, Claim> } | undefined
  /** Payment announced for the next benefit by the comparison it won. */
  winner: { readonly benefit: string; readonly payment: number } | undefined
  deductibleTaken: bigint
  packageAdjustment: bigint
  account: {
    readonly current: bigint
    readonly history: bigint
    readonly family: bigint
    readonly given: bigint
  }
  fixed: {
    readonly pack: string
    readonly benefit: string
    readonly payerId: string
    readonly policyId: string
    readonly days: number | undefined
    readonly amount: bigint
  }[]
}

export function startReplay(settlement: Settlement): Replay {
  return {
    settlement,
    findings: new Findings(),
    remaining: new Map(),
    cost: new Map(),
    lines: new Map(),
    counters: new Map(),
    refunds: new Map(),
    layer: undefined,
    equalRank: undefined,
    winner: undefined,
    deductibleTaken: 0n,
    packageAdjustment: 0n,
    account: { current: 0n, history: 0n, family: 0n, given: 0n },
    fixed: [],
  }
}

/** Cells that hold anything, ascending. */
export function holding(amounts: Amounts): Map<number, bigint> {
  const held = [...amounts].filter(([, amount]) => amount > 0n)
  return new Map(held.sort(([one], [other]) => one - other))
}

/** Takes `shares` out of the cells and credits them to `payer`, unless layers of equal rank are only computed. */
export function pay(replay: Replay, payer: number, shares: Amounts): void {
  for (const [cell, amount] of shares) {
    const left = (replay.remaining.get(cell) ?? 0n) - amount
    replay.findings.notNegative(`remaining[cell ${cell}]`, left)
    replay.remaining.set(cell, left)
    const line = replay.lines.get(lineOf(cell))
    if (line === undefined) replay.findings.unknown('cell', cell)
    else if (replay.equalRank === undefined) {
      line.paid.set(payer, (line.paid.get(payer) ?? 0n) + amount)
    }
  }
}

/** Moves `shares` of the cells to another column of their lines. */
export function relabel(replay: Replay, shares: Amounts, column: number): void {
  for (const [cell, amount] of shares) {
    const target = inColumn(cell, column)
    const left = (replay.remaining.get(cell) ?? 0n) - amount
    replay.findings.notNegative(`remaining[cell ${cell}]`, left)
    replay.remaining.set(cell, left)
    replay.remaining.set(target, (replay.remaining.get(target) ?? 0n) + amount)
  }
}

/** What the patient has left in `cells`. */
export function remainingIn(replay: Replay, cells: Iterable<number>): bigint {
  return total(within(replay.remaining, new Set(cells)).values())
}

/** Reports a payer that the settlement does not list. */
export function checkPayer(replay: Replay, payer: number): void {
  if (replay.settlement.payers[payer] === undefined) replay.findings.unknown('payer', payer)
}
