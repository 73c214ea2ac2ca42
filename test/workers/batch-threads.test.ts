import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { BatchThreads } from '../../src/workers/batch-threads.ts'
import type { BarredPack, SplitBatch } from '../../src/workers/split-batch.ts'

const folder = mkdtempSync(join(tmpdir(), 'qingfen-threads-'))
afterAll(() => rmSync(folder, { recursive: true }))

const FILE = join(folder, 'worker.mjs')
/** Gives back what it is sent; ends its thread where a pack is barred. */
const CODE = `
  export default ({ jobs, barred }) => (barred.length > 0 ? process.exit(1) : jobs)
`
beforeEach(() => writeFileSync(FILE, CODE))

function batchOf(barred: readonly BarredPack[] = []): SplitBatch {
  return { jobs: new ArrayBuffer(8), contents: [], progress: new SharedArrayBuffer(8), barred }
}

const DEADLY = batchOf.bind(undefined, [['any', 'died']])

test('a thread that cannot load its code says so to the batch, and the next one tries again', async () => {
  const errors: unknown[] = []
  const threads = new BatchThreads(1, { filename: FILE, onError: (error) => errors.push(error) })
  const { signal } = new AbortController()
  expect((await threads.run(batchOf(), signal)).byteLength).toBe(8)
  await expect(threads.run(DEADLY(), signal)).rejects.toThrow('exited')
  rmSync(FILE)
  for (let nth = 0; nth < 2; nth += 1) {
    await expect(threads.run(batchOf(), signal)).rejects.toMatchObject({
      code: 'ERR_MODULE_NOT_FOUND',
    })
  }
  writeFileSync(FILE, CODE)
  expect((await threads.run(batchOf(), signal)).byteLength).toBe(8)
  await threads.destroy()
  expect(errors).toEqual([])
})

test('a thread is used again when it has answered, and given up when it was stopped', async () => {
  const threads = new BatchThreads(1, { filename: FILE, onError: () => undefined })
  writeFileSync(FILE, 'export default () => { for (;;); }')
  const stop = new AbortController()
  const run = threads.run(batchOf(), stop.signal)
  stop.abort()
  await expect(run).rejects.toThrow('aborted')
  writeFileSync(FILE, 'let count = 0\nexport default () => new ArrayBuffer((count += 1))')
  const { signal } = new AbortController()
  const sizes = []
  for (let nth = 0; nth < 3; nth += 1) {
    sizes.push((await threads.run(batchOf(), signal)).byteLength)
  }
  expect(sizes).toEqual([1, 2, 3])
  await threads.destroy()
})
