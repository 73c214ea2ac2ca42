import { sentences } from '../../adjudication/sentences.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { refusedWith } from '../refused.ts'
import type { Terminal } from '../terminal.ts'
import { historyText } from './history-text.ts'
import { settlementHistory, type SettlementHistory } from './settlement-history.ts'
import { withLedger, type LedgerOptions } from './with-ledger.ts'

export interface ShowOptions extends LedgerOptions {
  /** Id of the settlement. */
  readonly settlement: string
  readonly explain: boolean
}

/** `qingfen ledger show`: one settlement with everything that happened to it, made again from its record. */
export async function showLedgerCommand(
  options: ShowOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return withLedger(options, terminal, (store) => {
    const history = settlementHistory(store, options.settlement)
    if (!history.ok) return Promise.resolve(refusedWith(history.problems, options, terminal))
    const { columns } = terminal
    const { explain, json, lang: shown } = options
    terminal.print(
      json
        ? JSON.stringify(historyData(history.value, explain), null, 2)
        : historyText(history.value, { columns, shown, explain }),
    )
    return Promise.resolve(EXIT.ok)
  })
}

function historyData(history: SettlementHistory, explain: boolean): object {
  const { id, state, changedSince, split, steps, settlement } = history
  const { explanation, ...parts } = settlement
  return {
    settlement: id,
    state,
    changedSince,
    record: split,
    counters: parts.counters,
    history: steps.map(({ record: { seq, at, day, kind, request }, postings }) => ({
      seq,
      at,
      day,
      kind,
      ...(request !== undefined && { request }),
      postings,
    })),
    ...(explain && { explanation, sentences: sentences(settlement) }),
  }
}
