import { problem } from '../errors/problem.ts'
import { fen, formatYuan, ZERO_FEN } from '../money/fen.ts'
import { CATEGORIES, CATEGORY_COUNT, COLUMN, type Category } from '../rules/category.ts'
import type { GivenPayment, GivenSettlement } from './bill.ts'
import { cellAmounts, creditSpread, takeFrom, type CellSpread } from './cell-spread.ts'
import { SettleRefused } from './refusal.ts'
import { noteLayer, notePaid, openPayer, sumAt, type SplitState } from './split-state.ts'

/** Lets the amounts settled elsewhere fill the cells, in the profile's order of categories. */
export function applyGiven(state: SplitState): void {
  const { given } = state.bill
  if (given === undefined) return
  let relabelled = false
  for (const payment of paymentsOf(given)) {
    if (payment.kind === 'basic' && !relabelled) {
      relabelled = true
      const relabel = labelInScope(state)
      payGiven(state, payment, [...state.profile.given.basic, ...BASIC_REST], relabel)
      nameRestCoinsurance(state)
    } else {
      payGiven(state, payment, fullOrder(state.profile.given.funds))
    }
  }
  if (given.hospitalShare > 0) {
    const share: GivenPayment = {
      kind: 'hospital',
      payerId: 'hospital',
      wire: 'hosp_part_amt',
      amount: given.hospitalShare,
    }
    payGiven(state, share, fullOrder(state.profile.given.hospital))
  }
  for (const kind of given.kinds) noteLayer(state, kind)
}

/** A basic layer that settled and paid nothing still names the parts of the in-scope amount. */
function paymentsOf({ kinds, payments }: GivenSettlement): readonly GivenPayment[] {
  if (!kinds.includes('basic') || payments.some(({ kind }) => kind === 'basic')) return payments
  return [{ kind: 'basic', payerId: 'basic', wire: 'hifp_pay', amount: fen(0) }, ...payments]
}

/** Where a basic amount goes when its own categories are full. */
const BASIC_REST: readonly Category[] = [
  'inScope',
  'coinsurance',
  'overCap',
  'deductible',
  'preSelfPay',
  'overLimit',
  'ownPay',
]

function fullOrder(order: readonly Category[]): readonly Category[] {
  return [...order, ...BASIC_REST]
}

interface Relabel {
  readonly deductible: CellSpread
  readonly overCap: CellSpread
}

/** Moves the stated deductible and over-cap amounts out of the plain in-scope cells. */
function labelInScope(state: SplitState): Relabel {
  const { given } = state.bill
  const cells = cellsOf(state, 'inScope')
  const take = (stated: number, column: number): CellSpread => {
    const total = Math.min(stated, sumAt(state.remaining, cells))
    const spread = takeFrom(state.remaining, cells, total)
    cells.forEach((cell, index) => {
      const target = cell - (cell % CATEGORY_COUNT) + column
      state.remaining[target] = (state.remaining[target] ?? 0) + (spread.amounts[index] ?? 0)
    })
    return spread
  }
  const deductible = take(given?.deductible ?? 0, COLUMN.deductible)
  const overCap = take(given?.overCap ?? 0, COLUMN.overCap)
  state.deductibleUsed += deductible.amounts.reduce((sum, amount) => sum + amount, 0)
  return { deductible, overCap }
}

function nameRestCoinsurance(state: SplitState): void {
  for (const cell of cellsOf(state, 'inScope')) {
    const target = cell - COLUMN.inScope + COLUMN.coinsurance
    state.remaining[target] = (state.remaining[target] ?? 0) + (state.remaining[cell] ?? 0)
    state.remaining[cell] = 0
  }
}

function payGiven(
  state: SplitState,
  payment: GivenPayment,
  order: readonly Category[],
  relabel?: Relabel,
): void {
  const payer = openPayer(state, {
    index: state.payers.length,
    id: payment.payerId,
    kind: payment.kind,
    pack: undefined,
    policyId: undefined,
    wire: payment.wire,
    fundPayType: payment.fundPayType,
    given: true,
    amount: ZERO_FEN,
  })
  const amounts = new Map<number, number>()
  let open: number = payment.amount
  for (const category of order) {
    const cells = cellsOf(state, category)
    const total = Math.min(open, sumAt(state.remaining, cells))
    const spread = takeFrom(state.remaining, cells, total)
    creditSpread(state, payer, spread)
    if (total === 0) continue
    spread.cells.forEach((cell, index) =>
      amounts.set(cell, (amounts.get(cell) ?? 0) + (spread.amounts[index] ?? 0)),
    )
    open -= total
  }
  if (open > 0) {
    const details = {
      amount: formatYuan(payment.amount),
      left: formatYuan(fen(payment.amount - open)),
    }
    throw new SettleRefused(problem('GIVEN_AMOUNT_TOO_LARGE', 'given', details))
  }
  noteLayer(state, payment.kind)
  notePaid(state, payment.kind, payment.amount)
  if (!state.recording) return
  const cells = [...amounts.keys()].sort((a, b) => a - b)
  state.steps.push({
    step: 'given',
    payer,
    payerId: payment.payerId,
    kind: payment.kind,
    amount: payment.amount,
    spread: { cells, amounts: cells.map((cell) => amounts.get(cell) ?? 0) },
    ...(relabel && {
      relabel: {
        deductible: cellAmounts(relabel.deductible.cells, relabel.deductible.amounts),
        overCap: cellAmounts(relabel.overCap.cells, relabel.overCap.amounts),
      },
    }),
  })
}

/** Cells of a category that hold something, by line. */
function cellsOf(state: SplitState, category: Category): number[] {
  const column = CATEGORIES.indexOf(category)
  const cells: number[] = []
  for (const line of state.lines) {
    const cell = line.index * CATEGORY_COUNT + column
    if ((state.remaining[cell] ?? 0) > 0) cells.push(cell)
  }
  return cells
}
