import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { assert } from '../assert.ts'

/**
 * The file a worker thread runs. Node 20 does not run TypeScript and a thread inherits no loader from a test runner, so it is always
 * the built one: beside this file in `dist`, and from the sources (tests) that of the build, which `npm test` makes first
 * (scripts/ready.mjs). Who runs single tests after changing what a worker does builds before: `npm run build`.
 */
export function workerFile(name = 'split-worker'): string {
  const built = import.meta.url.endsWith('.ts') ? '../../dist/src/workers/' : './'
  const file = fileURLToPath(new URL(`${built}${name}.js`, import.meta.url))
  assert(existsSync(file), 'the workers are built (npm run build)')
  return file
}
