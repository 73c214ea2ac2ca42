import { availableParallelism } from 'node:os'
import type { Evaluator } from '../engine/evaluator-port.ts'
import { automaticWorkers } from './automatic-workers.ts'
import { BatchThreads } from './batch-threads.ts'
import { faultPlan } from './fault.ts'
import { POOL_DEFAULTS, type PoolOptions } from './pool-options.ts'
import { SharedContents } from './shared-contents.ts'
import { SplitPool } from './split-pool.ts'
import { workerFile } from './worker-file.ts'

/** Worker threads that evaluate bills; undefined where none are wanted, or none would help: then the engine evaluates itself. */
export function openPool(options: PoolOptions): Evaluator | undefined {
  const { content, faults = [], onError = () => undefined } = options
  const workers =
    options.workers === 'auto' ? automaticWorkers(availableParallelism()) : options.workers
  if (workers === 0) return undefined
  const settings = { ...POOL_DEFAULTS, ...options }
  const thread = {
    filename: workerFile(),
    memoryMb: settings.memoryMb,
    ...(faults.length > 0 && { data: faultPlan(faults) }),
    onError,
  }
  return new SplitPool({
    threads: new BatchThreads(workers, thread),
    workers,
    contents: new SharedContents(content),
    batchMax: settings.batchMax,
    batchWaitTurns: settings.batchWaitTurns,
    timeBudgetMs: settings.timeBudgetMs,
    onError,
  })
}
