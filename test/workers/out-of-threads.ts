import { syncBuiltinESMExports } from 'node:module'
import workerThreads from 'node:worker_threads'

const { Worker } = workerThreads

/** What node throws where the system has no thread for a worker. */
export const NO_THREAD = Object.assign(new Error('EAGAIN'), { code: 'ERR_WORKER_INIT_FAILED' })

/** As on a system that has no thread for another worker, once it has given `left`. */
export async function outOfThreads(during: () => Promise<void>, left = 0): Promise<void> {
  let given = 0
  setWorker(function (...start: ConstructorParameters<typeof Worker>) {
    if (given === left) throw NO_THREAD
    given += 1
    return new Worker(...start)
  })
  try {
    await during()
  } finally {
    setWorker(Worker)
  }
}

function setWorker(value: unknown): void {
  Reflect.set(workerThreads, 'Worker', value)
  syncBuiltinESMExports()
}
