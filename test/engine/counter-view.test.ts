import { counterKey } from '../../src/adjudication/counter-key.ts'
import { CounterSums } from '../../src/adjudication/counter-sums.ts'
import { expect, test } from 'vitest'
import { CounterView } from '../../src/engine/counter-view.ts'
import { holderOf, type HolderContext } from '../../src/ledger/holder.ts'
import { counterRow, EMPTY_HOLDER, EMPTY_STAY } from '../../src/ledger/holders.ts'
import type { Rows } from '../../src/ledger/rows.ts'

/** Every row holds every counter, at a number of its own: so an answer says whose row it was read from. */
const KEYS = [
  'person:P|a|2025|',
  'policy:A|a||',
  'policy:B|a||',
  'stay:S|a|S|',
  'family:F|a|2025|',
  'family:person:P|a|2025|',
  'group:G|a|2025|',
  'accident:X|a||',
  'transferChain:X|a||',
]

function rowsOf(): { readonly rows: Rows; readonly read: string[] } {
  const read: string[] = []
  const get = (table: string, key: string | number) => {
    const name = `${table}/${key}`
    if (!read.includes(name)) read.push(name)
    const counters = CounterSums.from(new Map(KEYS.map((one) => [one, 1 + read.indexOf(name)])))
    return { ...(table === 'stay' ? EMPTY_STAY : EMPTY_HOLDER), counters }
  }
  return { rows: { get } as unknown as Rows, read }
}

test.each([[[]], [['A']], [['A', 'B']]])(
  'a counter is read from the row of its holder, with policies %j shared',
  (sharedPolicies) => {
    const context: HolderContext = { person: 'P', hospital: 'H', stay: 'S', sharedPolicies }
    const [there, plain] = [rowsOf(), rowsOf()]
    const view = new CounterView(there.rows, context, [
      [counterKey('stay:S|a|S|'), 10],
      [counterKey('stay:S|a|S|'), 5],
    ])
    const without = (key: string) => (key === 'stay:S|a|S|' ? 15 : 0)
    const wanted = [...KEYS, ...KEYS].map((key) => {
      const row = counterRow(plain.rows, holderOf(counterKey(key), context))
      return (row?.counters.toMap().get(key) ?? 0) - without(key)
    })
    expect([...KEYS, ...KEYS].map((key) => view.of(counterKey(key)))).toEqual(wanted)
    expect(there.read).toEqual(plain.read)
  },
)
