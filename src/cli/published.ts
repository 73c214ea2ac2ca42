import type { Settlement } from '../adjudication/settlement.ts'
import { formatYuanGrouped, fen, subtractFen, type Fen } from '../money/fen.ts'
import { inline, type ShownLanguage } from './language.ts'
import { fit } from './render/columns.ts'
import type { Bilingual } from '../rules/pack.ts'

/** One amount of a published settlement, fen, and where the same amount stands in ours. */
export interface PublishedAmount {
  readonly title: Bilingual
  readonly amount: number
  readonly of: (settlement: Settlement) => Fen
}

export interface Comparison {
  readonly text: string
  /** Every published amount is reproduced to the fen. */
  readonly isReproduced: boolean
}

const TITLE_WIDTH = 44
const AMOUNT_WIDTH = 14

/** Published amounts beside ours: ✓, or the difference. */
export function compareWithPublished(
  settlement: Settlement,
  published: readonly PublishedAmount[],
  shown: ShownLanguage,
): Comparison {
  const rows = published.map(({ amount, of, title }) => {
    const difference = subtractFen(of(settlement), fen(amount))
    const verdict = difference === 0 ? '✓' : `✗ ${formatYuanGrouped(difference)}`
    const text = [
      `  ${fit(inline(title, shown), TITLE_WIDTH)}`,
      fit(formatYuanGrouped(fen(amount)), AMOUNT_WIDTH, 'right'),
      `  ${verdict}`,
    ].join('')
    return { text, isReproduced: difference === 0 }
  })
  return {
    text: rows.map(({ text }) => text).join('\n'),
    isReproduced: rows.every((row) => row.isReproduced),
  }
}

/** What one payer pays, by its id. */
export function paidBy(id: string): PublishedAmount['of'] {
  return ({ payers }) =>
    payers.reduce((sum, payer) => (payer.id === id ? fen(sum + payer.amount) : sum), fen(0))
}
