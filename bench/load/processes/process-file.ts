import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { assert } from '../../../src/assert.ts'

/** The built file of a process of the benchmarks: beside this one, or from the sources (tests) that of the build. */
export function processFile(name: string): string {
  const built = import.meta.url.endsWith('.ts') ? '../../../dist/bench/load/processes/' : './'
  const file = fileURLToPath(new URL(`${built}${name}.js`, import.meta.url))
  assert(existsSync(file), 'the benchmarks are built (npm run build)')
  return file
}

/** Folder of the packs of the benchmarks. */
export function packFolder(): string {
  const root = import.meta.url.endsWith('.ts') ? '../../../' : '../../../../'
  return fileURLToPath(new URL(`${root}bench/micro/packs`, import.meta.url))
}
