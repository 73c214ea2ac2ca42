/**
 * The ceiling of the engine: the bare group-commit loop over each store, writing what settlements write without adjudicating
 * any. `--holders=1000000` persons are there before; requests and stays are those of `--hospitals=200`; `--per-commit=16,64,256` settlements go into one commit; `--seconds=5`
 * for each; `--store=lmdb|memory`; `--directory` for a disk other than that of the temporary files.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { assert } from '../../src/assert.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import type { Store } from '../../src/engine/ports.ts'
import { PROVINCE, commitLoop, loadHolders, type LoopResult } from './store/commit-loop.ts'

const { values } = parseArgs({
  options: {
    holders: { type: 'string', default: String(PROVINCE.holders) },
    hospitals: { type: 'string', default: String(PROVINCE.hospitals) },
    'per-commit': { type: 'string', default: '16,64,256' },
    seconds: { type: 'string', default: '5' },
    store: { type: 'string', default: 'lmdb' },
    directory: { type: 'string', default: tmpdir() },
  },
})
const shape = {
  ...PROVINCE,
  holders: Number(values.holders),
  hospitals: Number(values.hospitals),
}
assert(Number.isSafeInteger(shape.holders) && shape.holders > 0, '--holders is a whole number')

async function openStore(folder: string): Promise<Store> {
  if (values.store === 'memory') return openMemoryStore()
  const opened = await openLedgerStore(join(folder, 'ledger'))
  assert(opened.ok, 'a new ledger opens')
  return opened.value
}

function quantile(sorted: readonly number[], share: number): string {
  return (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2)
}

function print(perCommit: number, result: LoopResult): void {
  const rate = (count: number) => Math.round(count / result.seconds).toLocaleString('en')
  const { latencies } = result
  process.stdout.write(
    `${String(perCommit).padStart(5)} a commit: ${rate(result.commits).padStart(6)} commits/s ` +
      `${rate(result.settlements).padStart(8)} settlements/s, p50 ${quantile(latencies, 0.5)} ms, ` +
      `p99 ${quantile(latencies, 0.99)} ms, main thread ${Math.round(result.mainBusy * 100)} % busy\n`,
  )
}

const folder = mkdtempSync(join(values.directory, 'qingfen-store-bench-'))
try {
  const store = await openStore(folder)
  const began = performance.now()
  await loadHolders(store, shape)
  process.stdout.write(
    `${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}; ${shape.holders.toLocaleString('en')} holders ` +
      `loaded in ${((performance.now() - began) / 1000).toFixed(1)} s\n`,
  )
  for (const perCommit of values['per-commit'].split(',').map(Number)) {
    const before = store.count('request')
    const result = await commitLoop(store, perCommit, Number(values.seconds), shape)
    assert(store.count('request') - before === result.settlements, 'every settlement is there')
    print(perCommit, result)
  }
  await store.close()
  if (values.store !== 'memory') {
    const { size } = statSync(join(folder, 'ledger', 'data.mdb'))
    process.stdout.write(`file: ${Math.round(size / 2 ** 20).toLocaleString('en')} MiB\n`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
