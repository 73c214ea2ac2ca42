import type { Topic } from '../protocol/frames/operations.ts'
import type {
  DayTotals,
  FoundSettlement,
  Posted,
  QuoteAnswer,
  ReverseAnswer,
  SettleAnswer,
  SplitAnswer,
  UnresolvedSettlement,
} from './answers.ts'

/** A bill document or a national message; amounts are text in yuan, such as '300.00'. */
export type Bill = Readonly<Record<string, unknown>>

export interface QuoteBody {
  readonly bill: Bill
  /** Packs to leave out. */
  readonly without?: readonly string[]
}

export interface SettleBody extends QuoteBody {
  /** What the patient was shown, yuan as text; any difference is QUOTE_CHANGED with the new split. */
  readonly expect?: {
    readonly patient?: string
    readonly payers?: Readonly<Record<string, string>>
  }
  /** When it stops being worth doing, milliseconds since 1970-01-01 by the server's clock. */
  readonly notAfter?: number
  readonly invoice?: string
}

export interface ResettleBody extends Omit<SettleBody, 'without'> {
  readonly settlement: string
}

export type FindBody =
  | { readonly requestId: string }
  | { readonly settlement: string }
  | { readonly person: string; readonly day: string | number }

interface Named {
  readonly settlement: string
}

interface NamedWithReason extends Named {
  readonly reason?: string
}

/** Operations of a terminal: what is asked for, and what is answered. */
export interface TerminalOperations {
  readonly quote: readonly [QuoteBody, QuoteAnswer]
  readonly settle: readonly [SettleBody, SettleAnswer]
  readonly prepare: readonly [SettleBody, SplitAnswer<'prepared'>]
  readonly confirm: readonly [
    Named & { readonly platform: { readonly setlinfo: Readonly<Record<string, unknown>> } },
    SplitAnswer<'settled'>,
  ]
  readonly cancel: readonly [NamedWithReason, Posted<'cancelled'>]
  readonly reverse: readonly [NamedWithReason, ReverseAnswer]
  readonly resettle: readonly [ResettleBody, SettleAnswer]
  readonly 'lines.add': readonly [
    { readonly stay: string; readonly lines: readonly Readonly<Record<string, unknown>>[] },
    Readonly<Record<'added' | 'repeated' | 'waiting', number>> & { readonly stay: string },
  ]
  readonly 'lines.withdraw': readonly [
    { readonly stay: string; readonly ids: readonly string[] },
    Readonly<Record<'withdrawn' | 'waiting', number>> & { readonly stay: string },
  ]
  readonly find: readonly [FindBody, { readonly settlements: readonly FoundSettlement[] }]
  readonly dayTotals: readonly [{ readonly day: string | number }, DayTotals]
  readonly unresolved: readonly [
    Readonly<Record<string, never>>,
    { readonly settlements: readonly UnresolvedSettlement[] },
  ]
  readonly explain: readonly [
    Named,
    Named & { readonly sentences: readonly { readonly zh: string; readonly en: string }[] },
  ]
  readonly subscribe: readonly [
    { readonly topics: readonly Topic[] },
    { readonly topics: readonly Topic[] },
  ]
  readonly ping: readonly [Readonly<Record<string, never>>, { readonly at: number }]
}

export type TerminalOperation = keyof TerminalOperations
export type BodyOf<Op extends TerminalOperation> = TerminalOperations[Op][0]
export type AnswerOf<Op extends TerminalOperation> = TerminalOperations[Op][1]

/** Operations that write: their id belongs to their content for ever. */
export const WRITING: ReadonlySet<TerminalOperation> = new Set([
  'settle',
  'prepare',
  'confirm',
  'cancel',
  'lines.add',
  'lines.withdraw',
  'reverse',
  'resettle',
])

/** Operations that take `notAfter`. */
export const EXPIRING: ReadonlySet<TerminalOperation> = new Set(['settle', 'prepare', 'resettle'])
