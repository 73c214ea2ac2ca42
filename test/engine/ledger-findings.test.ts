import { beforeAll, describe, expect, test } from 'vitest'
import type { Put, Store } from '../../src/engine/ports.ts'
import { ruleSetOf } from '../../src/engine/rule-commands.ts'
import { HEAD_KEY, headOf } from '../../src/engine/store-rows.ts'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import { adviseProblem, describeProblem, type Problem } from '../../src/errors/problem.ts'
import type { LedgerRecord, RequestKey, RulesState } from '../../src/ledger/record.ts'
import { sha256Hex } from '../../src/ledger/hash.ts'
import { decodeRow, encodeRow } from '../../src/ledger/row-codec.ts'
import { encode } from '../../src/protocol/codec.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { forgedStore, journalOf, rowsOf, storeOf } from './flips/forged-ledger.ts'
import { writeSmallHistory } from './flips/small-history.ts'

let store: Store
let journal: readonly LedgerRecord[]

beforeAll(async () => {
  store = openMemoryStore()
  await writeSmallHistory(store)
  journal = journalOf(store)
})

type Change = (puts: readonly Put[]) => readonly Put[]

async function codes(ledger: Store): Promise<ReadonlySet<Problem['code']>> {
  const { findings } = await verifyLedger(ledger)
  for (const { problem } of findings.first) {
    const sentences = [describeProblem(problem, 'zh'), describeProblem(problem, 'en')]
    expect([...sentences, adviseProblem(problem, 'en')].join(' ')).not.toMatch(/\{\w+\}/)
  }
  return new Set(findings.counts.map(([code]) => code))
}

/** Every row as it was but those that `change` forges; nobody made the hash chain fit. */
async function withRows(change: Change): Promise<ReadonlySet<Problem['code']>> {
  return codes(await storeOf(change(rowsOf(store))))
}

/** Records that are forged, with a hash chain that fits them. */
async function withRecords(
  change: (records: readonly LedgerRecord[]) => readonly LedgerRecord[],
): Promise<ReadonlySet<Problem['code']>> {
  return codes(await forgedStore(store, change(journal)))
}

function askedBy(hospital: string): RequestKey {
  return { hospital, id: 'forged', operation: 'resettle', fingerprint: '' }
}

/** The last row of a table, changed; undefined: taken away. */
function lastOf(table: Put['table'], change: (row: Put) => Put | undefined): Change {
  return (puts) => {
    const last = puts.findLastIndex((put) => put.table === table)
    return puts.flatMap((put, index) => {
      const kept = index === last ? change(put) : put
      return kept === undefined ? [] : [kept]
    })
  }
}

function bytesOf({ value }: Put): Uint8Array {
  if (value === undefined) throw new Error('a row has bytes')
  return value
}

/** The last byte one more. */
function bent(row: Put): Put {
  const value = Uint8Array.from(bytesOf(row))
  value[value.length - 1] = ((value.at(-1) ?? 0) + 1) % 256
  return { ...row, value }
}

