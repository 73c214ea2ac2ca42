import type { Fen } from '../../money/fen.ts'
import { KINDS } from '../../reconciliation/kinds.ts'
import type { ReconciliationView } from './reconciliation-view.ts'

/** The comparison for programs; amounts in whole fen. */
export function reconciliationData(view: ReconciliationView): object {
  const named = (amounts: readonly Fen[]) =>
    Object.fromEntries(view.amounts.map(({ name }, index) => [name, amounts[index] ?? 0]))
  const { difference, discrepancies, format, names, ours, theirs } = view
  return {
    level: discrepancies.length === 0,
    format,
    unit: 'fen',
    ours: { file: names.ours, rows: ours.rows, ...named(ours.amounts) },
    theirs: { file: names.theirs, rows: theirs.rows, ...named(theirs.amounts) },
    difference: named(difference),
    discrepancies: discrepancies.map(({ effect, kind, rows, where }) => ({
      kind,
      ...KINDS[kind],
      where: Object.fromEntries(
        where.map((place) => [place.field, { ours: place.ours, theirs: place.theirs }]),
      ),
      effect: named(effect),
      ours: rows.ours,
      theirs: rows.theirs,
    })),
  }
}
