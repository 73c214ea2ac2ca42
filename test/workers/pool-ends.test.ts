import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { builtProgram } from '../built-program.ts'

/** Settles a few bills with and without workers, checks its own answers and closes the engines; built like the workers. */
const BENCH = builtProgram('bench/load/pool.bench')

test('a process that closes its engine ends: no thread, timer or handle is left', () => {
  const options = ['--bills=80', '--rounds=1', '--workers=1', '--inflight=16', '--lines=3']
  const printed = execFileSync(process.execPath, [BENCH, ...options], {
    encoding: 'utf8',
    timeout: 100_000,
  })
  expect(printed).toMatch(/^1 worker +rate × /m)
})
