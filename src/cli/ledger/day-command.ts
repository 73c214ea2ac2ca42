import { formatEpochDay, parseEpochDay } from '../../catalog/epoch-day.ts'
import { assert } from '../../assert.ts'
import type { Engine } from '../../engine/open-engine.ts'
import { StoreRows } from '../../engine/store-rows.ts'
import type { RowSums } from '../../ledger/balances.ts'
import { rowKey } from '../../ledger/rows.ts'
import type { SealedStore } from '../../store/sealed-store.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { refusedWith, type OutputOptions } from '../refused.ts'
import { dayTotalsText } from '../render/day-totals-text.ts'
import type { Terminal } from '../terminal.ts'
import { withEngine } from './with-engine.ts'
import { existingLedger } from './with-ledger.ts'

export interface DayOptions extends OutputOptions {
  readonly directory: string
  /** 2026-11-25. */
  readonly day: string
  /** Whether the day is closed first. */
  readonly isClosing: boolean
}

/** What one institution's accounting day comes to (national 3201); fen, signed. */
export interface HospitalDay extends Omit<RowSums, 'packages'> {
  readonly hospital: string
}

/** `qingfen ledger day`: what each institution's accounting day comes to; with `--close` nothing is posted in it any more. */
export async function dayCommand(options: DayOptions, terminal: Terminal): Promise<ExitCode> {
  const { directory, day, isClosing, json, lang } = options
  const there = existingLedger(directory)
  if (!there.ok) return refusedWith(there.problems, options, terminal)
  return withEngine(directory, options, terminal, async ({ engine, store }) => {
    if (isClosing) {
      const reply = await close(engine, day)
      if (reply.kind === 'refused') return refusedWith(reply.problems, options, terminal)
    }
    const { closed } = engine
    const isClosed = closed !== null && (parseEpochDay(day) ?? 0) <= closed
    const hospitals = hospitalDays(store, day)
    const until = closed === null ? null : formatEpochDay(closed)
    terminal.print(
      json
        ? JSON.stringify({ day, closed: isClosed, closedUntil: until, hospitals }, null, 2)
        : dayTotalsText({ day, isClosed, hospitals }, lang, terminal.columns),
    )
    return EXIT.ok
  })
}

/** Closing a day again answers as the first time. */
async function close(engine: Engine, day: string) {
  const requestId = `close-day-${day}`
  return engine.submit({ operation: 'closeDay', hospital: '', requestId, body: { day } })
}

function hospitalDays(store: SealedStore, day: string): readonly HospitalDay[] {
  const rows = new StoreRows(store)
  const range = { from: rowKey(day, ''), to: rowKey(day, '\u{10FFFF}') }
  return [...store.range('balance', range)].map(({ key }) => {
    const row = rows.get('balance', key)
    assert(row !== undefined, 'a row that is listed is there')
    const [, hospital = ''] = String(key).split('\u0000')
    return {
      hospital,
      rows: row.rows,
      cost: row.cost,
      fund: row.fund,
      account: row.account,
      cash: row.cash,
    }
  })
}
