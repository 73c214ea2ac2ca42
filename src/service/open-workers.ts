import { availableParallelism } from 'node:os'
import type { Evaluator } from '../engine/evaluator-port.ts'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import { codeOf } from '../store/disk-space.ts'
import { automaticWorkers } from '../workers/automatic-workers.ts'
import { openPool } from '../workers/open-pool.ts'
import type { PoolOptions } from '../workers/pool-options.ts'

/** The pool that the settings ask for, if any. Refuses `CONFIG_VALUE_WRONG` where the system has not so many threads. */
export function openWorkers(options: PoolOptions): Result<Evaluator | undefined> {
  try {
    return success(openPool(options))
  } catch (error) {
    if (!(error instanceof Error) || codeOf(error) !== 'ERR_WORKER_INIT_FAILED') throw error
    const { workers } = options
    const wanted = workers === 'auto' ? automaticWorkers(availableParallelism()) : workers
    const expected = `0–${wanted - 1} (${error.message})`
    const details = { name: 'workers', value: String(workers), expected }
    return failure(problem('CONFIG_VALUE_WRONG', 'workers', details))
  }
}
