/** One core is the writer's and one is left to the network and the disk; beyond a few workers the writer is what limits. */
const CORES_NOT_FOR_WORKERS = 1
const WORKERS_MAX = 8
/** With fewer cores sending a bill to a worker costs the writer more than it gains. */
const CORES_MIN = 3

/** Workers for so many cores; 0: bills are evaluated where they are settled. Measured by `bench/load/pool.bench.ts`. */
export function automaticWorkers(cores: number): number {
  if (cores < CORES_MIN) return 0
  return Math.min(cores - CORES_NOT_FOR_WORKERS, WORKERS_MAX)
}
