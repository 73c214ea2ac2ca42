import { defineConfig } from 'vitest/config'

/** Only for taking golden settlements in; see `update.ts`. */
export default defineConfig({ test: { include: ['test/golden/update.ts'], testTimeout: 600_000 } })