describe('the journal', () => {
  test('a block that was changed no longer follows the one before it', async () => {
    const found = await withRows(lastOf('journal', bent))
    expect(found).toContain('LEDGER_CHAIN_BROKEN')
  })

  test('a block that is no list of records cannot be read', async () => {
    const value = Buffer.concat([new Uint8Array(32), encode('nothing')])
    const found = await withRows(lastOf('journal', (row) => ({ ...row, value })))
    expect(found).toContain('LEDGER_BLOCK_UNREADABLE')
  })

  test('a record that is missing leaves a gap', async () => {
    const found = await withRecords((records) => records.filter((one) => one.kind !== 'lines'))
    expect(found).toContain('LEDGER_SEQ_GAP')
  })

  test('a record before the one ahead of it, or of a day that its time is not in', async () => {
    for (const stamp of [{ at: 0 }, { day: 1 }]) {
      const found = await withRecords((records) =>
        records.map((one) => (one.kind === 'confirmed' ? { ...one, ...stamp } : one)),
      )
      expect(found).toContain('LEDGER_STAMP_WRONG')
    }
  })

  test('a settlement that is reversed twice could not have been made', async () => {
    const found = await withRecords((records) => {
      const reversal = records.find((one) => one.kind === 'reversal')
      const last = records.at(-1)
      if (reversal === undefined || last === undefined) throw new Error('no reversal')
      const { at, day } = last
      return [...records, { ...reversal, seq: last.seq + 1, at, day }]
    })
    expect(found).toContain('LEDGER_RECORD_IMPOSSIBLE')
  })

  test.each([
    ['a settlement that takes cells as a supplement does', 'settle', { takes: [1] }],
    ['a settlement that replaces one without a resettlement', 'settle', { replaces: 1 }],
    ['a resettlement that another hospital asked for', 'resettle', { request: askedBy('H2') }],
  ] as const)('%s', async (_name, operation, change) => {
    const found = await withRecords((records) => {
      const isMeant = (one: LedgerRecord) =>
        one.kind === 'settlement' && one.operation === operation
      const last = records.findLast(isMeant)
      return records.map((one) => (one === last ? { ...one, ...change } : one))
    })
    expect(found).toContain('LEDGER_RECORD_DIFFERS')
  })

  test('a resettlement that nobody asked for', async () => {
    const found = await withRecords((records) =>
      records.map((one) => {
        if (one.kind !== 'settlement' || one.operation !== 'resettle') return one
        const { request: _, ...unasked } = one
        return unasked
      }),
    )
    expect(found).toContain('LEDGER_RECORD_DIFFERS')
  })

  test('a resettlement of another visit than that of the settlement it replaces', async () => {
    const found = await withRecords((records) =>
      records.map((one) => {
        if (one.kind !== 'settlement' || one.operation !== 'resettle') return one
        const bill = one.bill as { readonly visit: object }
        return { ...one, bill: { ...bill, visit: { ...bill.visit, end: '2024-05-04' } } }
      }),
    )
    expect(found).toContain('LEDGER_RECORD_DIFFERS')
  })

  const history: RulesState['history'] = []
  test.each([
    ['a suspension that holds nothing back', 'suspend', { suspended: [] }],
    ['an activation that cannot be rolled back', 'activate', { history }],
    ['a publication of no packs', 'publish', { packs: [] }],
    ['a shadow that has no version', 'shadow', { packs: [] }],
  ] as const)('%s', async (_name, command, change) => {
    const found = await withRecords((records) => {
      const last = records.findLast((one) => one.kind === 'rules' && one.command === command)
      return records.map((one) => {
        if (one !== last || one.kind !== 'rules') return one
        const state = { ...one.state, ...change }
        const ruleSet = sha256Hex(JSON.stringify(ruleSetOf(state)))
        return { ...one, state: { ...state, ruleSet } }
      })
    })
    const isFound = ['LEDGER_RECORD_DIFFERS', 'LEDGER_RECORD_IMPOSSIBLE'] as const
    expect(isFound.some((code) => found.has(code))).toBe(true)
  })

  test('a resettlement of what was taken back for itself', async () => {
    const found = await withRecords((records) => {
      const half = records.find((one) => one.kind === 'reversal' && one.request === undefined)
      const request = {
        ...askedBy(half?.kind === 'reversal' ? half.hospital : ''),
        operation: 'reverse' as const,
      }
      return records.map((one) => (one === half ? { ...one, request } : one))
    })
    expect(found).toContain('LEDGER_RECORD_IMPOSSIBLE')
  })

  test('contents of which no command follows', async () => {
    const found = await withRecords((records) =>
      records.map((one): LedgerRecord => {
        const { seq, at, day } = one
        const isMeant = one.kind === 'rules' && one.command === 'publish'
        return isMeant ? { kind: 'audit', seq, at, day, entries: [] } : one
      }),
    )
    expect(found).toContain('LEDGER_RECORD_IMPOSSIBLE')
  })

  test('half a resettlement at the end', async () => {
    const found = await withRecords((records) => {
      const half = records.findIndex((one) => one.kind === 'reversal' && one.request === undefined)
      return records.slice(0, half + 1)
    })
    expect(found).toContain('LEDGER_RECORD_IMPOSSIBLE')
  })

  test('lines sent again that are of another stay, hospital or number', async () => {
    const isAgain = (one: LedgerRecord) =>
      one.kind === 'lines' && one.added.length + one.withdrawn.length === 0
    for (const [change, code] of [
      [{ stay: 'V2' }, 'LEDGER_RECORD_DIFFERS'],
      [{ hospital: 'H2' }, 'LEDGER_RECORD_DIFFERS'],
      [{ reply: { stay: 'Z1', added: 0, repeated: 1, waiting: 9 } }, 'LEDGER_RECORD_DIFFERS'],
      [{ stay: 'nowhere' }, 'LEDGER_RECORD_IMPOSSIBLE'],
    ] as const) {
      const found = await withRecords((records) =>
        records.map((one) => (isAgain(one) ? { ...one, ...change } : one)),
      )
      expect(found).toContain(code)
    }
  })

  test('a settlement under semantics that this program does not have', async () => {
    const found = await withRecords((records) =>
      records.map((one) => (one.kind === 'settlement' ? { ...one, semantics: 99 } : one)),
    )
    expect(found).toContain('LEDGER_SEMANTICS_UNKNOWN')
  })
})

describe('the tables', () => {
  test('a row of other bytes, without its row, with a row more', async () => {
    const other = await withRows(
      lastOf('balance', (row) => {
        const balance = decodeRow('balance', bytesOf(row))
        return { ...row, value: encodeRow('balance', { ...balance, cost: balance.cost + 1 }) }
      }),
    )
    expect(other).toContain('LEDGER_ROW_DIFFERS')
    expect(await withRows(lastOf('stay', () => undefined))).toContain('LEDGER_ROW_MISSING')
    const more: Change = (puts) => [
      ...puts,
      ...puts.filter(({ table }) => table === 'unique').map((put) => ({ ...put, key: 'more' })),
    ]
    expect(await withRows(more)).toContain('LEDGER_ROW_EXTRA')
  })

  test('a day on which more comes in than goes out does not balance', async () => {
    const found = await withRows(
      lastOf('balance', (row) => {
        const balance = decodeRow('balance', bytesOf(row))
        return { ...row, value: encodeRow('balance', { ...balance, cost: balance.cost + 1 }) }
      }),
    )
    expect(found).toContain('LEDGER_NOT_BALANCED')
  })

  test('content that is not what its hash says', async () => {
    const found = await withRows((puts) => {
      const rules = puts.find(({ table }) => table === 'content')
      return puts.map((put) => (put === rules ? bent(put) : put))
    })
    expect(found).toContain('LEDGER_CONTENT_DIFFERS')
  })

  test('a head that is not the end of the journal', async () => {
    const head = { ...headOf(store), seq: 1 }
    const found = await withRows((puts) =>
      puts.map((put) => (put.key === HEAD_KEY ? { ...put, value: encode(head) } : put)),
    )
    expect(found).toContain('LEDGER_HEAD_DIFFERS')
  })
})
