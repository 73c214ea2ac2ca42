import { createRequire } from 'node:module'
import type * as lmdb from 'lmdb' with { 'resolution-mode': 'require' }

/** `open` of lmdb. Its types for `import` are not valid (TS1203), those for `require` are. */
export const openEnvironment = (createRequire(import.meta.url)('lmdb') as typeof lmdb).open

export type { Database, RangeOptions, RootDatabase } from 'lmdb' with {
  'resolution-mode': 'require',
}
