import { formatEpochDay } from '../../catalog/epoch-day.ts'
import type { Store } from '../../engine/ports.ts'
import { StoreRows } from '../../engine/store-rows.ts'
import { accountsOf } from '../../ledger/balances.ts'
import { rowKey } from '../../ledger/rows.ts'
import { yielding } from '../yielding.ts'

/** What a payer owes by the entries of a hospital's accounting day; fen, signed. */
export interface PayerTotal {
  readonly day: string
  readonly hospital: string
  readonly payer: string
  /** By who receives it: `provider` is the hospital, beside it `patient` and `supplier`. */
  readonly to: Readonly<Record<string, number>>
  readonly amount: number
}

/** The totals of `payers` in the days from `from` to `to`, by day, hospital and payer. Nobody else's entries are in them. */
export async function payerTotals(
  store: Store,
  payers: readonly string[],
  {
    from,
    to,
    hospital,
  }: { readonly from: number; readonly to: number; readonly hospital?: string },
): Promise<readonly PayerTotal[]> {
  const rows = new StoreRows(store)
  const pause = yielding()
  const totals: PayerTotal[] = []
  for (let day = from; day <= to; day += 1) {
    const text = formatEpochDay(day)
    // Read at once: nothing of the store stays open while others have their turns.
    const keys = [...store.range('balance', { from: rowKey(text, ''), to: rowKey(text, LAST) })]
    for (const { key } of keys) {
      const [, at = ''] = String(key).split('\u0000')
      if (hospital !== undefined && hospital !== at) continue
      totals.push(...totalsOf(rows.get('balance', key)?.pairs ?? new Map(), payers, text, at))
      await pause()
    }
  }
  return totals
}

/** Behind every institution code. */
const LAST = '\u{10FFFF}'

function totalsOf(
  pairs: ReadonlyMap<string, number>,
  payers: readonly string[],
  day: string,
  hospital: string,
): readonly PayerTotal[] {
  return payers.flatMap((payer) => {
    const to: Record<string, number> = {}
    let amount = 0
    for (const [pair, owed] of pairs) {
      const [from, receiver] = accountsOf(pair)
      if (from !== `payer:${payer}`) continue
      const kind = receiver.split(':', 1)[0] ?? ''
      to[kind] = (to[kind] ?? 0) + owed
      amount += owed
    }
    return Object.keys(to).length === 0 ? [] : [{ day, hospital, payer, to, amount }]
  })
}
