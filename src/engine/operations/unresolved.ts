import { assert } from '../../assert.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import { allowOnly, type Answer, type TakenRequest, type Turn } from '../turn.ts'

/** unresolved: prepared settlements past their time, the hospital's, or for an operator all. `committed`: seqs in table `prepared`. */
export function unresolved(
  turn: Turn,
  { hospital, body }: TakenRequest,
  committed: Iterable<number>,
): Answer {
  allowOnly(body, [])
  const seqs = new Set(committed)
  for (const seq of turn.rows.keysOf('prepared')) seqs.add(Number(seq))
  const settlements = [...seqs]
    .toSorted((a, b) => a - b)
    .flatMap((seq) => {
      const row = turn.rows.get('prepared', seq)
      if (row === undefined || turn.at - row.at <= turn.settings.preparedMs) return []
      if (hospital !== '' && row.hospital !== hospital) return []
      const record = turn.rows.record(seq)
      assert(record.kind === 'prepared', 'table prepared names prepared settlements')
      const { at, person, stay } = record
      return [{ settlement: settlementId(seq), hospital: row.hospital, at, person, stay }]
    })
  return { settlements }
}
