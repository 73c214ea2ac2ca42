import type { Store } from '../../engine/ports.ts'
import { recordsOf, StoreRows } from '../../engine/store-rows.ts'
import type { LedgerRecord } from '../../ledger/record.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { printInBlocks, type Terminal } from '../terminal.ts'
import {
  exportLines,
  type ExportFilter,
  type ExportFormat,
  type ExportTable,
} from './export-tables.ts'
import { withLedger, type LedgerOptions } from './with-ledger.ts'

export interface ExportOptions extends LedgerOptions, ExportFilter {
  readonly what: ExportTable
  readonly format: ExportFormat
}

/** `qingfen ledger export`: rows of the whole journal, written as they are read. */
export async function exportCommand(options: ExportOptions, terminal: Terminal): Promise<ExitCode> {
  return withLedger(options, terminal, async (store) => {
    const source = { records: recordsIn(store), rows: new StoreRows(store) }
    await printInBlocks(exportLines(source, options.what, options.format, options), terminal)
    return EXIT.ok
  })
}

function* recordsIn(store: Store): Generator<LedgerRecord> {
  for (const { value } of store.range('journal')) yield* recordsOf(value)
}
