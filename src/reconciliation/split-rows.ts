import type { SplitAnswer } from '../ledger/answer.ts'
import { fen } from '../money/fen.ts'
import { condensed, type BookRow } from './book-row.ts'

/** What every row of one settlement has. */
export type Occasion = Omit<BookRow, 'line' | 'payer' | 'payee' | 'amount'>

export interface Payees {
  /** Line id → `supplier:ID`; other lines are the hospital's. */
  readonly suppliers: ReadonlyMap<string, string>
  /** A supplement pays the patient what the patient had paid, and nothing else. */
  readonly supplement: boolean
}

/** The rows of one split: each line by payer, then what is paid beside the bill. */
export function splitRows(
  { payers, lines, fixed }: Pick<SplitAnswer, 'payers' | 'lines' | 'fixed'>,
  occasion: Occasion,
  { suppliers, supplement }: Payees,
): readonly BookRow[] {
  const row = (line: string, payer: string, payee: string, amount: number): BookRow => {
    return { ...occasion, line, payer, payee, amount: fen(amount) }
  }
  const accounts = payers.map(({ id, kind }) => payerAccount(kind, id, occasion.hospital))
  const perLine = lines.flatMap(([line, , patient, paid]) => {
    const provider = suppliers.get(line) ?? `provider:${occasion.hospital}`
    const payee = supplement ? 'patient' : provider
    const byPayers = accounts.map((account, index) => row(line, account, payee, paid[index] ?? 0))
    return supplement ? byPayers : [...byPayers, row(line, 'patient', payee, patient)]
  })
  const beside = fixed.map(({ payerId, amount }) => row('', `payer:${payerId}`, 'patient', amount))
  return condensed([...perLine, ...beside])
}

export function payerAccount(kind: string, id: string, hospital: string): string {
  return kind === 'hospital' ? `hospital:${hospital}` : `payer:${id}`
}
