import { isWorkerThread, move, workerData } from 'piscina'
import type { FaultPlan } from './fault.ts'
import { JobRunner } from './job-runner.ts'
import type { SplitBatch } from './split-batch.ts'

/** What the thread was started with. */
const plan = isWorkerThread ? (workerData as FaultPlan | undefined) : undefined
const runner = new JobRunner(plan)

/** Entry of a worker thread: called by the pool with each batch. */
export default function runBatch(batch: SplitBatch): unknown {
  return move(runner.run(batch))
}
