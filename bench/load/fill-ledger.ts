import { assert } from '../../src/assert.ts'
import { commitPuts } from '../../src/engine/commit-puts.ts'
import type { Engine } from '../../src/engine/open-engine.ts'
import { OverlayRows } from '../../src/engine/overlay-rows.ts'
import type { Store } from '../../src/engine/ports.ts'
import { headOf, StoreRows } from '../../src/engine/store-rows.ts'
import type { SplitRecord } from '../../src/ledger/record.ts'
import { rowKey } from '../../src/ledger/rows.ts'
import { seqOf } from '../../src/ledger/settlement-id.ts'
import { personId, type CityWorkload } from './city-workload.ts'
import { Transplant } from './transplant.ts'
import { assertAnswered } from './measures.ts'

/** Settlements of those whom all others are like: [person][visit]. */
export type Templates = readonly (readonly Transplant[])[]

const COMMIT_RECORDS = 256
/** Prime, so that those who come one after the other are far apart. */
const STRIDE = 7_919

/** Settles `visits` bills of each of the first `workload.kinds` persons, in turn, and makes templates of them. */
export async function templatesOf(
  engine: Engine,
  store: Store,
  { visitAt, kinds }: CityWorkload,
  visits: number,
): Promise<Templates> {
  const seqs: number[][] = Array.from({ length: kinds }, () => [])
  for (let visit = 0; visit < visits; visit += 1) {
    const settled = Array.from({ length: kinds }, async (_, person) => {
      const requestId = `T${person}-${visit}`
      const { hospital, bill } = visitAt(person, visit, `T${visit}X${person}`)
      const reply = await engine.submit({
        operation: 'settle',
        hospital,
        requestId,
        body: { bill },
      })
      assertAnswered(reply)
      const seq = seqOf(String(reply.answer['settlement']))
      assert(seq !== undefined, 'a settlement has a number')
      seqs[person]?.push(seq)
    })
    await Promise.all(settled)
  }
  const rows = new StoreRows(store)
  return seqs.map((visited) =>
    visited.map((seq) => new Transplant(rows.record(seq) as SplitRecord)),
  )
}

export interface Filling {
  readonly persons: number
  /** Visits in turn: everybody's first, then everybody's second. */
  readonly from: number
  readonly to: number
}

/** Writes settlements without adjudicating them, through the fold and the commit of the ledger. The engine must be closed. */
export async function fillLedger(
  store: Store,
  templates: Templates,
  { persons, from, to }: Filling,
): Promise<void> {
  const committed = new StoreRows(store)
  let head = headOf(store)
  for (let start = from; start < to; start += COMMIT_RECORDS) {
    const batch = new OverlayRows(committed)
    for (let index = start; index < Math.min(start + COMMIT_RECORDS, to); index += 1) {
      const number = ((index % persons) * STRIDE) % persons
      // Those who served as templates have had their visits.
      if (number < templates.length) continue
      const seq = head.seq + batch.records.length + 1
      batch.append(
        settlementOf(batch, templates, { number, visit: Math.floor(index / persons), seq }),
      )
    }
    if (batch.records.length === 0) continue
    const commit = commitPuts(batch, head)
    await store.commit(commit.puts)
    committed.refresh(batch.changes())
    ;({ head } = commit)
  }
}

function settlementOf(
  rows: OverlayRows,
  templates: Templates,
  place: { readonly number: number; readonly visit: number; readonly seq: number },
): SplitRecord {
  const { number, visit, seq } = place
  const template = templates[number % templates.length]?.[visit]
  assert(template !== undefined, 'everybody is like somebody')
  const person = personId(number)
  const register = rows.get('registry', rowKey('person', person))?.version
  assert(register !== undefined, 'everybody is registered')
  const id = `F${visit}X${number}`
  return template.to({ seq, person, stay: id, register, id })
}
