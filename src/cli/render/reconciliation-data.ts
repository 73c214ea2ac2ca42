import type { Fen } from '../../money/fen.ts'
import { KINDS } from '../../reconciliation/kinds.ts'
import type { ReconciliationView, ShownDiscrepancy } from './reconciliation-view.ts'

/**
 * The comparison for programs, as lines of one JSON text; amounts in whole fen. Piece by piece: all differences of two large
 * books are more than one text can hold.
 */
export function* reconciliationJson(view: ReconciliationView): Generator<string> {
  const head = JSON.stringify({ ...headOf(view), discrepancies: [] }, null, 2)
  if (view.discrepancies.length === 0) {
    yield head
    return
  }
  yield head.slice(0, head.lastIndexOf(']'))
  const last = view.discrepancies.length - 1
  for (const [index, item] of view.discrepancies.entries()) {
    const text = JSON.stringify(discrepancyData(item, view), null, 2)
    yield `    ${text.replaceAll('\n', '\n    ')}${index === last ? '' : ','}`
  }
  yield '  ]\n}'
}

function headOf(view: ReconciliationView): object {
  const { difference, discrepancies, format, names, ours, theirs } = view
  return {
    level: discrepancies.length === 0,
    format,
    unit: 'fen',
    ours: { file: names.ours, rows: ours.rows, ...named(ours.amounts, view) },
    theirs: { file: names.theirs, rows: theirs.rows, ...named(theirs.amounts, view) },
    difference: named(difference, view),
  }
}

function discrepancyData(
  { effect, kind, rows, where }: ShownDiscrepancy,
  view: ReconciliationView,
): object {
  return {
    kind,
    ...KINDS[kind],
    where: Object.fromEntries(
      where.map((place) => [place.field, { ours: place.ours, theirs: place.theirs }]),
    ),
    effect: named(effect, view),
    ours: rows.ours,
    theirs: rows.theirs,
  }
}

function named(amounts: readonly Fen[], view: ReconciliationView): object {
  return Object.fromEntries(view.amounts.map(({ name }, index) => [name, amounts[index] ?? 0]))
}
