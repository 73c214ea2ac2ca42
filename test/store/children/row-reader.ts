/**
 * `row-reader.js`: opens the ledger of each folder named on standard input, as after a power loss. Prints `found CODE` when something is
 * wrong with it, otherwise the digest of its rows.
 */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { checkStore } from '../../../src/store/check-store.ts'
import { openLedgerStore } from '../../../src/store/lmdb-store.ts'
import { rowsDigest } from '../rows-digest.ts'

writeSync(1, 'ready\n')
for await (const folder of createInterface({ input: process.stdin })) {
  writeSync(1, `${await read(folder)}\n`)
}

async function read(folder: string): Promise<string> {
  const opened = await openLedgerStore(folder, { checkWholeFile: true })
  if (!opened.ok) return `found ${opened.problems[0]?.code}`
  try {
    for (const step of checkStore(opened.value)) {
      if (step.kind === 'problem') return `found ${step.problem.code}`
    }
    return rowsDigest(opened.value)
  } finally {
    await opened.value.close()
  }
}
