/** A thread that adjudicates stored settlements again; see `ThreadedSplitCheck`. */
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../assert.ts'
import { Findings } from '../engine/verification/finding.ts'
import { SplitBatchCheck } from '../engine/verification/split-batch.ts'
import type { VerifyMessage, VerifyWorkerData } from './threaded-split-check.ts'

const { done, index } = workerData as VerifyWorkerData
const contents = new Map<string, SharedArrayBuffer>()
const findings = new Findings()
const check = new SplitBatchCheck((hash) => {
  const bytes = contents.get(hash)
  assert(bytes !== undefined, `the content ${hash} came with the batch`)
  return new Uint8Array(bytes)
}, findings)

parentPort?.on('message', (message: VerifyMessage) => {
  if (message.kind === 'end') {
    parentPort?.postMessage(findings.summary())
    parentPort?.close()
    return
  }
  for (const [hash, bytes] of message.contents) contents.set(hash, bytes)
  check.check(message.batch)
  Atomics.add(done, index, 1)
})
