import { accountsOf } from '../ledger/balances.ts'
import type { Rows } from '../ledger/rows.ts'
import type { Store } from './ports.ts'

/** What one account owes another by the entries of a hospital's accounting day. */
export interface Balance {
  /** 2026-11-25. */
  readonly day: string
  readonly hospital: string
  readonly from: string
  readonly to: string
  /** Fen, signed. */
  readonly amount: number
}

/** Every balance, by day and hospital. */
export function listBalances(store: Store, rows: Rows): readonly Balance[] {
  return [...store.range('balance')].flatMap(({ key }) => {
    const [day = '', hospital = ''] = String(key).split('\u0000')
    const pairs = rows.get('balance', key)?.pairs ?? []
    return [...pairs].map(([pair, amount]) => {
      const [from, to] = accountsOf(pair)
      return { day, hospital, from, to, amount }
    })
  })
}
