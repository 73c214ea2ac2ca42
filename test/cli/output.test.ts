import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { builtProgram } from '../built-program.ts'
import { freshFolder, given } from '../store/places.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'

const QINGFEN = builtProgram('src/cli/main')

it.runIf(existsSync('/dev/full'))('an output that could not be written is no success', async () => {
  const ledger = freshFolder()
  await given(await openLedgerStore(ledger)).close()
  const full = openSync('/dev/full', 'w')
  const runs = [
    ['ledger', 'verify', ledger],
    ['ledger', 'export', ledger, '--format', 'csv'],
    ['pack', 'new'],
  ].map((args) =>
    spawnSync(process.execPath, [QINGFEN, ...args], { stdio: ['ignore', full, 'pipe'] }),
  )
  closeSync(full)
  rmSync(ledger, { recursive: true })
  for (const { status, stderr } of runs) {
    expect(status).toBe(1)
    expect(String(stderr).match(/CLI_FILE_UNWRITABLE/g)).toHaveLength(1)
    expect(String(stderr)).toContain('ENOSPC')
  }
})
