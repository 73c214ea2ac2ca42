/**
 * `flip-verifier.js FOLDER FILE`: for each line `OFFSET BIT` on standard input a copy of the ledger FILE with that bit flipped is
 * verified in a folder of its own below FOLDER. Prints `found CODE`, `free` when nothing was found and every key and value is that of
 * the original, or `MISSED`.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { verifyLedger } from '../../../../src/engine/verification/verify-ledger.ts'
import { checkStore } from '../../../../src/store/check-store.ts'
import { openLedgerStore } from '../../../../src/store/lmdb-store.ts'
import type { SealedStore } from '../../../../src/store/sealed-store.ts'
import { rowsDigest } from '../../../store/rows-digest.ts'

/** Of so many copies that read as the original one is verified. */
const VERIFIED_EACH = 10

let free = 0
const [folder = '', file = ''] = process.argv.slice(2)
const original = readFileSync(file)
const expected = await withCopy(original, 'original', (store) => Promise.resolve(rowsDigest(store)))
writeSync(1, expected.startsWith('found') ? `${expected}\n` : 'ready\n')

for await (const line of createInterface({ input: process.stdin })) {
  const [offset = 0, bit = 0] = line.split(' ').map(Number)
  const bytes = Buffer.from(original)
  bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit)
  const outcome = await withCopy(bytes, `${offset}-${bit}`, verdict)
  writeSync(1, `${outcome}\n`)
}

async function withCopy(
  bytes: Uint8Array,
  name: string,
  use: (store: SealedStore) => Promise<string>,
): Promise<string> {
  const directory = join(folder, name)
  mkdirSync(directory)
  writeFileSync(join(directory, 'data.mdb'), bytes)
  const opened = await openLedgerStore(directory, { checkWholeFile: true, mapSizeBytes: 2 ** 26 })
  if (!opened.ok) {
    rmSync(directory, { recursive: true })
    return `found ${opened.problems[0]?.code}`
  }
  const outcome = await use(opened.value)
  await opened.value.close()
  rmSync(directory, { recursive: true })
  return outcome
}

async function verdict(store: SealedStore): Promise<string> {
  for (const step of checkStore(store)) {
    if (step.kind === 'problem') return `found ${step.problem.code}`
  }
  const isFree = rowsDigest(store) === expected
  free += isFree ? 1 : 0
  // What reads the same verifies the same; now and then that is shown too.
  if (isFree && free % VERIFIED_EACH !== 0) return 'free'
  const { findings } = await verifyLedger(store)
  const [first] = findings.first
  if (first !== undefined) return `found ${first.problem.code}`
  return isFree ? 'free' : 'MISSED'
}
