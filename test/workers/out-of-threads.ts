import workerThreads from 'node:worker_threads'

const { Worker } = workerThreads

/** What node throws where the system has no thread for a worker. */
export const NO_THREAD = Object.assign(new Error('EAGAIN'), { code: 'ERR_WORKER_INIT_FAILED' })

/** As on a system that has no thread for another worker. */
export async function outOfThreads(during: () => Promise<void>): Promise<void> {
  Reflect.set(workerThreads, 'Worker', function () {
    throw NO_THREAD
  })
  try {
    await during()
  } finally {
    Reflect.set(workerThreads, 'Worker', Worker)
  }
}
