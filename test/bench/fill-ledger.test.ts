import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { cityWorkload } from '../../bench/load/city-workload.ts'
import { fillLedger, templatesOf } from '../../bench/load/fill-ledger.ts'
import { openEngine } from '../../src/engine/open-engine.ts'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { accepted } from '../conformance/rules.ts'

test('a ledger filled without adjudication is one that adjudicating would make, digests apart', async () => {
  const packs = fileURLToPath(new URL('../../bench/micro/packs', import.meta.url))
  const workload = cityWorkload({ packs, lines: 20, persons: 60, bills: 160 })
  const store = openMemoryStore()
  const settings = { dateToleranceDays: 100_000 }
  const opened = openEngine({ store, clock: () => workload.now, settings })
  const engine = accepted(await opened, 'open')
  await workload.install(engine)
  const templates = await templatesOf(engine, store, workload, 2)
  await engine.close()
  await fillLedger(store, templates, { persons: 60, from: 0, to: 120 })
  const { splits, findings } = await verifyLedger(store, {})
  expect(splits).toBe(120)
  // The explanation names the person, and only adjudicating makes one.
  expect(findings.total).toBe(120 - 2 * workload.kinds)
  const fields = findings.first.map(({ problem }) => problem.details?.['field'])
  expect(new Set(fields)).toEqual(new Set(['digest']))
})
